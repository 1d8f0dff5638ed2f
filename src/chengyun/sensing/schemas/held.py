"""Messages that are held, and what became of a message."""

from datetime import datetime
from uuid import UUID

from ninja import Schema


class HeldOut(Schema):
    """A message that could not be taken, with the beginning of it as text."""

    id: UUID
    first_at: datetime
    last_at: datetime
    times: int
    door: str
    protocol: str
    thing_code: str
    topic: str
    size: int
    reason: str
    detail: str
    state: str
    payload: str


class HeldsOut(Schema):
    """Held messages, the latest first."""

    items: list[HeldOut]
    next_cursor: str | None


class RedrivenOut(Schema):
    """What became of a message that was driven again."""

    id: UUID
    state: str
    stored: int
    duplicates: int
    reason: str
    detail: str


class PartRefusedOut(Schema):
    """A part that was not taken."""

    field: str
    reason: str
    code: str


class ArrivedOut(Schema):
    """What became of a message's readings; every one is in exactly one of these."""

    stored: int
    duplicates: int
    corrected: int
    late: int
    refused: list[PartRefusedOut]
