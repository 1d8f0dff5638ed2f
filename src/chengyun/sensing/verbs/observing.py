"""Observations by a door that names streams by number and says more than a value."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import orjson
from django.db import connection
from psycopg.types.json import Jsonb

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Forbidden, NotFound, Problem
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.decide.readings import Readings
from chengyun.sensing.policy import may_keep
from chengyun.sensing.verbs.taking import HISTORY, LATEST, take

DOOR = "sensorthings"
MOST_WORDS = 1_000
LONGEST_WORD = 1_000
_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_STREAMS = """
SELECT d.no, d.result, d.property_id, p.values, p.pack, t.area_no, t.owner_id, t.code, t.state,
    (SELECT h.no FROM sensing_thingplace h WHERE h.thing_id = t.id ORDER BY h.at DESC LIMIT 1)
FROM sensing_datastream d JOIN sensing_thing t ON t.id = d.thing_id
LEFT JOIN sensing_observedproperty p ON p.id = d.property_id WHERE d.no = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class NewObservation:
    """One observation: `said` has result, and perhaps phenomenonTime (instant or two), resultTime,
    resultQuality, validTime, parameters. `feature` is the number of its FeatureOfInterest."""

    stream: int
    said: Mapping[str, Any]
    feature: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A datastream as observations need it."""

    result: str
    property: str
    values: tuple[str, ...]
    pack: str
    thing: str
    place: int | None
    may: bool


@verb("sensing.post_observations")
def post_observations(
    actor: Actor, *, now: datetime, items: tuple[NewObservation, ...], device: str = ""
) -> JsonObject:
    """Take observations in; each stands for itself. `device`: the thing that speaks, if one does.

    Returns {"results"}: per item an id, or {"status", "code", "detail"}.
    """
    said = observe(actor, items, now=now, device=device)
    results = [
        {"status": one.status, "code": one.code, "detail": one.detail}
        if isinstance(one, Problem)
        else one
        for one in said
    ]
    return {"results": results, "count": sum(isinstance(one, str) for one in said)}


def observe(
    actor: Actor, given: Sequence[NewObservation], *, now: datetime, device: str = ""
) -> list[str | Problem]:
    """The ids of observations in their order, or why one was refused."""
    told = _told(actor, {one.stream for one in given}, device)
    known = _features({one.feature for one in given if one.feature is not None})
    answers: list[str | Problem] = [Problem() for _ in given]
    rows: list[tuple[int, datetime, datetime | None, float, str | None]] = []
    kept: list[int] = []
    for at, one in enumerate(given):
        try:
            if one.feature is not None and one.feature not in known:
                raise NotFound("There is no such FeatureOfInterest.")
            rows.append(_row(one, told.get(one.stream), now))
            kept.append(at)
        except Problem as problem:
            answers[at] = problem
    _words(rows, told)
    _unmoved(rows)
    history = not device and any(row[1] < now - LATEST for row in rows)
    readings = Readings(
        stream=np.array([row[0] for row in rows], np.int64),
        at=np.array([micros(row[1]) for row in rows], np.int64),
        value=np.array([row[3] for row in rows], np.float64),
        flags=np.zeros(len(rows), np.int32),
        words={n: row[4] for n, row in enumerate(rows) if row[4] is not None},
    )
    receipt = take(readings, now=now, door=HISTORY if history else DOOR)
    refused = {one.row: one for one in receipt.refused}
    for n, (at, row) in enumerate(zip(kept, rows, strict=True)):
        if n in refused:
            answers[at] = _fault(refused[n].field, refused[n].reason, refused[n].code)
        else:
            answers[at] = f"{row[0]}_{micros(row[1])}"
    _say(
        [
            (row, given[at], told[row[0]])
            for n, (at, row) in enumerate(zip(kept, rows, strict=True))
            if n not in refused
        ]
    )
    return answers


def micros(at: datetime) -> int:
    """An instant in microseconds since 1970."""
    return (at - _1970) // timedelta(microseconds=1)


def _fault(field: str, reason: str, code: str) -> Problem:
    return Problem(f"{field}: {reason}", code=code, errors=[FieldError(field, reason, code)])


def _told(actor: Actor, numbers: set[int], device: str) -> dict[int, Told]:
    with connection.cursor() as cursor:
        cursor.execute(_STREAMS, [list(numbers)])
        rows = cursor.fetchall()
    return {
        row[0]: Told(
            *(row[1], row[2], tuple(row[3] or ()), row[4] or "", row[7], row[9]),
            may=row[7] == device if device else may_keep(actor, row[5], row[6]),
        )
        for row in rows
        if not device or row[7] == device
    }


def _features(numbers: set[int]) -> set[int]:
    """Those of the features that are there: posted, or a thing's place."""
    if not numbers:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT no FROM sensing_feature WHERE no = ANY(%s)"
            " UNION ALL SELECT no FROM sensing_thingplace WHERE no = ANY(%s)",
            [list(numbers), list(numbers)],
        )
        return {row[0] for row in cursor.fetchall()}


