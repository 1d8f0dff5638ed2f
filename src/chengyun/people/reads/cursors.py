"""Cursors of lists ordered by something and then by id."""

from datetime import datetime
from uuid import UUID

from chengyun.kernel import paging
from chengyun.kernel.problems import FieldError, Invalid


def _bad() -> Invalid:
    return Invalid([FieldError("cursor", "is not a cursor of this list", "bad_cursor")])


def numbered(cursor: str) -> tuple[int, UUID]:
    """The number and id a list went up to."""
    number, last = paging.decode(cursor, 2)
    try:
        return int(number), UUID(str(last))
    except (TypeError, ValueError):
        raise _bad() from None


def named(cursor: str) -> str:
    """The name a list went up to."""
    name = paging.decode(cursor, 1)[0]
    if not isinstance(name, str) or not name.isprintable():
        raise _bad()
    return name


def timed(cursor: str) -> tuple[datetime, UUID]:
    """The instant and id a list went down to."""
    instant, last = paging.decode(cursor, 2)
    try:
        at = datetime.fromisoformat(str(instant))
        if at.tzinfo is None:
            raise ValueError
        return at, UUID(str(last))
    except ValueError:
        raise _bad() from None
