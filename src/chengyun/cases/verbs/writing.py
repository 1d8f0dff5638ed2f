"""Writing cases: events and the row folded from them, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, connection

from chengyun.cases.decide.fold import evolve
from chengyun.cases.decide.state import CaseState
from chengyun.cases.events import CaseEvent, CaseRelocated
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.copy import NewRows, insert_rows, insert_together, pg_array
from chengyun.kernel.events import NewEvent, publish
from chengyun.kernel.ids import new_id
from chengyun.kernel.prepared import hot_cursor
from chengyun.kernel.problems import Conflict, FieldError

# Columns that follow from the state alone; the rest is what the reporter said.
FOLDED: dict[str, str] = {
    "area_no": "bigint",
    "unit_ids": "uuid[]",
    "kind_id": "text",
    "condition_id": "text",
    "state": "text",
    "version": "int",
    "open": "boolean",
    "lead_unit": "uuid",
    "handler_id": "uuid",
    "closed_at": "timestamptz",
    "due_at": "timestamptz",
    "warn_at": "timestamptz",
    "paused": "boolean",
    "sort_at": "timestamptz",
    "next_tick_at": "timestamptz",
    "supervised": "smallint",
    "overtime": "smallint",
    "asks": "text[]",
    "reports": "int",
    "merged_into": "uuid",
    "recurrence_of": "uuid",
    "updated_at": "timestamptz",
}
SAID: dict[str, str] = {
    "id": "uuid",
    "no": "text",
    "city_no": "bigint",
    "is_public": "boolean",
    "kind_version_id": "bigint",
    "level": "smallint",
    "source": "text",
    "simulated": "boolean",
    "imported": "boolean",
    "lon": "float8",
    "lat": "float8",
    "location": "text",
    "cell": "bigint",
    "grid_code": "text",
    "address": "text",
    "address_id": "uuid",
    "text": "text",
    "attributes": "jsonb",
    "reported_at": "timestamptz",
    "external_source": "text",
    "external_id": "text",
}
COLUMNS = SAID | FOLDED


@dataclass(frozen=True, slots=True)
class Said:
    """The facts of a case that no move folds: place, words, attributes."""

    is_public: bool = False
    kind_version_id: int | None = None
    level: int | None = None
    lon: float | None = None
    lat: float | None = None
    location: str = "none"
    cell: int | None = None
    grid_code: str | None = None
    address: str = ""
    address_id: UUID | None = None
    text: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    external_source: str | None = None
    external_id: str | None = None


def folded(state: CaseState) -> tuple[Any, ...]:
    """The values of the FOLDED columns."""
    clock = state.clock if state.is_open else None
    due = clock.due_at if clock else None
    return (
        state.area_no or state.city,
        pg_array(state.units),
        state.kind_id,
        state.condition_id,
        state.state,
        state.version,
        state.is_open,
        state.lead_unit,
        state.handler_id,
        state.closed_at,
        due,
        clock.warn_at if clock else None,
        state.paused,
        due or state.reported_at,
        state.next_tick_at,
        state.supervised,
        len(state.overtime),
        pg_array(state.asks),
        state.reports,
        state.merged_into,
        state.recurrence_of,
        state.updated_at,
    )


def row_of(state: CaseState, said: Said) -> tuple[Any, ...]:
    """The values of all COLUMNS of a new case."""
    return (
        state.id,
        state.no,
        state.city,
        said.is_public,
        said.kind_version_id,
        said.level,
        state.source,
        state.simulated,
        state.imported,
        said.lon,
        said.lat,
        said.location,
        said.cell,
        said.grid_code,
        said.address,
        said.address_id,
        said.text,
        orjson.dumps(said.attributes).decode(),
        state.reported_at,
        said.external_source,
        said.external_id,
        *folded(state),
    )


def fold_on(state: CaseState | None, events: Sequence[CaseEvent]) -> CaseState:
    """The state after some events."""
    for event in events:
        state = evolve(state, event)
    if state is None:
        raise ValueError("a case begins with its first event")
    return state


def news(
    actor: Actor,
    before: CaseState | None,
    after: CaseState,
    events: Sequence[CaseEvent],
    now: datetime,
) -> list[NewEvent]:
    """The events as the kernel publishes them; units before and after are concerned by each."""
    units = tuple(dict.fromkeys((before.units if before else ()) + after.units))
    return [
        NewEvent(
            name=event.name,
            subject_id=event.case_id,
            subject_version=event.version,
            # Who saw it where it lay is told that it is gone; who sees it now finds its row.
            area_no=(before if before and isinstance(event, CaseRelocated) else after).area_no
            or after.city,
            unit_ids=units,
            # An automatic step carries no person even where a person's command set it off.
            actor=SYSTEM if event.stamp.post == "system" else actor,
            occurred_at=event.at,
            recorded_at=now,
            data=event.to_data(),
        )
        for event in events
    ]


def publish_once(found: list[NewEvent], *together: NewRows) -> None:
    """Publish, with rows of our own; a version somebody else took first is a conflict.

    Raises:
        Conflict: the case moved on meanwhile, or its external id was taken.
    """
    try:
        publish(found, *together)
    except IntegrityError as error:
        if "event_once_per_version" in str(error):
            raise Conflict("The case has moved on meanwhile.", code="stale") from error
        if "case_external_once" in str(error):
            taken = FieldError("external_id", "came in a moment ago by another request", "exists")
            raise Conflict("The report is here already.", code="exists", errors=[taken]) from error
        raise


def case_rows(rows: Sequence[tuple[Any, ...]]) -> NewRows:
    """New case rows, to be written with their events."""
    return NewRows("cases_case", COLUMNS, rows)


def insert_cases(rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert new case rows by themselves."""
    insert_together(case_rows(rows))