def _row(
    one: NewObservation, told: Told | None, now: datetime
) -> tuple[int, datetime, datetime | None, float, str | None]:
    if told is None:
        raise NotFound("There is no such Datastream.")
    if not told.may:
        raise Forbidden("Observations of this thing are its keepers' to post.")
    said = one.said.get("phenomenonTime") or now
    begin, end = said if isinstance(said, tuple) else (said, None)
    result = one.said["result"]
    if told.result == "category":
        word = result if isinstance(result, str) else orjson.dumps(result).decode()
        if not 0 < len(word) <= LONGEST_WORD or "\0" in word:
            raise _fault("result", f"is 1 to {LONGEST_WORD} characters", "bad_result")
        return one.stream, begin, end, math.nan, word
    if isinstance(result, bool) and told.result != "truth":
        raise _fault("result", "is a number", "not_a_number")
    if isinstance(result, str):
        try:
            result = float({"true": "1", "false": "0"}.get(result, result))
        except ValueError as error:
            raise _fault("result", "is a number", "not_a_number") from error
    if not isinstance(result, (int, float)) or not math.isfinite(result):
        raise _fault("result", "is a finite number", "not_a_number")
    return one.stream, begin, end, float(result), None


def _words(rows: Sequence[Any], told: Mapping[int, Told]) -> None:
    """Let properties that were posted learn new words; those of packs have theirs."""
    fresh: dict[str, list[str]] = {}
    for stream, _, _, _, word in rows:
        one = told[stream]
        if word is not None and not one.pack and word not in one.values:
            known = fresh.setdefault(one.property, [])
            if word not in known and len(known) + len(one.values) < MOST_WORDS:
                known.append(word)
    with connection.cursor() as cursor:
        for name, words in fresh.items():
            if not words:
                continue
            cursor.execute(
                "UPDATE sensing_observedproperty SET values = values || %s WHERE id = %s",
                [words, name],
            )
            # The register is read again where a stream changed.
            cursor.execute(
                "UPDATE sensing_datastream SET code = code WHERE property_id = %s", [name]
            )


def _unmoved(rows: Sequence[Any]) -> None:
    """Refuse an instant whose id belongs to an observation that was moved elsewhere in time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM sensing_said s JOIN unnest(%s::bigint[], %s::timestamptz[]) AS w(n, at)"
            " ON s.stream = w.n AND s.born = w.at WHERE s.at <> s.born LIMIT 1",
            [[row[0] for row in rows], [row[1] for row in rows]],
        )
        if cursor.fetchone() is not None:
            raise Conflict("Another observation was first made at this instant.")


def _say(rows: Sequence[tuple[Any, NewObservation, Told]]) -> None:
    """Keep what an observation says besides its value, for those that say anything."""
    values: list[list[Any]] = []
    for row, one, told in rows:
        said = one.said
        content = {
            name: said[name]
            for name in ("resultQuality", "validTime", "parameters")
            if said.get(name) is not None
        }
        if told.result == "category" and not isinstance(said["result"], str):
            content["result"] = said["result"]
        feature = one.feature or told.place
        if content or feature or row[2] or said.get("resultTime"):
            kept = Jsonb(content) if content else None
            values.append([row[0], row[1], row[1], row[2], said.get("resultTime"), feature, kept])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO sensing_said (stream, at, born, until, result_at, feature, content)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (stream, at) DO UPDATE SET"
            " until = excluded.until, result_at = excluded.result_at, feature = excluded.feature,"
            " content = excluded.content",
            values,
        )
