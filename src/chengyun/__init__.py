"""Chengyun 城运: software that runs a city: it sees, manages and prevents."""

__version__ = "0.1.0"
