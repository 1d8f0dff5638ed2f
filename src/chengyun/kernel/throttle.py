"""Throttling of doors without a key: so many knocks a window and caller, counted in the database
so that every process counts together."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from chengyun.kernel.problems import TooMany

_COUNT = """
INSERT INTO kernel_throttlebucket AS b (key, "window", count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN b."window" = EXCLUDED."window" THEN b.count + 1 ELSE 1 END,
    "window" = EXCLUDED."window"
RETURNING count
"""


def knock(door: str, caller: str, *, limit: int, seconds: int, now: datetime) -> None:
    """Count one call.

    Args:
        caller: whatever tells callers apart; kept only as a keyed hash.
        limit: calls a window; `seconds` is the window's length.

    Raises:
        TooMany: over the limit; says when the window ends.
    """
    second = int(now.timestamp())
    mark = hashlib.blake2b(
        f"{door}\0{caller}".encode(), key=str(settings.SECRET_KEY).encode()[:64], digest_size=16
    ).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [mark, second - second % seconds + seconds])
        count = cursor.fetchone()[0]
    if count > limit:
        raise TooMany(seconds - second % seconds)


def caller_of(request: HttpRequest) -> str:
    """The address of a caller; behind a proxy that the settings name, the one it forwards."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if forwarded and settings.TRUST_FORWARDED:
        return forwarded.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
