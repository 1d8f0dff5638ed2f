"""Sharing things between departments: ask, approve or refuse, and the end by itself."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Conflict, FieldError, Forbidden, Invalid, NotFound
from chengyun.kernel.scope import working
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.models import Share, Thing
from chengyun.sensing.policy import administers, may_keep
from chengyun.sensing.verbs.caring import LONGEST
from chengyun.sensing.verbs.keeping import held_thing


@verb("sensing.ask_share")
def ask_share(
    actor: Actor, *, now: datetime, code: str, unit_id: UUID, until: datetime, reason: str
) -> JsonObject:
    """Ask, for one's own unit, to see a thing of another department, by the code on it.

    The answer is the same whether there is such a thing or not. Returns {"id"}.
    Raises Forbidden, Invalid.
    """
    if unit_id not in {g.org_id for g in actor.grants}:
        raise Forbidden("Ask for a unit of your own.", code="not_your_unit")
    if not now < until <= now + LONGEST:
        raise Invalid([FieldError("until", "is not within a year from now", "bad_span")])
    request_id = new_id()
    thing = _hidden(code)
    if thing is not None and not thing.private and unit_id not in thing.unit_ids:
        open_one = Share.objects.filter(
            thing_id=thing.id, unit_id=unit_id, state__in=("requested", "approved")
        ).first()
        if open_one is not None:
            return {"id": str(open_one.id)}
        Share.objects.create(
            id=request_id,
            thing_id=thing.id,
            unit_id=unit_id,
            reason=reason,
            until=until,
            asked_by_id=actor.id,
            asked_at=now,
            area_no=thing.area_no,
            unit_ids=[unit_id, *([thing.owner_id] if thing.owner_id else [])],
        )
    return {"id": str(request_id)}


def _hidden(code: str) -> Thing | None:
    """The thing of a code, whoever may see it: only its keepers learn of the wish."""
    with working(SYSTEM.scope()):
        return Thing.objects.filter(code=code).exclude(state="retired").first()


@verb("sensing.decide_share")
def decide_share(actor: Actor, *, now: datetime, share_id: UUID, approve: bool) -> JsonObject:
    """Let a department see a thing until the day it asked for, or refuse. Returns {"id", "state"}.

    Raises NotFound, Forbidden, Conflict.
    """
    row = Share.objects.select_for_update().filter(pk=share_id).first()
    if row is None:
        raise NotFound("There is no such request.")
    thing = Thing.objects.visible_to(actor).select_for_update().filter(pk=row.thing_id).first()
    if thing is None:
        raise NotFound("There is no such request.")
    if not may_keep(actor, thing.area_no, thing.owner_id):
        raise Forbidden("Those who keep the thing decide on this.", code="post_missing")
    if row.asked_by_id == actor.id and not administers(actor, thing.area_no):
        raise Forbidden("Somebody else decides on a wish of yours.", code="own_wish")
    if row.state != "requested":
        raise Conflict("This was decided already.", code="decided")
    row.state = "approved" if approve and row.until > now else "refused"
    row.decided_by_id, row.decided_at = actor.id, now
    row.save()
    if row.state == "approved":
        thing.unit_ids = [*thing.unit_ids, row.unit_id]
        thing.save(update_fields=["unit_ids"])
    return {"id": str(row.id), "state": row.state}


@verb("sensing.end_share")
def end_share(actor: Actor, *, now: datetime, share_id: UUID) -> JsonObject:
    """Take a share back before its time. Returns {"id"}. Raises NotFound, Forbidden."""
    row = Share.objects.select_for_update().filter(pk=share_id).first()
    if row is None:
        raise NotFound("There is no such share.")
    held_thing(actor, row.thing_id)
    _end(row)
    return {"id": str(row.id)}


def expire_shares(now: datetime, most: int) -> int:
    """End what was shared for a time that is over; how many. In the system's sight."""
    over = Share.objects.select_for_update(skip_locked=True).filter(
        state="approved", until__lte=now
    )
    rows = list(over.order_by(F("until"))[:most])
    for row in rows:
        _end(row)
    return len(rows)


def _end(row: Share) -> None:
    thing = Thing.objects.select_for_update().filter(pk=row.thing_id).first()
    if thing is not None and row.unit_id != thing.owner_id:
        thing.unit_ids = [unit for unit in thing.unit_ids if unit != row.unit_id]
        thing.save(update_fields=["unit_ids"])
    row.state = "ended"
    row.save(update_fields=["state"])
