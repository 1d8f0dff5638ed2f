"""Who is on duty, and the shifts with their hand-overs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from chengyun.kernel import paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.people.models import DutyMember, DutyShift
from chengyun.people.reads import cursors


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A person on duty: which shift, and since when."""

    user_id: UUID
    name: str
    shift_id: UUID
    since: datetime


def on_duty(organisation_id: UUID, post: str, at: datetime) -> list[OnDuty]:
    """Who is on duty in a post of an organisation at an instant.

    Whoever has not gone off stays on after the planned end, until the hand-over is accepted: a
    desk is never left between two shifts.
    """
    found = (
        DutyMember.objects.filter(
            Q(off_at=None) | Q(off_at__gt=at),
            Q(shift__accepted_at=None) | Q(shift__accepted_at__gt=at),
            shift__organisation_id=organisation_id,
            shift__post=post,
            on_at__lte=at,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("on_at", "user_id")
    )
    by_person = {
        one.user_id: OnDuty(one.user_id, one.user.display_name, one.shift_id, one.on_at)
        for one in found
        if one.on_at is not None
    }
    return list(by_person.values())


def shifts(
    actor: Actor,
    *,
    organisation: UUID | None = None,
    post: str = "",
    at: datetime | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    handover: str = "",
    q: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> tuple[list[DutyShift], str | None]:
    """Shifts in sight, latest first, and the next cursor.

    Args:
        since: only those that end after it.
        until: only those that begin before it.
        handover: "open" are those waiting to be accepted, "book" all that were handed over.
        q: words of the note or of an open matter, its case number, or who signed.
    """
    size = paging.clamp(limit)
    found = (
        DutyShift.objects.visible_to(actor)
        .select_related("organisation", "handed_over_by", "accepted_by")
        .prefetch_related("members__user")
        .order_by("-starts_at", "-id")
    )
    if organisation is not None:
        found = found.filter(organisation_id=organisation)
    if post:
        found = found.filter(post=post)
    if at is not None:
        found = found.covering(at)
    if since is not None:
        found = found.filter(ends_at__gt=since)
    if until is not None:
        found = found.filter(starts_at__lt=until)
    if handover == "open":
        found = found.handover_open()
    elif handover == "book":
        found = found.filter(handed_over_at__isnull=False)
    if q:
        found = found.alias(said=Cast("matters", TextField())).filter(
            Q(note__icontains=q)
            | Q(said__icontains=q)
            | Q(handed_over_by__display_name__icontains=q)
            | Q(accepted_by__display_name__icontains=q)
        )
    if cursor:
        starts, last = cursors.timed(cursor)
        found = found.filter(Q(starts_at__lt=starts) | Q(starts_at=starts, id__lt=last))
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return rows, paging.encode([rows[-1].starts_at, str(rows[-1].id)]) if more else None


def shift(actor: Actor, shift_id: UUID) -> DutyShift:
    """One shift.

    Raises:
        NotFound: there is none, or it is out of sight.
    """
    seen = DutyShift.objects.visible_to(actor).prefetch_related("members__user")
    found = seen.select_related("organisation", "handed_over_by", "accepted_by")
    row = found.filter(pk=shift_id).first()
    if row is None:
        raise NotFound
    return row
