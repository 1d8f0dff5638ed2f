"""A mapping as data: which of another house's words is thing, datastream, value, time, place.

Paths are `$`, names and numbers only (`$.device.id`, `$.data[0].v`); one `[*]` in `each` makes a
record of every item. There is nothing to execute in a mapping.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from chengyun.sensing.decide.points import POINTS_MAX, Malformed

_STEP = re.compile(r"\.([^.\[\]\s]{1,80})|\[(\d{1,5})\]|(\[\*\])")
_PATH_STEPS = 12

Path = Annotated[str, Field(pattern=r"^\$[^\s]{0,300}$")]
Step = str | int


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stream(_Strict):
    """One value of a record. `words` translates what the sender says into a number or a word."""

    stream: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    value: Path
    unit: Annotated[str, Field(max_length=40)] = ""
    factor: float = 1.0
    optional: bool = False
    words: dict[str, float | str] = {}

    @field_validator("value")
    @classmethod
    def _readable(cls, value: str) -> str:
        steps(value)
        return value


class Mapping(_Strict):
    """How one feed's messages are read.

    Attributes:
        each: the list of records; none: the message is one.
        thing: where a record names its thing; `prefix` is put before it, `things` translates it,
            `of_feed` is the one thing of all records.
        time: where its time stands; none: when it was received. `time_format` is of strptime and
            needs `zone`; else ISO 8601 or a number since 1970.
        only: records are skipped unless the value there is one of these.
    """

    each: Path | None = None
    thing: Path | None = None
    of_feed: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = None
    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,40}$")] = ""
    things: dict[str, str] = {}
    time: Path | None = None
    time_format: Annotated[str, Field(max_length=60)] | None = None
    zone: str | None = None
    lon: Path | None = None
    lat: Path | None = None
    datum: Literal["wgs84"] = "wgs84"
    only: dict[Path, tuple[str | int | float | bool, ...]] = {}
    streams: tuple[Stream, ...] = Field(default=(), max_length=200)

    @field_validator("each", "thing", "time", "lon", "lat")
    @classmethod
    def _readable(cls, value: str | None) -> str | None:
        if value is not None:
            steps(value)
        return value

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        try:
            ZoneInfo(value or "UTC")
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is no time zone") from error
        return value


@lru_cache(maxsize=4096)
def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path.

    Raises:
        ValueError: it is none.
    """
    found: list[Step] = []
    at = 1
    while at < len(path):
        match = _STEP.match(path, at)
        if match is None or len(found) == _PATH_STEPS:
            raise ValueError(f"{path} is no path such as $.data[0].value")
        name, place, star = match.groups()
        found.append("[*]" if star else int(place) if place else name)
        at = match.end()
    return tuple(found)


def pick(value: Any, path: str) -> Any:
    """What stands at a path, None where nothing does."""
    for step in steps(path):
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
        if value is None:
            return None
    return value


def every(value: Any, path: str | None) -> list[Any]:
    """The records of a message.

    Raises:
        Malformed: there is no list, or too long a one.
    """
    if path is None:
        return [value]
    before, star, after = path.partition("[*]")
    found = pick(value, before)
    if not isinstance(found, list):
        raise Malformed("schema_drift", f"there is no list at {before}")
    if len(found) > POINTS_MAX:
        raise Malformed("too_many", f"more than {POINTS_MAX} records in one message")
    return [pick(item, f"${after}") for item in found] if star and after else found


def local_time(text: object, layout: str, zone: str | None) -> datetime:
    """A time written in the sender's own way.

    Raises:
        Malformed: it is written otherwise.
    """
    try:
        read = datetime.strptime(str(text), layout)  # noqa: DTZ007 - the zone is put on below
    except ValueError:
        raise Malformed("bad_time", f"“{str(text)[:40]}” is not written as {layout}") from None
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone or "UTC"))
