"""The roster: shifts changed, repeated and called off before they begin, and duty swapped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide import shifts as rules
from chengyun.people.decide.faults import Fault
from chengyun.people.models import DutyMember, DutyShift, Organisation
from chengyun.people.verbs.shifts import locked_shift, plan_faults, plan_shift, refuse


@dataclass(frozen=True, slots=True)
class Stretch:
    """One shift of a roster: from when to when, and who is on it."""

    starts_at: datetime
    ends_at: datetime
    members: tuple[UUID, ...]


def _open(actor: Actor, shift: UUID) -> DutyShift:
    """A shift whose plan may still change, with whoever runs it asking."""
    row = locked_shift(actor, shift)
    policy.run_shifts(actor, row.organisation)
    refusal = rules.refuse_change(row.as_decided())
    if refusal is not None:
        refuse(refusal)
    return row


@verb("people.change_shift")
def change_shift(
    actor: Actor,
    *,
    now: datetime,
    shift: UUID,
    starts_at: datetime,
    ends_at: datetime,
    members: Sequence[UUID],
) -> JsonObject:
    """Give a shift other hours and people; whoever came on duty stays on it.

    Raises:
        Conflict: it was handed over, or somebody left out has come on duty.
    """
    row = _open(actor, shift)
    faults = plan_faults(row.organisation, row.post, starts_at, ends_at, members)
    if faults:
        raise policy.invalid(*faults)
    left = row.members.exclude(user_id__in=members)
    if left.filter(on_at__isnull=False).exists():
        raise Conflict("Somebody left out has already come on duty.", code="already_on")
    left.delete()
    there = set(row.members.values_list("user_id", flat=True))
    DutyMember.objects.bulk_create(
        [DutyMember(shift=row, user_id=one) for one in dict.fromkeys(members) if one not in there]
    )
    row.starts_at, row.ends_at = starts_at, ends_at
    row.save(update_fields=["starts_at", "ends_at"])
    return {"id": str(row.id)}


@verb("people.cancel_shift")
def cancel_shift(actor: Actor, *, now: datetime, shift: UUID) -> JsonObject:
    """Take a shift off the roster that nobody has begun.

    Raises:
        Conflict: somebody came on duty, it was handed over, or it took one over.
    """
    row = _open(actor, shift)
    if row.members.filter(on_at__isnull=False).exists() or row.taken_over.exists():
        raise Conflict("The shift has begun.", code="already_on")
    row.delete()
    return {"id": str(shift)}


@verb("people.repeat_shift")
def repeat_shift(
    actor: Actor, *, now: datetime, shift: UUID, after_days: Sequence[int]
) -> JsonObject:
    """Plan the same shift with the same people again, so many days later each.

    A day that has a shift of this post beginning at the same instant is passed over.
    """
    row = locked_shift(actor, shift)
    policy.run_shifts(actor, row.organisation)
    days = sorted(set(after_days))
    if not days or days[0] < 1 or days[-1] > rules.REPEAT_MAX:
        fault = Fault("after_days", f"are not between 1 and {rules.REPEAT_MAX}", "out_of_range")
        raise policy.invalid(fault)
    members = list(row.members.values_list("user_id", flat=True))
    made: list[str] = []
    for day in days:
        start, end = row.starts_at + timedelta(days=day), row.ends_at + timedelta(days=day)
        same = DutyShift.objects.filter(organisation=row.organisation, post=row.post)
        if same.filter(starts_at=start).exists():
            continue
        faults = plan_faults(row.organisation, row.post, start, end, members)
        if faults:
            raise policy.invalid(*faults)
        made.append(str(plan_shift(actor, row.organisation, row.post, start, end, members).id))
    return {"ids": made, "created": len(made), "passed_over": len(days) - len(made)}


@verb("people.plan_roster")
def plan_roster(
    actor: Actor, *, now: datetime, organisation: UUID, post: str, stretches: Sequence[Stretch]
) -> JsonObject:
    """Plan many shifts of one post at once; one that ends when a known one does is passed over.

    Raises:
        Invalid: a stretch is too long, or somebody does not hold the post all the while; then
            nothing is planned.
    """
    unit = Organisation.objects.visible_to(actor).valid_at(now).filter(pk=organisation).first()
    if unit is None:
        raise NotFound
    policy.run_shifts(actor, unit)
    known = set(
        DutyShift.objects.filter(
            organisation=unit, post=post, ends_at__in=[one.ends_at for one in stretches]
        ).values_list("ends_at", flat=True)
    )
    fresh = [one for one in stretches if one.ends_at not in known]
    for one in fresh:
        faults = plan_faults(unit, post, one.starts_at, one.ends_at, one.members)
        if faults:
            raise policy.invalid(*faults)
    for one in fresh:
        plan_shift(actor, unit, post, one.starts_at, one.ends_at, one.members)
    return {"created": len(fresh), "passed_over": len(stretches) - len(fresh)}


def _replace(row: DutyShift, out: UUID, into: UUID) -> None:
    place = row.members.select_for_update(of=("self",)).filter(user_id=out).first()
    if place is None:
        raise NotFound
    if place.on_at is not None:
        raise Conflict("They have already come on duty.", code="already_on")
    if row.members.filter(user_id=into).exists():
        raise Conflict("They are on that shift already.", code="already_member")
    faults = plan_faults(row.organisation, row.post, row.starts_at, row.ends_at, [into])
    if faults:
        raise policy.invalid(Fault("into", "does not hold the post then", "not_a_holder"))
    place.user_id = into
    place.save(update_fields=["user"])


@verb("people.swap_duty")
def swap_duty(
    actor: Actor,
    *,
    now: datetime,
    shift: UUID,
    out: UUID,
    into: UUID,
    other: UUID | None = None,
) -> JsonObject:
    """Let one person stand in for another on a shift, and the other way round on another one.

    Args:
        out: who is on the shift now.
        into: who shall be.
        other: a shift of `into` that `out` takes in return.

    Raises:
        NotFound: one of them is not on that shift.
        Conflict: somebody has come on duty, or would be on a shift twice.
    """
    if other == shift:
        raise policy.invalid(Fault("other", "is the same shift", "bad_shift"))
    # Always in one order, so that two swaps at once do not wait for each other.
    rows = {one: _open(actor, one) for one in sorted({shift, other or shift})}
    _replace(rows[shift], out, into)
    if other is not None:
        _replace(rows[other], into, out)
    return {"id": str(shift)}
