"""Deciding without a database: what a reading is worth, and what is wrong with one."""