# Column names are ours, values are parameters.
_UPDATE = (
    "UPDATE cases_case SET "  # noqa: S608
    + ", ".join(f"{name} = %s::{kind}" for name, kind in FOLDED.items())
    + ", kind_version_id = coalesce(%s, kind_version_id), level = coalesce(%s, level),"
    + " is_public = coalesce(%s, is_public) AND NOT hidden, grid_code = coalesce(%s, grid_code)"
    + " WHERE id = %s AND version = %s"
)


def update_case(
    before: CaseState,
    after: CaseState,
    *,
    kind_version_id: int | None = None,
    level: int | None = None,
    is_public: bool | None = None,
    grid_code: str | None = None,
) -> None:
    """Write the fold of a case that was at `before`.

    Raises:
        Conflict: the row is at another version.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE,
            [
                *folded(after),
                kind_version_id,
                level,
                is_public,
                grid_code,
                after.id,
                before.version,
            ],
        )
        if cursor.rowcount != 1:
            raise Conflict("The case has moved on meanwhile.", code="stale")


@dataclass(frozen=True, slots=True)
class Refiled:
    """What a new filing changes in the row beyond the fold; None: stays."""

    kind_version_id: int | None = None
    level: int | None = None
    is_public: bool | None = None


_MANY = {
    "id": "uuid",
    "was": "int",
    "kind_version_id": "bigint",
    "level": "smallint",
    "is_public": "boolean",
    **FOLDED,
}
# As above: names are ours, the rows come as one JSON document.
_UPDATE_MANY = (
    "UPDATE cases_case SET "  # noqa: S608
    + ", ".join(f"{name} = new.{name}" for name in FOLDED)
    + "".join(
        f", {name} = coalesce(new.{name}, cases_case.{name})"
        for name in ("kind_version_id", "level", "is_public")
    )
    + " FROM json_to_recordset(%s::json) AS new("
    + ", ".join(f"{name} {kind}" for name, kind in _MANY.items())
    + ") WHERE cases_case.id = new.id AND cases_case.version = new.was"
)


def update_cases(changed: Sequence[tuple[CaseState, CaseState, Refiled]]) -> None:
    """Write the folds of many cases: each as it was, as it is, and how it was filed anew.

    Raises:
        Conflict: a row is at another version.
    """
    if not changed:
        return
    rows = [
        dict(
            zip(
                _MANY,
                (
                    after.id,
                    before.version,
                    refiled.kind_version_id,
                    refiled.level,
                    refiled.is_public,
                    *folded(after),
                ),
                strict=True,
            )
        )
        for before, after, refiled in changed
    ]
    with hot_cursor() as cursor:
        cursor.execute(_UPDATE_MANY, [orjson.dumps(rows).decode()])
        if cursor.rowcount != len(changed):
            raise Conflict("The case has moved on meanwhile.", code="stale")


_PHOTO = {
    "id": "uuid",
    "case_id": "uuid",
    "upload_id": "uuid",
    "role": "text",
    "added_at": "timestamptz",
    "added_by": "uuid",
}


def photo_rows(
    case_id: UUID, before: CaseState | None, after: CaseState, actor: Actor
) -> list[tuple[Any, ...]]:
    """Rows that tie the photos that a move brought to the case."""
    known = {photo.id for photo in before.photos} if before else set()
    return [
        (new_id(), case_id, photo.id, photo.role, after.updated_at, actor.id)
        for photo in after.photos
        if photo.id not in known
    ]


def insert_photos(rows: Sequence[tuple[Any, ...]]) -> None:
    """Tie photos to cases, and mark the uploads as used."""
    if not rows:
        return
    insert_rows("cases_casephoto", _PHOTO, rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_upload SET used_at = said.at FROM"
            " unnest(%s::uuid[], %s::timestamptz[]) AS said(id, at)"
            " WHERE kernel_upload.id = said.id",
            [[row[2] for row in rows], [row[4] for row in rows]],
        )


def add_photos(case_id: UUID, before: CaseState | None, after: CaseState, actor: Actor) -> None:
    """Tie the photos that a move brought to the case, and mark the uploads as used."""
    insert_photos(photo_rows(case_id, before, after, actor))
