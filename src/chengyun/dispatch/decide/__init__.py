"""Deciding who is responsible: pure functions over a duty list and the units that exist."""
