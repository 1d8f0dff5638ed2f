"""Whose turn it is to be asked, and how asking went. The asking itself is outside (app.devices)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from chengyun.kernel import crypto
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.sensing.decide.feeds import PollSettings, pause_after
from chengyun.sensing.models import Feed
from chengyun.sensing.verbs.feeds import PURPOSE

_TAKEN_FOR = timedelta(minutes=2)


def claim_due(now: datetime, limit: int = 8) -> list[Feed]:
    """Feeds to ask now; nobody else gets them for two minutes, whatever becomes of us."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        due = Feed.objects.select_for_update(skip_locked=True).filter(
            kind="poll", state="active", next_at__lte=now
        )
        rows = list(due.order_by("next_at")[:limit])
        Feed.objects.filter(id__in=[row.id for row in rows]).update(next_at=now + _TAKEN_FOR)
        return rows


def note_asked(feed: UUID, fault: str, *, now: datetime) -> None:
    """That a feed was asked: an empty fault says that all went well."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        row = Feed.objects.select_for_update().get(pk=feed)
        every = PollSettings.model_validate(row.settings).every_s if row.kind == "poll" else 60
        row.failures = row.failures + 1 if fault else 0
        if fault:
            row.last_fault_at, row.last_fault = now, fault[:400]
        else:
            row.last_ok_at = now
        row.next_at = now + timedelta(seconds=pause_after(row.failures, every))
        row.save(update_fields=["failures", "last_fault_at", "last_fault", "last_ok_at", "next_at"])


def note_heard(feed: UUID, *, now: datetime) -> None:
    """That a webhook or another broker's message came in."""
    Feed.objects.filter(pk=feed).update(last_ok_at=now, failures=F("failures") * 0)


def secret_of(feed: Feed) -> str:
    """The secret another house gave us."""
    if feed.secret_sealed is None:
        return ""
    return crypto.open_(bytes(feed.secret_sealed), purpose=PURPOSE)
