"""Typed shapes in and out of places; one file a subject, imported from there."""
