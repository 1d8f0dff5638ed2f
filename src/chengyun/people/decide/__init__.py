"""What people may be, hold and prove: decided without a database, a clock or chance."""
