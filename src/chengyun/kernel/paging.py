"""Cursor paging: a cursor is the sort key of the last row seen, opaque to the caller."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import orjson

from chengyun.kernel.problems import FieldError, Invalid

LIMIT_DEFAULT = 50
LIMIT_MAX = 200


def encode(parts: Sequence[Any]) -> str:
    """A cursor from JSON-able sort key parts."""
    return base64.urlsafe_b64encode(orjson.dumps(list(parts))).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[Any]:
    """The sort key parts of a cursor.

    Raises:
        Invalid: the cursor was not made by `encode` or has another shape.
    """
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        parts = None
    if not isinstance(parts, list) or len(parts) != length:
        raise Invalid([FieldError("cursor", "is not a cursor of this list", "bad_cursor")])
    return parts


def clamp(limit: int | None) -> int:
    """A page size within bounds."""
    return LIMIT_DEFAULT if limit is None else max(1, min(LIMIT_MAX, limit))
