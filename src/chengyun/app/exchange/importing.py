"""Import: a file of cases becomes history, in bounded chunks that each commit whole.

Killed anywhere and run again, it goes on: rows that are there already are recognised by their
external id and counted as imported, never doubled.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from django.db import IntegrityError, connection

from chengyun.app.exchange.cities import Areas, make_city, pack_with, settle_city, units_of
from chengyun.app.exchange.files import open_table
from chengyun.app.exchange.mapped import Converter, Masters
from chengyun.app.exchange.rejects import Mended, Rejects
from chengyun.app.exchange.tables import BrokenRow, Table, Unreadable
from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.mapping import HeaderError, MappedCase, RejectedRow, RowReader, bind
from chengyun.app.packs.merging import Merger
from chengyun.app.setup.packs import install_rules
from chengyun.cases.models import ImportRun
from chengyun.cases.verbs import HistoryRow, Refused, import_history
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.clock import system_clock
from chengyun.sdk.mappings import CaseMapping

CHUNK = 2_000
_AGAIN = 3

Say = Callable[[str], None]


@dataclass(slots=True)
class Outcome:
    """What became of a file: read = imported + rejected; merged and already are among the
    imported; `codes` counts the reasons of rejection, `flags` the faults that were kept."""

    read: int = 0
    imported: int = 0
    rejected: int = 0
    merged: int = 0
    already: int = 0
    rejects_file: str | None = None
    city: str = ""
    seconds: float = 0.0
    dry_run: bool = False
    encoding: str = ""
    missing_columns: list[str] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    flags: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


class Incoming(Protocol):
    """A row that can be a case."""

    @property
    def row(self) -> int: ...
    @property
    def external_id(self) -> str: ...
    @property
    def flags(self) -> tuple[str, ...]: ...


T = TypeVar("T", bound=Incoming)
Given_co = TypeVar("Given_co", bound=Incoming, covariant=True)
Taken_contra = TypeVar("Taken_contra", bound=Incoming, contravariant=True)


class Reading(Protocol[Given_co]):
    """Takes rows apart."""

    @property
    def missing(self) -> tuple[str, ...]: ...
    def read(
        self, row: int, given: tuple[str, ...], /, *, now: datetime
    ) -> Given_co | RejectedRow: ...


class Converting(Protocol[Taken_contra]):
    """Makes rows of history of rows that can be cases; they come in the file's order."""

    def known(self, cases: Sequence[Taken_contra]) -> set[str]:
        """The external ids among them that are cases already."""

    def ids(self, cases: Sequence[Taken_contra]) -> list[tuple[UUID, UUID | None]]:
        """Each row's id and that of the case it merges into."""

    def rows(
        self, cases: Sequence[Taken_contra], ids: Sequence[tuple[UUID, UUID | None]], now: datetime
    ) -> list[HistoryRow]:
        """Rows of history."""


