"""Readings by the names of things, for doors where people and scripts write them out."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.readings import Readings, Receipt, Refused
from chengyun.sensing.models import Thing
from chengyun.sensing.policy import may_keep
from chengyun.sensing.reads.streams import numbers
from chengyun.sensing.verbs.storing import microseconds
from chengyun.sensing.verbs.taking import take

Row = tuple[str, str, datetime, float | str]
"""Thing code, stream code, phenomenon time, value."""
_ZONE = "The time says no zone."
_THEIRS = "No such thing of yours."


def take_named(
    actor: Actor, *, now: datetime, rows: Sequence[Row], door: str = "api"
) -> JsonObject:
    """Take readings of things that the actor keeps; others are refused as if there were none."""
    codes = {row[0] for row in rows}
    held = Thing.objects.visible_to(actor).filter(code__in=codes)
    mine = {one.code for one in held if may_keep(actor, one.area_no, one.owner_id)}
    known = numbers([(row[0], row[1]) for row in rows])
    refused: dict[int, Refused] = {}
    sound = []
    for at, (thing, stream, when, _) in enumerate(rows):
        if when.tzinfo is None:
            refused[at] = Refused(at, "at", _ZONE, "no_zone")
        elif thing not in mine:
            refused[at] = Refused(at, "thing", _THEIRS, "unknown_thing")
        elif (thing, stream) not in known:
            refused[at] = Refused(at, "stream", "It has no such stream.", "unknown_stream")
        else:
            sound.append(at)
    taken = [rows[at] for at in sound]
    receipt = take(
        Readings(
            stream=np.array([known[row[:2]] for row in taken], np.int64),
            at=np.array([microseconds(row[2]) for row in taken], np.int64),
            value=np.array([_number(row[3]) for row in taken], np.float64),
            flags=np.zeros(len(taken), np.int32),
            words={n: row[3] for n, row in enumerate(taken) if isinstance(row[3], str)},
        ),
        now=now,
        door=door,
    )
    for one in receipt.refused:
        refused[sound[one.row]] = Refused(sound[one.row], one.field, one.reason, one.code)
    return as_json(receipt, [refused[at] for at in sorted(refused)])


def _number(value: float | str) -> float:
    return float("nan") if isinstance(value, str) else value


def as_json(receipt: Receipt, refused: Sequence[Refused]) -> JsonObject:
    """A receipt as JSON, with the refusals counted by the caller's rows."""
    return {
        "stored": receipt.stored,
        "duplicates": receipt.duplicates,
        "corrected": receipt.corrected,
        "late": receipt.late,
        "refused": [
            {"row": one.row, "field": one.field, "reason": one.reason, "code": one.code}
            for one in refused
        ],
    }
