"""Duty shifts: opened, joined, handed over with a note, accepted by the next."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, Forbidden, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide import posts
from chengyun.people.decide import shifts as rules
from chengyun.people.decide.faults import Fault
from chengyun.people.models import Appointment, DutyMember, DutyShift, Organisation

_MEMBERS_MAX = 500


def locked_shift(actor: Actor, shift: UUID) -> DutyShift:
    seen = DutyShift.objects.visible_to(actor).select_for_update(of=("self",))
    found = seen.select_related("organisation").filter(pk=shift).first()
    if found is None:
        raise NotFound
    return found


def _holders(post: str, unit: Organisation, start: datetime, end: datetime) -> set[UUID]:
    """Who holds the post in the unit or below it during the whole shift."""
    held = Appointment.objects.held_at(start).filter(
        post=post, organisation__path__contains=[unit.id], user__is_active=True
    )
    return {one.user_id for one in held if one.valid_to is None or one.valid_to >= end}


def plan_faults(
    unit: Organisation, post: str, start: datetime, end: datetime, members: Sequence[UUID]
) -> list[Fault]:
    """Why these people may not be on a shift of the unit then; empty when they may."""
    faults = rules.period_faults(start, end)
    if not posts.known(post):
        faults.append(Fault("post", "is no post", "unknown_post"))
    if not 1 <= len(members) <= _MEMBERS_MAX:
        faults.append(Fault("members", f"need to be 1 to {_MEMBERS_MAX}", "bad_members"))
    if faults:
        return faults
    holders = _holders(post, unit, start, end)
    return [
        Fault(f"members.{at}", "does not hold the post then", "not_a_holder")
        for at, member in enumerate(members)
        if member not in holders
    ]


def plan_shift(
    actor: Actor,
    unit: Organisation,
    post: str,
    start: datetime,
    end: datetime,
    members: Sequence[UUID],
) -> DutyShift:
    """Keep a shift with its people."""
    row = DutyShift.objects.create(
        organisation=unit, post=post, starts_at=start, ends_at=end, opened_by=actor.id
    )
    DutyMember.objects.bulk_create(
        [DutyMember(shift=row, user_id=member) for member in dict.fromkeys(members)]
    )
    return row


@verb("people.open_shift")
def open_shift(
    actor: Actor,
    *,
    now: datetime,
    organisation: UUID,
    post: str,
    starts_at: datetime,
    ends_at: datetime,
    members: Sequence[UUID],
) -> JsonObject:
    """Plan a shift of a post in an organisation with the people who will be on it."""
    unit = Organisation.objects.visible_to(actor).valid_at(now).filter(pk=organisation).first()
    if unit is None:
        raise policy.invalid(
            Fault("organisation", "is no organisation in sight", "unknown_organisation")
        )
    policy.run_shifts(actor, unit)
    faults = plan_faults(unit, post, starts_at, ends_at, members)
    if faults:
        raise policy.invalid(*faults)
    row = plan_shift(actor, unit, post, starts_at, ends_at, members)
    return {"id": str(row.id)}


def _member(actor: Actor, row: DutyShift, user: UUID) -> DutyMember:
    found = row.members.select_for_update(of=("self",)).select_related("user").filter(user_id=user)
    member = found.first()
    if member is None:
        raise NotFound
    policy.come_and_go(actor, row, member.user)
    return member


@verb("people.go_on_duty")
def go_on_duty(actor: Actor, *, now: datetime, shift: UUID, user: UUID) -> JsonObject:
    """Come on duty, oneself or by whoever runs the shift."""
    row = locked_shift(actor, shift)
    member = _member(actor, row, user)
    if row.accepted_at is not None:
        raise Conflict("The next shift has taken over.", code="already_accepted")
    if member.on_at is not None and member.off_at is None:
        raise Conflict("They are on duty already.", code="already_on")
    member.on_at, member.off_at = member.on_at or now, None
    member.save(update_fields=["on_at", "off_at"])
    return {"id": str(row.id)}


@verb("people.go_off_duty")
def go_off_duty(actor: Actor, *, now: datetime, shift: UUID, user: UUID) -> JsonObject:
    """Go off duty, oneself or by whoever runs the shift."""
    row = locked_shift(actor, shift)
    member = _member(actor, row, user)
    if member.on_at is None or member.off_at is not None:
        raise Conflict("They are not on duty.", code="not_on")
    member.off_at = now
    member.save(update_fields=["off_at"])
    return {"id": str(row.id)}


@verb("people.hand_over")
def hand_over(
    actor: Actor,
    *,
    now: datetime,
    shift: UUID,
    note: str,
    matters: Sequence[rules.Matter] = (),
) -> JsonObject:
    """Sign the shift off with a note and open matters; open until somebody there accepts it."""
    own_id = policy.person(actor)
    row = locked_shift(actor, shift)
    said = note.strip()
    if not said or len(said) > rules.NOTE_MAX:
        raise policy.invalid(Fault("note", f"needs 1 to {rules.NOTE_MAX} characters", "bad_note"))
    faults = rules.matter_faults(matters)
    if faults:
        raise policy.invalid(*faults)
    refusal = rules.refuse_hand_over(row.as_decided(), own_id)
    if refusal is not None:
        refuse(refusal)
    row.matters = [
        {"case": one.case and str(one.case), "no": one.no, "why": one.why, "note": one.note.strip()}
        for one in matters
    ]
    row.note, row.handed_over_by_id, row.handed_over_at = said, own_id, now
    row.save(update_fields=["note", "matters", "handed_over_by", "handed_over_at"])
    return {"id": str(row.id)}


@verb("people.accept_handover")
def accept_handover(actor: Actor, *, now: datetime, shift: UUID, into: UUID) -> JsonObject:
    """Sign for the hand-over as somebody of the incoming shift; the outgoing then is off duty.

    Args:
        shift: the outgoing shift.
        into: the incoming shift, of the same organisation and post.
    """
    own_id = policy.person(actor)
    row = locked_shift(actor, shift)
    incoming = (
        DutyShift.objects.visible_to(actor)
        .filter(pk=into, organisation_id=row.organisation_id, post=row.post)
        .exclude(pk=row.pk)
        .first()
    )
    if incoming is None:
        raise policy.invalid(
            Fault("into", "is no other shift of this post and organisation", "bad_shift")
        )
    members = frozenset(incoming.members.values_list("user_id", flat=True))
    refusal = rules.refuse_acceptance(row.as_decided(), own_id, members)
    if refusal is not None:
        refuse(refusal)
    row.accepted_into, row.accepted_by_id, row.accepted_at = incoming, own_id, now
    row.save(update_fields=["accepted_into", "accepted_by", "accepted_at"])
    row.members.filter(on_at__isnull=False, off_at=None).update(off_at=now)
    incoming.members.filter(user_id=own_id, on_at=None).update(on_at=now)
    return {"id": str(row.id)}


def refuse(refusal: rules.Refusal) -> None:
    """Raise what a rule says.

    Raises:
        Forbidden: it is not theirs to do.
        Conflict: the shift has gone on.
    """
    if refusal.code in ("not_a_member", "not_incoming", "same_person"):
        raise Forbidden(refusal.reason, code=refusal.code)
    raise Conflict(refusal.reason, code=refusal.code)