class Import(ABC, Generic[T]):
    """One run over one file."""

    name: str
    id_column: str
    encoding = "utf-8-sig"
    delimiter = ","

    def __init__(
        self,
        packs: Catalog,
        path: Path,
        *,
        rejects: Path,
        actor: Actor = SYSTEM,
        dry_run: bool = False,
        say: Say = lambda _said: None,
        run_id: UUID | None = None,
        file_name: str | None = None,
    ) -> None:
        self.packs, self.path = packs, path
        self.actor, self.dry_run, self.say = actor, dry_run, say
        self.rejects_path = rejects
        self.run_id = run_id
        self.file_name = file_name or path.name
        self.outcome = Outcome(dry_run=dry_run)
        self._told = 0.0

    def run(self) -> Outcome:
        """Bring the file in.

        Raises:
            Unreadable: the file as a whole cannot be read.
            HeaderError: it lacks the columns without which no row can be read.
        """
        started = time.monotonic()
        now = system_clock.now()
        table = open_table(self.path, encoding=self.encoding, delimiter=self.delimiter)
        mended = Mended(table.header)
        reader = self.bind(mended.header)
        self.outcome.encoding = table.encoding
        self.outcome.missing_columns = list(reader.missing)
        run = None if self.dry_run else self._begin(now)
        try:
            with Rejects(self.rejects_path, mended.header) as rejects:
                converter = None if self.dry_run else self.converter(now)
                for chunk in self._chunks(table, mended, reader, rejects, now):
                    self._take(chunk, converter, rejects, now)
                    rejects.flush()
                    self._progress(table.done(), run)
        except Unreadable as error:
            self._end(run, f"{error.code}: {error.reason}")
            raise
        self.outcome.rejects_file = str(self.rejects_path) if rejects.count else None
        self.outcome.seconds = round(time.monotonic() - started, 3)
        self._end(run)
        return self.outcome

    @abstractmethod
    def bind(self, header: tuple[str, ...]) -> Reading[T]:
        """The reader of the file's rows.

        Raises:
            HeaderError: a needed column is missing.
        """

    @abstractmethod
    def converter(self, now: datetime) -> Converting[T]:
        """What makes rows of history of them; may set the city up."""

    def _chunks(
        self, table: Table, mended: Mended, reader: Reading[T], rejects: Rejects, now: datetime
    ) -> Iterator[list[tuple[T, Sequence[str]]]]:
        """Rows that can be cases, with their values as read, CHUNK at a time; rows that cannot go
        into the rejects."""
        seen = Seen()
        rows = enumerate(table.rows, start=1)
        while block := list(islice(rows, CHUNK)):
            good: list[tuple[T, Sequence[str]]] = []
            for number, given in block:
                self.outcome.read += 1
                if isinstance(given, BrokenRow):
                    self._reject(rejects, (given.text,), number, "row", given.code, given.reason)
                    continue
                values = mended.values(given)
                item = reader.read(number, values, now=now)
                if isinstance(item, RejectedRow):
                    self._reject(rejects, values, number, item.field, item.code, item.reason)
                else:
                    good.append((item, values))
            fresh = seen.first([case.external_id for case, _ in good])
            chunk: list[tuple[T, Sequence[str]]] = []
            for (case, kept), is_first in zip(good, fresh, strict=True):
                if is_first:
                    chunk.append((case, kept))
                    continue
                self._reject(
                    rejects,
                    kept,
                    case.row,
                    self.id_column,
                    "duplicate_id",
                    f"{self.id_column} {case.external_id!r} stands in an earlier row of this file",
                )
            yield chunk

    def _take(
        self,
        chunk: Sequence[tuple[T, Sequence[str]]],
        converter: Converting[T] | None,
        rejects: Rejects,
        now: datetime,
    ) -> None:
        cases = [case for case, _ in chunk]
        for case in cases:
            for flag in case.flags:
                self.outcome.flags[flag] = self.outcome.flags.get(flag, 0) + 1
        if converter is None:
            self.outcome.imported += len(cases)
            return
        ids = converter.ids(cases)
        for attempt in range(_AGAIN):
            try:
                refused, known = self._write(cases, ids, converter, now)
                break
            except IntegrityError:
                # Somebody imported the same rows at the same time: look again what is there.
                if attempt == _AGAIN - 1:
                    raise
        gone = {one.row: one for one in refused}
        self.outcome.already += known
        for (case, values), (_, into) in zip(chunk, ids, strict=True):
            if case.row in gone:
                one = gone[case.row]
                self._reject(rejects, values, case.row, one.field, one.code, one.reason["en"])
                continue
            self.outcome.imported += 1
            self.outcome.merged += into is not None

    def _write(
        self,
        cases: Sequence[T],
        ids: Sequence[tuple[UUID, UUID | None]],
        converter: Converting[T],
        now: datetime,
    ) -> tuple[list[Refused], int]:
        known = converter.known(cases)
        fresh = [
            (case, pair)
            for case, pair in zip(cases, ids, strict=True)
            if case.external_id not in known
        ]
        rows: list[HistoryRow] = converter.rows(
            [case for case, _ in fresh], [pair for _, pair in fresh], now
        )
        refused = import_history(self.actor, now=now, rows=rows) if rows else []
        return refused, len(known)

    def _reject(
        self, rejects: Rejects, values: Sequence[str], row: int, name: str, code: str, reason: str
    ) -> None:
        self.outcome.rejected += 1
        self.outcome.codes[code] = self.outcome.codes.get(code, 0) + 1
        rejects.add(values, row=row, field=name, code=code, reason=reason)

    def _begin(self, now: datetime) -> ImportRun:
        if self.run_id is not None:
            return ImportRun.objects.get(pk=self.run_id)
        return ImportRun.objects.create(
            mapping=self.name,
            file_name=self.file_name,
            started_at=now,
            actor_id=self.actor.id,
        )

    def _progress(self, done: float, run: ImportRun | None) -> None:
        if run is not None:
            self._note(run, done)
        if time.monotonic() - self._told >= 2:
            self._told = time.monotonic()
            share = f" ({done:.0%})" if done else ""
            out = self.outcome
            self.say(f"{out.read:,} rows read{share}, {out.rejected:,} rejected")

    def _note(self, run: ImportRun, done: float) -> None:
        out = self.outcome
        ImportRun.objects.filter(pk=run.pk).update(
            read=out.read,
            imported=out.imported,
            rejected=out.rejected,
            merged=out.merged,
            already=out.already,
            done=done,
        )

    def _end(self, run: ImportRun | None, failure: str = "") -> None:
        if run is None:
            return
        self._note(run, 0.0 if failure else 1.0)
        ImportRun.objects.filter(pk=run.pk).update(
            finished_at=system_clock.now(),
            failure=failure,
            rejects_file=self.outcome.rejects_file or "",
        )


