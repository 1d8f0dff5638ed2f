"""Shapes of the API of rules."""
