"""Deciding, without a database: conditions, windows, levels."""
