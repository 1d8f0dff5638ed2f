"""What is wrong with one field, as deciding code says it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """The field, the reason as the end of a sentence about it, and a stable code."""

    field: str
    reason: str
    code: str
