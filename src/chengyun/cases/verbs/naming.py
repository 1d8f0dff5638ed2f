"""Whom a move names: units and people that exist now and may be given the case."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.commands import (
    Check,
    Command,
    Dispatch,
    JoinHandling,
    Redispatch,
    Split,
    Verify,
)
from chengyun.cases.decide.state import CaseState
from chengyun.cases.reads.kinds import kinds
from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.people.models import Appointment, Organisation


def check_named(command: Command, state: CaseState, now: datetime) -> None:
    """Make sure that everybody a command names is there: a case given to nobody is lost.

    Raises:
        Invalid: an unknown, closed or other city's unit, no collector of the place, no kind.
    """
    faults: list[FieldError] = []
    if isinstance(command, Dispatch | Redispatch):
        faults += _units("unit", [command.unit], state, now)
        faults += _units("co_units", command.co_units, state, now)
    elif isinstance(command, JoinHandling):
        faults += _units("unit", [command.unit], state, now)
    elif isinstance(command, Check | Verify) and command.collector_id is not None:
        faults += _collector(command.collector_id, state, now)
    elif isinstance(command, Split):
        faults += _kinds(command, state)
    if faults:
        raise Invalid(faults)


def _units(
    name: str, wanted: Collection[UUID], state: CaseState, now: datetime
) -> list[FieldError]:
    if not wanted:
        return []
    low, high = areas.span(state.city)
    known = set(
        Organisation.objects.valid_at(now)
        .filter(pk__in=wanted, area_no__range=(low, high))
        .values_list("pk", flat=True)
    )
    return [
        FieldError(f"params.{name}", f"{unit} is no unit of this city", "unknown_unit")
        for unit in wanted
        if unit not in known
    ]


def _collector(user_id: UUID, state: CaseState, now: datetime) -> list[FieldError]:
    place = state.area_no or state.city
    held = Appointment.objects.held_at(now).filter(user_id=user_id, post="collector")
    if any(areas.contains(area, place) for area in held.values_list("area_no", flat=True)):
        return []
    return [FieldError("params.collector_id", "is no collector of this place", "unknown_person")]


def _kinds(command: Split, state: CaseState) -> list[FieldError]:
    faults = []
    for index, part in enumerate(command.parts):
        entry = kinds().get(part.kind_id)
        if part.kind_id and (entry is None or entry.city_no not in (None, state.city)):
            name = f"params.parts.{index}.kind_id"
            faults.append(FieldError(name, f"{part.kind_id!r} is no kind here", "unknown_kind"))
    return faults
