"""Who holds a post: of a unit, or over an area; those on duty where anybody is."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from chengyun.kernel import areas
from chengyun.people.models import Appointment, DutyMember
from chengyun.people.models.appointments import AppointmentQuerySet

People = tuple[UUID, ...]


def holders_of_units(units: Collection[UUID], post: str, at: datetime) -> dict[UUID, People]:
    """By unit, who holds the post there; units without anybody are left out."""
    held: dict[UUID, list[UUID]] = defaultdict(list)
    for row in _held(post, at).filter(organisation_id__in=list(units)):
        held[row.organisation_id].append(row.user_id)
    duty = _on_duty(held, post, at)
    return {unit: _present(people, duty.get(unit, ())) for unit, people in held.items()}


def holders_over_areas(
    numbers: Collection[int], post: str, at: datetime
) -> dict[int, tuple[int, People]]:
    """By area, the nearest area around it (or itself) over which the post is held, and by whom."""
    around = {number: areas.ancestors(number)[::-1] for number in numbers}
    wanted = {one for path in around.values() for one in path}
    held: dict[int, list[tuple[UUID, UUID]]] = defaultdict(list)
    for row in _held(post, at).filter(area_no__in=list(wanted)):
        held[row.area_no].append((row.organisation_id, row.user_id))
    duty = _on_duty({unit for pairs in held.values() for unit, _ in pairs}, post, at)
    found = {}
    for number, path in around.items():
        nearest = next((one for one in path if one in held), None)
        if nearest is not None:
            pairs = held[nearest]
            there = {p for unit, _ in pairs for p in duty.get(unit, ())}
            found[number] = (nearest, _present([person for _, person in pairs], there))
    return found


def _held(post: str, at: datetime) -> AppointmentQuerySet:
    return (
        Appointment.objects.held_at(at)
        .filter(post=post, user__is_active=True)
        .filter(Q(organisation__valid_to=None) | Q(organisation__valid_to__gt=at))
        .only("user_id", "organisation_id", "area_no")
    )


def _present(people: Collection[UUID], on_duty: Collection[UUID]) -> People:
    """Those on duty; all, while nobody is."""
    here = [person for person in people if person in on_duty]
    return tuple(dict.fromkeys(here or people))


def _on_duty(units: Collection[UUID], post: str, at: datetime) -> dict[UUID, set[UUID]]:
    """By unit, who came on and has not gone off, nor handed over (see `on_duty`)."""
    rows = DutyMember.objects.filter(
        Q(off_at=None) | Q(off_at__gt=at),
        Q(shift__accepted_at=None) | Q(shift__accepted_at__gt=at),
        shift__organisation_id__in=list(units),
        shift__post=post,
        on_at__lte=at,
    ).values_list("shift__organisation_id", "user_id")
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for unit, person in rows:
        found[unit].add(person)
    return found
