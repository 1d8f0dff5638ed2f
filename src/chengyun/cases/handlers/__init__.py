"""What follows on a case's events: the people it concerns are told."""

from chengyun.cases.handlers.reporters import tell_reporters
from chengyun.cases.handlers.staff import tell_staff

__all__ = ["tell_reporters", "tell_staff"]
