"""Giving posts and taking them back."""

from datetime import datetime
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, Forbidden, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide import posts
from chengyun.people.decide.faults import Fault
from chengyun.people.decide.organisations import lies_inside
from chengyun.people.models import Appointment, Organisation, User
from chengyun.people.reads import forget_actors


def _fitting(
    post: str, unit: Organisation, area_no: int, start: datetime, end: datetime | None
) -> list[Fault]:
    faults = []
    if not posts.known(post):
        faults.append(Fault("post", "is no post", "unknown_post"))
    elif not posts.fits(post, unit.kind):
        faults.append(
            Fault("post", f"cannot be held in a {unit.kind.replace('_', ' ')}", "post_unfit")
        )
    if not lies_inside(unit.area_no, area_no):
        faults.append(
            Fault("area_no", "does not lie inside the organisation's area", "outside_unit")
        )
    if end is not None and end <= start:
        faults.append(Fault("valid_to", "is not after the start", "not_after_start"))
    return faults


@verb("people.appoint")
def appoint(
    actor: Actor,
    *,
    now: datetime,
    user: UUID,
    post: str,
    organisation: UUID,
    area_no: int | None = None,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> JsonObject:
    """Give a person a post in an organisation, over its whole area or a part of it.

    Raises:
        Invalid: the post does not fit the organisation, area or time.
        Conflict: a post they hold forbids it (separation of posts), or they hold it already.
    """
    # The row lock makes two appointments of one person decide one after the other.
    person = User.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=user).first()
    if person is None:
        raise NotFound
    unit = Organisation.objects.visible_to(actor).valid_at(now).filter(pk=organisation).first()
    if unit is None:
        raise policy.invalid(
            Fault("organisation", "is no organisation in sight", "unknown_organisation")
        )
    over = unit.area_no if area_no is None else area_no
    start = valid_from or now
    faults = _fitting(post, unit, over, start, valid_to)
    if faults:
        raise policy.invalid(*faults)
    policy.give_posts(actor, over)
    if actor.kind == "user" and actor.id == person.id:
        raise Forbidden("Nobody appoints themselves.", code="own_post")
    wanted = posts.Term(post, start, valid_to)
    held = list(person.appointments.not_over(start))
    terms = [posts.Term(one.post, one.valid_from, one.valid_to) for one in held]
    found = posts.clashes(wanted, terms)
    if found:
        raise Conflict(
            found[0].reason["en"],
            code=found[0].code,
            reasons=[dict(clash.reason) for clash in found],
        )
    for one, term in zip(held, terms, strict=True):
        same = (one.post, one.organisation_id, one.area_no) == (post, unit.id, over)
        if same and wanted.overlaps(term):
            raise Conflict("They hold this post already.", code="already_held")
    row = Appointment.objects.create(
        user=person,
        post=post,
        organisation=unit,
        area_no=over,
        valid_from=start,
        valid_to=valid_to,
        appointed_by=actor.id,
    )
    forget_actors()
    return {"id": str(row.id), "user": str(person.id)}


@verb("people.dismiss")
def dismiss(actor: Actor, *, now: datetime, appointment: UUID) -> JsonObject:
    """End an appointment now; it stays in the record."""
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .filter(pk=appointment, user__in=User.objects.visible_to(actor))
        .first()
    )
    if row is None:
        raise NotFound
    policy.give_posts(actor, row.area_no)
    if row.valid_to is not None and row.valid_to <= now:
        raise Conflict("The appointment is already over.", code="already_over")
    # One that would only begin later never was.
    row.valid_to = max(now, row.valid_from)
    row.save(update_fields=["valid_to"])
    forget_actors()
    return {"id": str(row.id)}
