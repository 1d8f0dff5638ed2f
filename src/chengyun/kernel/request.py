"""The typed request that handlers see."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid

KEY_HEADER = "Idempotency-Key"
_KEY_LENGTH = 200


class Request(HttpRequest):
    """A request after the middleware and the door's authentication ran."""

    actor: Actor
    now: datetime
    request_id: UUID


def idempotency_key(request: HttpRequest) -> str | None:
    """The caller's idempotency key, if any.

    Raises:
        Invalid: the key is longer than 200 characters or not printable.
    """
    key = request.headers.get(KEY_HEADER)
    if key is None or key == "":
        return None
    if len(key) > _KEY_LENGTH or not key.isprintable():
        raise Invalid(
            [FieldError(KEY_HEADER, f"at most {_KEY_LENGTH} printable characters", "bad_key")]
        )
    return key
