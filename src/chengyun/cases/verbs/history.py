"""History: cases of another system enter with their own times and states.

No clock starts and nobody is told. Rows come in chunks; each chunk is one transaction of cases,
their events and one audit entry, so that an import killed anywhere goes on where it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from chengyun.cases.decide.arrivals import ImportCase
from chengyun.cases.decide.context import Context, Refusal
from chengyun.cases.decide.decider import decide
from chengyun.cases.decide.state import CaseState, State
from chengyun.cases.reads.kinds import KindEntry, kinds
from chengyun.cases.reads.rulebook import rulebook
from chengyun.cases.reads.similar import cell_of
from chengyun.cases.verbs.writing import COLUMNS, Said, fold_on, row_of
from chengyun.kernel.actor import Actor
from chengyun.kernel.copy import copy_rows
from chengyun.kernel.events import COLUMNS as EVENT_COLUMNS
from chengyun.kernel.ids import new_id
from chengyun.kernel.text import JsonObject, Text
from chengyun.kernel.verbs import verb

# COPY knows a type by its own name only.
_CASE, _EVENT = (
    {name: "int4" if kind == "int" else kind for name, kind in columns.items()}
    for columns in (COLUMNS, EVENT_COLUMNS)
)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One case of another system. `row` is its number in the file.

    `attributes` holds what the source said beyond our fields; nothing in it is interpreted.
    `no` and `grid_code` are given where the file is an export of our own.
    """

    row: int
    id: UUID
    city_no: int
    area_no: int
    source: str
    state: State
    reported_at: datetime
    external_source: str | None
    external_id: str | None
    kind_id: str | None = None
    condition_id: str | None = None
    closed_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    location: str = "none"
    address: str = ""
    text: str = ""
    attributes: JsonObject = field(default_factory=dict)
    lead_unit: UUID | None = None
    merged_into: UUID | None = None
    recurrence_of: UUID | None = None
    no: str | None = None
    grid_code: str | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be a case here, and why."""

    row: int
    field: str
    code: str
    reason: Text


def known_external(source: str, ids: Sequence[str]) -> dict[str, UUID]:
    """The cases that an external source's ids already have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_id, id FROM cases_case"
            " WHERE external_source = %s AND external_id = ANY(%s)",
            [source, list(ids)],
        )
        return dict(cursor.fetchall())


def known_ids(ids: Sequence[UUID]) -> set[UUID]:
    """Which of the ids are cases already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_case WHERE id = ANY(%s)", [list(ids)])
        return {row[0] for row in cursor.fetchall()}


@verb("cases.import_history")
def _import_chunk(
    actor: Actor, *, now: datetime, rows: tuple[HistoryRow, ...], refused: list[Refused]
) -> JsonObject:
    cases: list[Sequence[Any]] = []
    events: list[Sequence[Any]] = []
    known, book = kinds(), rulebook()
    taken = _taken_numbers([row.no for row in rows if row.no])
    numbers = iter(_numbers(len(rows)))
    for row in rows:
        rules = book.of(row.city_no)
        entry = known.get(row.kind_id)
        number = row.no
        if number is None or number in taken:
            number = f"{row.reported_at.astimezone(rules.calendar.zone):%Y%m%d}{next(numbers):06d}"
        command = ImportCase(
            id=row.id,
            no=number,
            city=row.city_no,
            source=row.source,
            reported_at=row.reported_at,
            state=row.state,
            closed_at=row.closed_at,
            kind_id=row.kind_id,
            condition_id=row.condition_id,
            area_no=row.area_no,
            recurrence_of=row.recurrence_of,
            merged_into=row.merged_into,
            lead_unit=row.lead_unit,
            simulated=row.simulated,
        )
        outcome = decide(None, command, Context(now, actor, rules.calendar, rules.limits))
        if isinstance(outcome, Refusal):
            refused.append(Refused(row.row, outcome.field or "row", outcome.code, outcome.reason))
            continue
        state = fold_on(None, outcome)
        cases.append(_case(row, entry, state))
        units = list(state.units)
        for event in outcome:
            events.append(
                (
                    new_id(),
                    event.name,
                    event.case_id,
                    event.version,
                    state.area_no,
                    units,
                    actor.id,
                    actor.kind,
                    actor.name,
                    event.at,
                    now,
                    event.to_data(),
                )
            )
    copy_rows("cases_case", _CASE, cases)
    copy_rows("kernel_event", _EVENT, events)
    return {"count": len(cases)}


def import_history(actor: Actor, *, now: datetime, rows: Sequence[HistoryRow]) -> list[Refused]:
    """Bring one chunk in; all of it that can be, in one transaction.

    Needs a database role above row-level security (COPY). Rows must be new: whoever calls has
    looked with `known_external` or `known_ids`.

    Returns:
        The rows that were refused.

    Raises:
        django.db.IntegrityError: another import brought one of them in meanwhile; try again.
    """
    refused: list[Refused] = []
    _import_chunk(actor, now=now, rows=tuple(rows), refused=refused)
    return refused


def _numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number_seq') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def _taken_numbers(numbers: Iterable[str]) -> set[str]:
    wanted = list(numbers)
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT no FROM cases_case WHERE no = ANY(%s)", [wanted])
        return {row[0] for row in cursor.fetchall()}


def _case(row: HistoryRow, entry: KindEntry | None, state: CaseState) -> Sequence[Any]:
    condition = entry.kind.condition(row.condition_id) if entry and row.condition_id else None
    said = Said(
        is_public=bool(entry and entry.kind.public),
        kind_version_id=entry.version_id if entry else None,
        level=condition.level if condition else None,
        lon=row.lon,
        lat=row.lat,
        location=row.location,
        # A geocoder's stand-in point would make neighbours of strangers.
        cell=cell_of(row.lon, row.lat) if row.location == "exact" else None,
        grid_code=row.grid_code,
        address=row.address,
        text=row.text,
        attributes=row.attributes,
        external_source=row.external_source,
        external_id=row.external_id,
    )
    values = list(row_of(state, said))
    values[_UNITS] = list(state.units)
    values[_ASKS] = list(state.asks)
    values[_ATTRIBUTES] = row.attributes
    return values


# `row_of` writes arrays and JSON as texts for INSERT; COPY takes them as they are.
_UNITS = list(COLUMNS).index("unit_ids")
_ASKS = list(COLUMNS).index("asks")
_ATTRIBUTES = list(COLUMNS).index("attributes")
