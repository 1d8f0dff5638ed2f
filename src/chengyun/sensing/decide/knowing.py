"""What is known of each stream, as rows to read and as columns to judge a batch by."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.judging import Limits, Marks
from chengyun.sensing.decide.readings import Ints


@dataclass(frozen=True, slots=True)
class StreamFact:
    """A datastream with what its thing is; `values` are a category's words in their order."""

    no: int
    id: UUID
    code: str
    thing_id: UUID
    thing_code: str
    thing_name: str
    kind: str
    state: str
    property: str
    unit: str
    result: str
    values: tuple[str, ...]
    low: float | None
    high: float | None
    jump: float | None
    every_s: int
    stuck_after_s: int | None
    area_no: int
    unit_ids: tuple[UUID, ...]
    lon: float | None
    lat: float | None
    thing_properties: JsonObject
    private: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """Streams as columns, sorted by `no`. `open` is false where the thing is retired."""

    no: Ints
    open: Marks
    worded: Marks
    truth: Marks
    limits: Limits

    def rows_of(self, streams: Ints) -> tuple[Ints, Marks]:
        """Where each stream stands, and whether it is known at all."""
        if not len(self.no):
            return np.zeros(len(streams), np.int64), np.zeros(len(streams), np.bool_)
        rows = np.searchsorted(self.no, streams)
        rows[rows == len(self.no)] = 0
        return rows, self.no[rows] == streams


def columns(facts: dict[int, StreamFact]) -> Columns:
    """The columns of some streams."""
    ordered = [facts[no] for no in sorted(facts)]

    def number(values: list[float | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([np.nan if value is None else value for value in values], np.float64)

    limits = Limits(
        low=number([one.low for one in ordered]),
        high=number([one.high for one in ordered]),
        jump=number([one.jump for one in ordered]),
        stuck_us=np.array([(one.stuck_after_s or 0) * 1_000_000 for one in ordered], np.int64),
        climbs=np.array([one.result == "total" for one in ordered], np.bool_),
    )
    return Columns(
        no=np.array([one.no for one in ordered], np.int64),
        open=np.array([one.state != "retired" for one in ordered], np.bool_),
        worded=np.array([one.result == "category" for one in ordered], np.bool_),
        truth=np.array([one.result == "truth" for one in ordered], np.bool_),
        limits=limits,
    )
