"""What to send, when, how often and to whom next. Pure."""
