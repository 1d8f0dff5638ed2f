"""Who of a case's unit should go: the facts that the suggestion weighs."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count

from chengyun.cases.models import Case
from chengyun.dispatch.decide import officers
from chengyun.dispatch.decide.officers import Officer, Suggestion, Task
from chengyun.dispatch.models import Skill
from chengyun.dispatch.policy import may_suggest
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.people.models import Appointment, DutyMember

POST = "handler"
OFFICERS_MAX = 500


def suggest_officers(
    actor: Actor, case_id: UUID, *, now: datetime, unit: UUID | None = None
) -> list[Suggestion]:
    """Handlers of a unit (the case's lead unit if none is given) by fitness for a case.

    Raises:
        NotFound: the case is out of sight, or the unit has no part in it.
        Forbidden: the actor neither dispatches nor heads a department.
    """
    case = Case.objects.visible_to(actor).filter(pk=case_id).first()
    if case is None:
        raise NotFound("There is no such case.")
    may_suggest(actor)
    chosen = unit or case.lead_unit
    if chosen is None:
        return []
    if chosen not in case.units and chosen != case.lead_unit:
        raise NotFound("This unit has no part in the case.")
    task = Task(case.kind_id or "", case.lon, case.lat, case.due_at)
    return officers.suggest(task, _officers(chosen, now), now=now)


def _officers(unit: UUID, now: datetime) -> list[Officer]:
    posts = (
        Appointment.objects.held_at(now)
        .filter(organisation_id=unit, post=POST, user__is_active=True)
        .select_related("user")[:OFFICERS_MAX]
    )
    names = {post.user_id: post.user.display_name for post in posts}
    shifts = _shifts(unit, now)
    load = dict(
        Case.objects.filter(handler_id__in=names, open=True)
        .values("handler_id")
        .annotate(n=Count("pk"))
        .values_list("handler_id", "n")
    )
    seen = _last_seen(list(names))
    skills: dict[UUID, list[officers.Skill]] = {}
    rows = Skill.objects.filter(appointment__in=[post.pk for post in posts])
    for user_id, kinds, level in rows.values_list("appointment__user_id", "kinds", "level"):
        skills.setdefault(user_id, []).append(officers.Skill(kinds, level))
    return [
        Officer(
            id=user_id,
            name=name,
            on_duty=user_id in shifts,
            duty_ends=shifts.get(user_id),
            open_cases=load.get(user_id, 0),
            lon=seen[user_id][0] if user_id in seen else None,
            lat=seen[user_id][1] if user_id in seen else None,
            seen_at=seen[user_id][2] if user_id in seen else None,
            skills=tuple(skills.get(user_id, ())),
        )
        for user_id, name in names.items()
    ]


def _shifts(unit: UUID, now: datetime) -> dict[UUID, datetime]:
    """Who is on duty in the unit, and when their shift ends."""
    rows = DutyMember.objects.filter(
        shift__organisation_id=unit, shift__post=POST, on_at__lte=now, off_at=None
    ).filter(shift__accepted_at=None)
    return dict(rows.values_list("user_id", "shift__ends_at"))


def _last_seen(users: list[UUID]) -> dict[UUID, tuple[float, float, datetime]]:
    """Where each was last known to be: the place of the case they last worked on."""
    rows = (
        Case.objects.filter(handler_id__in=users, lon__isnull=False, lat__isnull=False)
        .order_by("handler_id", "-updated_at")
        .distinct("handler_id")
    )
    return {
        handler: (lon, lat, at)
        for handler, lon, lat, at in rows.values_list("handler_id", "lon", "lat", "updated_at")
        if handler is not None and lon is not None and lat is not None
    }
