"""A few things with streams, and readings written short."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.areas import pack
from chengyun.sensing import reads, verbs
from chengyun.sensing.decide.readings import Readings
from chengyun.sensing.verbs import NewThing

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
AREA = pack(1, 1, 1)
ELSEWHERE = pack(1, 2, 1)
_1970 = datetime(1970, 1, 1, tzinfo=UTC)


def us(at: datetime) -> int:
    """An instant in microseconds."""
    return (at - _1970) // timedelta(microseconds=1)


def name(text: str) -> dict[str, str]:
    """A name in both languages."""
    return {"zh": text, "en": text}


def stream(property_: str, **settings: Any) -> dict[str, Any]:
    """A declared stream as a pack's JSON has it."""
    return {
        "property": property_,
        "low": None,
        "high": None,
        "every": 60,
        "stuck_after": None,
        "jump": None,
        "keep_days": 90,
        "keep_hours_days": 1_095,
        **settings,
    }


def measured(id_: str, unit: str, result: str = "number", values: Any = ()) -> dict[str, Any]:
    """A declared property as a pack's JSON has it."""
    return {
        "id": id_,
        "name": name(id_),
        "unit": unit,
        "result": result,
        "values": list(values),
        "definition": "",
    }


SENSES: dict[str, Any] = {
    "properties": [
        measured("level", "m"),
        measured("rain", "mm"),
        measured("open", "1", "truth"),
        measured("meter", "m3", "total"),
        measured("mode", "1", "category", ("auto", "manual", "off")),
    ],
    "things": [
        {
            "id": "gauge",
            "name": name("gauge"),
            "owner": "drainage",
            "moving": False,
            "calibrate_days": 365,
            "reach_m": 500.0,
            "streams": [
                stream("level", low=-1, high=10, jump=2, stuck_after=600),
                stream("rain", low=0, every=300),
                stream("open"),
                stream("meter"),
                stream("mode"),
            ],
        }
    ],
}


def declare() -> None:
    """The properties and the kind of these tests."""
    verbs.load_senses(SYSTEM, now=NOW, pack="test", pack_version="1", content=SENSES)


def gauges(count: int, *, area_no: int = AREA, prefix: str = "g") -> list[str]:
    """Register some gauges; their codes."""
    codes = [f"{prefix}{n}" for n in range(count)]
    items = tuple(NewThing(code=code, kind="gauge", area_no=area_no) for code in codes)
    done = verbs.register_things(SYSTEM, now=NOW, items=items)
    assert not done["rejects"]
    return codes


def no(code: str, stream_code: str = "level") -> int:
    """The number of a stream."""
    return reads.streams.numbers([(code, stream_code)])[(code, stream_code)]


def readings(rows: Iterable[tuple[int, datetime, float | str]]) -> Readings:
    """Readings of (stream, instant, number or word)."""
    given = list(rows)
    return Readings(
        stream=np.array([row[0] for row in given], np.int64),
        at=np.array([us(row[1]) for row in given], np.int64),
        value=np.array(
            [np.nan if isinstance(row[2], str) else row[2] for row in given], np.float64
        ),
        flags=np.zeros(len(given), np.int32),
        words={at: row[2] for at, row in enumerate(given) if isinstance(row[2], str)},
    )
