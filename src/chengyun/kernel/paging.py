"""Cursor paging: a cursor is the sort key of the last row seen, opaque to the caller."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from chengyun.kernel.problems import FieldError, Invalid

LIMIT_DEFAULT = 50
LIMIT_MAX = 200
_LENGTH_MAX = 1_000


def encode(parts: Sequence[Any]) -> str:
    """A cursor from JSON-able sort key parts."""
    return base64.urlsafe_b64encode(orjson.dumps(list(parts))).decode().rstrip("=")


def decode(cursor: str, length: int, kinds: Sequence[Callable[[Any], Any]] = ()) -> list[Any]:
    """The sort key parts of a cursor.

    Args:
        kinds: what reads each part (`UUID`, `datetime.fromisoformat` …); a part it refuses makes
            the cursor a foreign one.

    Raises:
        Invalid: the cursor was not made by `encode` or has another shape.
    """
    try:
        if len(cursor) > _LENGTH_MAX:
            raise ValueError
        parts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(parts, list) or len(parts) != length:
            raise ValueError
        return [read(part) for read, part in zip(kinds, parts, strict=True)] if kinds else parts
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        reason = "is not a cursor of this list"
        raise Invalid([FieldError("cursor", reason, "bad_cursor")]) from error


def clamp(limit: int | None) -> int:
    """A page size within bounds."""
    return LIMIT_DEFAULT if limit is None else max(1, min(LIMIT_MAX, limit))
