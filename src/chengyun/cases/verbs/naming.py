"""Whom a move names: units and people that exist now and may be given the case."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.commands import (
    Assign,
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

# From when, until when; None: without end.
Span = tuple[datetime, datetime | None]


@dataclass(slots=True)
class Named:
    """What is known of the units and people that some commands name; one query each, however
    many the commands are."""

    units: dict[UUID, tuple[int, Span]] = field(default_factory=dict)
    collectors: dict[UUID, list[tuple[int, Span]]] = field(default_factory=dict)
    handlers: dict[UUID, list[tuple[frozenset[UUID], Span]]] = field(default_factory=dict)

    def handlers_of(self, unit: UUID, now: datetime) -> frozenset[UUID]:
        """Who holds the handler post in a unit or below it."""
        return frozenset(
            user
            for user, held in self.handlers.items()
            if any(unit in path and _within(span, now) for path, span in held)
        )


def look_up(commands: Iterable[Command]) -> Named:
    """Read what a batch of commands names."""
    named = Named()
    units, collectors, handlers = set[UUID](), set[UUID](), set[UUID]()
    for command in commands:
        units.update(unit for _, wanted in _wanted_units(command) for unit in wanted)
        if isinstance(command, Check | Verify) and command.collector_id is not None:
            collectors.add(command.collector_id)
        elif isinstance(command, Assign):
            handlers.add(command.handler_id)
    if units:
        rows = Organisation.objects.filter(pk__in=units)
        for pk, area_no, start, end in rows.values_list("pk", "area_no", "valid_from", "valid_to"):
            named.units[pk] = (area_no, (start, end))
    if collectors:
        held = Appointment.objects.filter(user_id__in=collectors, post="collector")
        for user, area_no, start, end in held.values_list(
            "user_id", "area_no", "valid_from", "valid_to"
        ):
            named.collectors.setdefault(user, []).append((area_no, (start, end)))
    if handlers:
        held = Appointment.objects.filter(user_id__in=handlers, post="handler")
        for user, path, start, end in held.values_list(
            "user_id", "organisation__path", "valid_from", "valid_to"
        ):
            named.handlers.setdefault(user, []).append((frozenset(path), (start, end)))
    return named


def check_named(
    command: Command, state: CaseState, now: datetime, named: Named | None = None
) -> None:
    """Make sure that everybody a command names is there: a case given to nobody is lost.

    Args:
        named: what `look_up` found for this command among others.

    Raises:
        Invalid: an unknown, closed or other city's unit, no collector of the place, no kind.
    """
    faults: list[FieldError] = []
    if isinstance(command, Split):
        faults += _kinds(command, state)
    else:
        known = look_up([command]) if named is None else named
        for name, wanted in _wanted_units(command):
            faults += _units(name, wanted, state, now, known)
        if isinstance(command, Check | Verify) and command.collector_id is not None:
            faults += _collector(command.collector_id, state, now, known)
    if faults:
        raise Invalid(faults)


def _wanted_units(command: Command) -> Iterator[tuple[str, Collection[UUID]]]:
    if isinstance(command, Dispatch | Redispatch):
        yield "unit", (command.unit,)
        yield "co_units", command.co_units
    elif isinstance(command, JoinHandling):
        yield "unit", (command.unit,)


def _within(span: Span, now: datetime) -> bool:
    start, end = span
    return start <= now and (end is None or end > now)


def _units(
    name: str, wanted: Collection[UUID], state: CaseState, now: datetime, named: Named
) -> list[FieldError]:
    low, high = areas.span(state.city)
    faults = []
    for unit in wanted:
        found = named.units.get(unit)
        if found is None or not low <= found[0] <= high or not _within(found[1], now):
            said = f"{unit} is no unit of this city"
            faults.append(FieldError(f"params.{name}", said, "unknown_unit"))
    return faults


def _collector(user_id: UUID, state: CaseState, now: datetime, named: Named) -> list[FieldError]:
    place = state.area_no or state.city
    held = named.collectors.get(user_id, [])
    if any(areas.contains(area, place) and _within(span, now) for area, span in held):
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
