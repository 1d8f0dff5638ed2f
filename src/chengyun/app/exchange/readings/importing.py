"""Import of a file of readings: in chunks that each commit whole, and nothing doubled."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import numpy as np

from chengyun.app.exchange.files import open_table
from chengyun.app.exchange.parquet import is_parquet, open_parquet
from chengyun.app.exchange.readings.rows import Fault, Given, Reader
from chengyun.app.exchange.rejects import Mended, Rejects
from chengyun.app.exchange.tables import BrokenRow, Table, Unreadable
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.places import reads as places
from chengyun.sdk.readings import ReadingsMapping, Registering
from chengyun.sensing import verbs
from chengyun.sensing.decide.readings import Readings
from chengyun.sensing.reads import streams
from chengyun.sensing.verbs import NewThing
from chengyun.sensing.verbs.storing import microseconds

CHUNK = 20_000
"""Readings a transaction."""
DOOR = "import"
Say = Callable[[str], None]
Line = tuple[int, tuple[str, ...]]


@dataclass(slots=True)
class Outcome:
    """What became of a file: `read` rows held `readings`; each of these was stored, was there
    (`duplicates`), replaced another value (`corrected`) or was rejected, and `missing` cells said
    that there is none. `rejected` counts rows with any fault; `codes` the reasons."""

    read: int = 0
    readings: int = 0
    stored: int = 0
    duplicates: int = 0
    corrected: int = 0
    missing: int = 0
    rejected: int = 0
    things: int = 0
    rejects_file: str | None = None
    seconds: float = 0.0
    dry_run: bool = False
    codes: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


class ReadingsImport:
    """One run over one file."""

    def __init__(
        self, mapping: ReadingsMapping, path: Path, *, rejects: Path, dry_run: bool, say: Say
    ) -> None:
        self._mapping, self._path, self._say = mapping, path, say
        self._rejects = rejects
        self._made: set[str] = set()
        self.outcome = Outcome(dry_run=dry_run)
        self._codes: Counter[str] = Counter()

    def run(self) -> Outcome:
        """Read the whole file. Raises Unreadable, BadMapping."""
        started = time.monotonic()
        table = self._open()
        mended = Mended(table.header)
        reader = Reader(self._mapping, mended.header)
        self._register(reader.things())
        with Rejects(self._rejects, mended.header) as rejects:
            lines = enumerate(table.rows)
            # A row of many columns is many readings: chunks are of about as many.
            step = max(1, CHUNK // max(1, len(self._mapping.columns), len(reader.things())))
            while chunk := list(islice(lines, step)):
                self._chunk(chunk, reader, mended, rejects)
                rejects.flush()
                self._say(f"{table.done():.0%} · {self.outcome.readings:,} readings")
            self.outcome.rejected = rejects.count
        if self.outcome.rejected:
            self.outcome.rejects_file = str(self._rejects)
        self.outcome.codes = dict(self._codes)
        self.outcome.seconds = round(time.monotonic() - started, 3)
        return self.outcome

    def _open(self) -> Table:
        if is_parquet(self._path):
            return open_parquet(self._path)
        return open_table(
            self._path, encoding=self._mapping.encoding, delimiter=self._mapping.delimiter
        )

    def _chunk(
        self,
        chunk: list[tuple[int, tuple[str, ...] | BrokenRow]],
        reader: Reader,
        mended: Mended,
        rejects: Rejects,
    ) -> None:
        given: list[Given] = []
        of: list[int] = []
        own: dict[int, tuple[str, ...]] = {}
        faults: dict[int, Fault] = {}
        for number, row in chunk:
            self.outcome.read += 1
            if isinstance(row, BrokenRow):
                own[number], faults[number] = (row.text,), Fault("row", row.reason, row.code)
                continue
            own[number] = mended.values(row)
            taken = reader.read(number, own[number])
            self.outcome.missing += taken.missing
            if taken.faults:
                faults[number] = taken.faults[0]
            given += taken.readings
            of += [number] * len(taken.readings)
        self.outcome.readings += len(given)
        self._register([one.thing for one in given])
        for place, fault in self._take(given, system_clock.now()):
            faults.setdefault(of[place], fault)
        for number in sorted(faults):
            fault = faults[number]
            self._codes[fault.code] += 1
            # The head is row 1, as a table shows it.
            rejects.add(
                own[number],
                row=number + 2,
                field=fault.field,
                code=fault.code,
                reason=fault.reason,
            )

    def _take(self, given: list[Given], now: datetime) -> Iterator[tuple[int, Fault]]:
        known = streams.numbers([(one.thing, one.stream) for one in given])
        sound = []
        for place, one in enumerate(given):
            if (one.thing, one.stream) in known:
                sound.append(place)
            elif not (self.outcome.dry_run and one.thing in self._made):
                said = f"There is no stream {one.stream!r} of a thing {one.thing!r}."
                yield place, Fault("stream", said, "unknown_stream")
        if self.outcome.dry_run or not sound:
            return
        rows = [given[place] for place in sound]
        words = {at: one.value for at, one in enumerate(rows) if isinstance(one.value, str)}
        receipt = verbs.take(
            Readings(
                stream=np.array([known[one.thing, one.stream] for one in rows], np.int64),
                at=np.array([microseconds(one.at) for one in rows], np.int64),
                value=np.array(
                    [np.nan if isinstance(one.value, str) else one.value for one in rows]
                ),
                flags=np.zeros(len(rows), np.int32),
                words=words,
            ),
            now=now,
            door=DOOR,
        )
        self.outcome.stored += receipt.stored
        self.outcome.duplicates += receipt.duplicates
        self.outcome.corrected += receipt.corrected
        for bad in receipt.refused:
            yield sound[bad.row], Fault(bad.field, bad.reason, bad.code)

    def _register(self, codes: list[str]) -> None:
        rule = self._mapping.registering
        fresh = [code for code in dict.fromkeys(codes) if code not in self._made]
        if rule is None or not fresh:
            return
        self._made.update(fresh)
        if self.outcome.dry_run:
            return
        items = tuple(_thing(code, rule) for code in fresh)
        done = verbs.register_things(SYSTEM, now=system_clock.now(), items=items)
        self.outcome.things += int(done["created"])
        for one in done["rejects"]:
            if one["code"] != "code_taken":
                raise Unreadable(
                    f"its things cannot be registered: {one['field']}: {one['reason']}", one["code"]
                )


def _thing(code: str, rule: Registering) -> NewThing:
    area_no = city_no = None
    cities = places.cities()
    chosen = [one for one in cities if rule.city in (None, one.area.code)]
    if chosen:
        city_no = chosen[0].area.no
        found = places.area_by_code(city_no, rule.area) if rule.area else None
        area_no = found.no if found else city_no
    return NewThing(
        code=code,
        kind=rule.kind,
        name=rule.name.replace("{thing}", code) or code,
        lon=rule.lon,
        lat=rule.lat,
        area_no=area_no,
        city_no=city_no,
    )
