"""The doors and the small city of the cases' tests."""

from tests.cases.conftest import city, clock, desk, world

__all__ = ["city", "clock", "desk", "world"]