class MappedImport(Import[MappedCase]):
    """An import by a mapping of a pack, or of the user's own."""

    def __init__(self, packs: Catalog, mapping: CaseMapping, path: Path, **options: Any) -> None:
        super().__init__(packs, path, **options)
        self.mapping = mapping
        self.name, self.id_column = mapping.name, mapping.id
        self.encoding, self.delimiter = mapping.encoding, mapping.delimiter

    def bind(self, header: tuple[str, ...]) -> RowReader:
        """The mapping bound to the file's header."""
        return bind(self.mapping, header)

    def converter(self, now: datetime) -> Converter:
        """Set the city up where it is new; its kinds, people and duties come from its pack."""
        mapping = self.mapping
        city_no = make_city(mapping.city, mapping.source, now)
        self.outcome.city = mapping.city.code
        pack = pack_with(self.packs, mapping.name)
        if pack is not None:
            install_rules(self.packs, now)
            settle_city(pack, city_no, now)
        return Converter(
            Areas(city_no, mapping),
            units_of(city_no),
            Merger(mapping.merge),
            Masters(mapping.external_source),
        )


class Seen:
    """Which external ids a run has met, kept by the database so that our memory stays flat."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS import_seen")
            cursor.execute("CREATE TEMP TABLE import_seen (id text PRIMARY KEY)")

    def first(self, ids: Sequence[str]) -> list[bool]:
        """For each id whether this is the first time it is met."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO import_seen SELECT DISTINCT unnest(%s::text[])"
                " ON CONFLICT DO NOTHING RETURNING id",
                [list(ids)],
            )
            new = {row[0] for row in cursor.fetchall()}
        found = []
        for one in ids:
            found.append(one in new)
            new.discard(one)
        return found


def rejects_beside(path: Path, folder: Path, stamp: datetime) -> Path:
    """Where the rejects of a file go."""
    stem = path.name.removesuffix(".gz").rsplit(".", 1)[0]
    return folder / f"{stem}.{stamp:%Y%m%dT%H%M%S}.rejects.csv"


__all__ = ["HeaderError", "Import", "Outcome", "Unreadable", "rejects_beside"]
