"""Feeds and held messages in sight, and whether a caller of a webhook is who it says."""

import hmac
from datetime import datetime
from typing import Any
from uuid import UUID

from chengyun.kernel import crypto, paging
from chengyun.kernel.actor import Actor
from chengyun.sensing.decide.secrets import secret_hash, signed_by
from chengyun.sensing.models import Feed, HeldMessage

_PURPOSE = "sensing.feed"
_FEED_SHOWN = (
    *("id", "code", "name", "kind", "protocol", "mapping", "settings", "state", "auth"),
    *("area_no", "version", "failures", "last_ok_at", "last_fault_at", "last_fault"),
)
_HELD_SHOWN = (
    *("id", "first_at", "last_at", "times", "door", "protocol", "thing_code", "topic"),
    *("size", "reason", "detail", "state"),
)


def feeds(actor: Actor) -> list[Feed]:
    """Feeds in sight by code."""
    return list(Feed.objects.visible_to(actor).order_by("code")[:500])


def feed_view(feed: Feed) -> dict[str, Any]:
    """A feed without its secret."""
    return {name: getattr(feed, name) for name in _FEED_SHOWN}


def calling_feed(
    code: str, bearer: str, signature: str, body: bytes, *, now: datetime
) -> Feed | None:
    """The active webhook behind a call: its bearer secret, or its signature over the body; the
    caller sees everything."""
    feed = Feed.objects.filter(code=code, kind="webhook", state="active").first()
    if feed is None:
        return None
    if feed.auth == "bearer":
        known = bytes(feed.secret_hash or b"")
        return feed if bearer and hmac.compare_digest(known, secret_hash(bearer)) else None
    secret = crypto.open_(bytes(feed.secret_sealed or b""), purpose=_PURPOSE)
    return feed if signed_by(secret, signature, body, now) else None


def held_messages(
    actor: Actor, *, state: str, thing: str | None, cursor: str, limit: int | None
) -> tuple[list[HeldMessage], str | None]:
    """Held messages in sight, the latest first, and the next page's cursor."""
    rows = HeldMessage.objects.visible_to(actor).filter(state=state)
    if thing:
        rows = rows.filter(thing_code=thing)
    if cursor:
        (last,) = paging.decode(cursor, 1, (UUID,))
        rows = rows.filter(id__lt=last)
    size = paging.clamp(limit)
    found = list(rows.order_by("-id")[: size + 1])
    more = paging.encode([str(found[size - 1].id)]) if len(found) > size else None
    return found[:size], more


def held_view(held: HeldMessage) -> dict[str, Any]:
    """A held message: where it came from, why it is held, and the beginning of it as text."""
    return {
        **{name: getattr(held, name) for name in _HELD_SHOWN},
        "payload": bytes(held.payload)[:2_000].decode("utf-8", "replace").replace("\0", "�"),
    }
