"""Watching over what was told: asked again, told further up, and in the end removed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from chengyun.kernel import areas, audit
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import publish
from chengyun.kernel.scope import bind
from chengyun.notices.decide.repeating import turn
from chengyun.notices.decide.templates import IN_APP, Template
from chengyun.notices.events import REPEATED
from chengyun.notices.models import Delivery, Notice
from chengyun.notices.reads.book import book
from chengyun.notices.reads.preferences import preferences
from chengyun.notices.verbs.telling import Telling, news, tell, wait
from chengyun.people.reads import holders_over_areas


def watch(now: datetime, *, most: int) -> int:
    """Repeat or escalate the notices nobody acknowledged in time; how many there were."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        rows = list(
            Notice.objects.filter(look_at__lte=now, acknowledged_at=None)
            .order_by("look_at")
            .select_for_update(skip_locked=True)[:most]
        )
        for notice in rows:
            _look(notice, now)
        if rows:
            audit.write(SYSTEM, "notices.watch", now=now, count=len(rows))
        return len(rows)


def _look(notice: Notice, now: datetime) -> None:
    template = book().templates.get(notice.template, (None, ""))[0]
    notice.look_at = None
    if template is not None and notice.expires_at > now:
        next_turn = turn(template, notice.repeated, now)
        notice.look_at = next_turn.look_at
        if next_turn.act == "repeat":
            _repeat(notice, now)
        elif next_turn.act == "escalate":
            _escalate(notice, template, now)
    notice.save(update_fields=["look_at", "repeated", "version"])


def _repeat(notice: Notice, now: datetime) -> None:
    """The same deliveries once more; the bell rings again too."""
    notice.repeated += 1
    notice.version += 1
    rules = book().rules
    rows = list(Delivery.objects.filter(notice=notice))
    own = preferences([row.user_id for row in rows if row.user_id is not None])
    for row in rows:
        if row.channel == IN_APP:
            row.read_at = None
        elif row.user_id is not None and row.state != "suppressed":
            mine = own.get(row.user_id)
            asked = mine is not None and mine.quiet_from is not None
            hours = (mine.quiet_from, mine.quiet_to) if mine and asked else None
            quiet = hours or (rules.quiet_from, rules.quiet_to)
            row.state, row.attempts, row.error = "queued", 0, ""
            row.round += 1
            row.not_before = wait(notice, quiet, rules, now)
    Delivery.objects.bulk_update(
        rows, ["read_at", "state", "attempts", "error", "round", "not_before"]
    )
    publish([news(notice, REPEATED, now)])


def _escalate(notice: Notice, template: Template, now: datetime) -> None:
    """Tell whoever holds the post over the next area up and was not told before."""
    told = set(
        Delivery.objects.filter(
            Q(notice=notice) | Q(notice_id=notice.escalated_from), user_id__isnull=False
        ).values_list("user_id", flat=True)
    )
    area: int | None = notice.area_no
    while area is not None and template.escalate_to:
        found = holders_over_areas([area], template.escalate_to, now).get(area)
        if found is None:
            return
        fresh = tuple(person for person in found[1] if person not in told)
        if fresh:
            _tell_further(notice, found[0], fresh, now)
            return
        area = areas.parent(found[0])


def _tell_further(notice: Notice, area_no: int, people: tuple[UUID, ...], now: datetime) -> None:
    further = Telling(
        key=f"{notice.key}^",
        template=notice.template,
        area_no=area_no,
        subject_kind=notice.subject_kind,
        subject_id=notice.subject_id,
        users=people,
        link=notice.link,
        level=notice.level,
        simulated=notice.simulated,
        escalated_from=notice.id,
    )
    if tell([further], now=now):
        # The words were filled when the matter was fresh; they are told as they were.
        Notice.objects.filter(key=further.key).update(title=notice.title, body=notice.body)


def expire(now: datetime, *, most: int) -> int:
    """Give up deliveries whose notice is over; how many there were."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        over = Delivery.objects.filter(state="queued", notice__expires_at__lte=now)
        ids = list(over.values_list("id", flat=True)[:most])
        return Delivery.objects.filter(pk__in=ids).update(
            state="expired", not_before=None, contact=None
        )


def remove_expired(now: datetime, *, most: int) -> int:
    """Remove notices past their time, with their deliveries; how many."""
    ids = list(
        Notice.objects.filter(expires_at__lte=now)
        .order_by("expires_at")
        .values_list("id", flat=True)[:most]
    )
    Notice.objects.filter(pk__in=ids).delete()
    return len(ids)
