"""Shapes of sensing at the HTTP door, in and out."""
