"""Applying a case mapping: the header once, then each row → a case or a rejection. Pure.

`bind` fits a mapping to a file's header; `RowReader.read` takes one row. Nothing is lost: raw
texts and the columns the mapping keeps stay with the case, and what was odd is a flag. A row is
rejected only without an id or with an unreadable, missing or impossible report time, or when it
has more values than the header has columns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chengyun.app.packs.mapping_parts import Area, Kinds, Points, Times, tidy
from chengyun.kernel.text import Text
from chengyun.sdk.mappings import CaseMapping, StateValue

ID_MAX = 200
TEXT_MAX = 20_000
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MappedCase:
    """A row as a case. Times are UTC; `areas` are (level, name) from the highest level down;
    `same_key` is equal for rows the merge rule takes for the same matter, if near in time.

    Flags: no_point bad_point default_point coarse_point outside_city · area_repaired
    area_from_text area_unknown · unknown_kind (or what a look-up names) · unknown_state
    state_not_given duplicate transferred · bad_closed bad_due bad_updated closed_before_reported
    closed_in_future · short_row cut unprintable.
    """

    row: int
    external_source: str
    external_id: str
    kind_id: str
    kind_raw: str
    state: str
    state_raw: str
    reported_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    updated_at: datetime | None
    areas: tuple[tuple[str, str], ...]
    area_raw: tuple[str, ...]
    lon: float | None
    lat: float | None
    text: str
    address: str
    source: str
    source_raw: str
    unit: str | None
    unit_raw: str
    duplicate: bool
    transferred: bool
    same_key: str | None
    flags: tuple[str, ...]
    raw: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that cannot be a case: the field at fault, a sentence and a stable code."""

    row: int
    field: str
    reason: str
    code: str
    values: tuple[str, ...]


class HeaderError(Exception):
    """The file lacks columns without which no row can be read; `missing` names them."""

    def __init__(self, mapping: str, missing: Sequence[str], header: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(
            f"mapping {mapping!r} needs the column{'s' if len(missing) > 1 else ''}"
            f" {', '.join(missing)}; the file has {', '.join(header[:40]) or 'no header'}"
        )


def plain_column(name: str) -> str:
    """A column name as headers are compared: letters and digits only, in lower case."""
    return "".join(char for char in name.casefold() if char.isalnum())


class RowReader:
    """A mapping bound to one header."""

    def __init__(self, mapping: CaseMapping, header: Sequence[str]) -> None:
        self.mapping = mapping
        self.header = tuple(header)
        places: dict[str, int] = {}
        for index, name in enumerate(header):
            places.setdefault(plain_column(name), index)
        others = {plain_column(key): names for key, names in mapping.columns.items()}
        missing: list[str] = []

        def pick(column: str) -> int:
            plain = plain_column(column)
            for name in (plain, *map(plain_column, others.get(plain, ()))):
                if name in places:
                    return places[name]
            missing.append(column)
            return -1

        zone = ZoneInfo(mapping.city.time_zone)
        times = mapping.times
        self._id = pick(mapping.id)
        self._reported = Times(times.reported, zone, pick)
        if self._id < 0 or not self._reported.known:
            raise HeaderError(mapping.name, missing, self.header)
        self._later = [
            (name, None if rule is None else Times(rule, zone, pick))
            for name, rule in (
                ("closed", times.closed),
                ("due", times.due),
                ("updated", times.updated),
            )
        ]
        self._kinds = Kinds(mapping.kind, pick)
        self._areas = [Area(rule, pick) for rule in mapping.areas]
        self._points = (
            None if mapping.location is None else Points(mapping.location, mapping.city, pick)
        )
        self._text = [index for index in map(pick, mapping.text) if index >= 0]
        self._address = [index for index in map(pick, mapping.address) if index >= 0]
        state, channel, unit = mapping.state, mapping.channel, mapping.unit
        self._state = pick(state.column) if state.column else -1
        self._states = {tidy(text).casefold(): value for text, value in state.values.items()}
        self._channel = pick(channel.column) if channel.column else -1
        self._channels = {tidy(text).casefold(): to for text, to in channel.values.items()}
        self._unit = pick(unit.column) if unit else -1
        self._units = {tidy(k).casefold(): v for k, v in unit.values.items()} if unit else {}
        kept = range(len(header)) if mapping.keep is None else map(pick, mapping.keep)
        self._kept = [(self.header[index], index) for index in kept if index >= 0]
        self._same = () if mapping.merge is None else mapping.merge.same
        self.missing = tuple(dict.fromkeys(missing))

    def read(self, row: int, given: Sequence[str], *, now: datetime) -> MappedCase | RejectedRow:
        """One row: `row` is its 1-based number in the file, header not counted."""
        flags: list[str] = []
        width = len(self.header)
        if len(given) > width:
            return self._reject(
                row, given, "row", f"has {len(given)} values for {width} columns", "too_many_values"
            )
        values = [value.strip() for value in given]
        if len(values) < width:
            values += [""] * (width - len(values))
            flags.append("short_row")
        if any("\0" in value for value in values):
            values = [value.replace("\0", "") for value in values]
            flags.append("unprintable")
        external_id = values[self._id]
        if not external_id or len(external_id) > ID_MAX:
            return self._reject(
                row, given, self.mapping.id, f"must hold 1 to {ID_MAX} characters", "bad_id"
            )
        reported = self._reported_at(row, given, values, now)
        if isinstance(reported, RejectedRow):
            return reported
        closed, due, updated = self._later_times(values, reported, now, flags)
        kind_id, kind_raw, kind_flag = self._kinds.read(values)
        if kind_flag:
            flags.append(kind_flag)
        areas, area_raw = self._area_path(values, flags)
        lon, lat, point_flag = self._points.read(values) if self._points else (None, None, None)
        if point_flag:
            flags.append(point_flag)
        state, state_raw = self._state_of(values, flags)
        address = self._joined(self._address, values, flags)
        source_raw = values[self._channel] if self._channel >= 0 else ""
        unit_raw = values[self._unit] if self._unit >= 0 else ""
        return MappedCase(
            row=row,
            external_source=self.mapping.external_source,
            external_id=external_id,
            kind_id=kind_id,
            kind_raw=kind_raw,
            state=state.state,
            state_raw=state_raw,
            reported_at=reported,
            closed_at=closed,
            due_at=due,
            updated_at=updated,
            areas=areas,
            area_raw=area_raw,
            lon=lon,
            lat=lat,
            text=self._joined(self._text, values, flags),
            address=address,
            source=self._channels.get(tidy(source_raw).casefold(), self.mapping.channel.other),
            source_raw=source_raw,
            unit=self._units.get(tidy(unit_raw).casefold()),
            unit_raw=unit_raw,
            duplicate=state.duplicate,
            transferred=state.transferred,
            same_key=self._key(kind_id, address, lon, lat),
            flags=tuple(flags),
            raw={name: values[index][:TEXT_MAX] for name, index in self._kept if values[index]},
        )

    def read_all(
        self, rows: Iterable[Sequence[str]], *, now: datetime
    ) -> Iterator[MappedCase | RejectedRow]:
        """Every row of a file, in its order; empty lines are left out."""
        for number, values in enumerate(rows, start=1):
            if values:
                yield self.read(number, values, now=now)

    def _reject(
        self, row: int, given: Sequence[str], field: str, reason: str, code: str
    ) -> RejectedRow:
        return RejectedRow(row, field, f"{field} {reason}", code, tuple(given))

    def _reported_at(
        self, row: int, given: Sequence[str], values: Sequence[str], now: datetime
    ) -> datetime | RejectedRow:
        field = self.mapping.times.reported.columns[0]
        try:
            at = self._reported.read(values)
        except ValueError as error:
            return self._reject(row, given, field, f"is no time: {error}", "bad_time")
        if at is None:
            return self._reject(row, given, field, "is blank", "no_time")
        if at > now:
            return self._reject(row, given, field, "lies in the future", "future")
        if at < EARLIEST:
            return self._reject(row, given, field, "lies before 1900", "too_early")
        return at

    def _later_times(
        self, values: Sequence[str], reported: datetime, now: datetime, flags: list[str]
    ) -> tuple[datetime | None, datetime | None, datetime | None]:
        found: list[datetime | None] = []
        for name, times in self._later:
            try:
                at = None if times is None else times.read(values)
            except ValueError:
                at = None
                flags.append(f"bad_{name}")
            found.append(at)
        closed = found[0]
        if closed is not None and closed < reported:
            flags.append("closed_before_reported")
        if closed is not None and closed > now:
            flags.append("closed_in_future")
        return closed, found[1], found[2]

    def _area_path(
        self, values: Sequence[str], flags: list[str]
    ) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
        path: list[tuple[str, str]] = []
        raw: list[str] = []
        ended = False
        for area in self._areas:
            name, text, flag = area.read(values)
            raw.append(text)
            if flag and flag not in flags:
                flags.append(flag)
            ended = ended or name is None
            if name is not None and not ended:
                path.append((area.level, name))
        return tuple(path), tuple(raw)

    def _state_of(self, values: Sequence[str], flags: list[str]) -> tuple[StateValue, str]:
        if self._state < 0:
            flags.append("state_not_given")
            return self.mapping.state.other, ""
        raw = values[self._state]
        state = self._states.get(tidy(raw).casefold())
        if state is None:
            flags.append("unknown_state")
            state = self.mapping.state.other
        if state.duplicate:
            flags.append("duplicate")
        if state.transferred:
            flags.append("transferred")
        return state, raw

    def _joined(self, indexes: Sequence[int], values: Sequence[str], flags: list[str]) -> str:
        text = " ".join(values[index] for index in indexes if values[index])
        if len(text) > TEXT_MAX:
            flags.append("cut")
            return text[:TEXT_MAX]
        return text

    def _key(self, kind_id: str, address: str, lon: float | None, lat: float | None) -> str | None:
        parts: list[str] = []
        for what in self._same:
            if what == "kind":
                parts.append(kind_id)
            elif what == "address":
                plain = "".join(address.split()).casefold()
                if not plain:
                    return None
                parts.append(plain)
            elif lon is None or lat is None:
                return None
            else:
                parts.append(f"{lon:.5f},{lat:.5f}")
        return "|".join(parts) or None


def bind(mapping: CaseMapping, header: Sequence[str]) -> RowReader:
    """Fit a mapping to a header.

    Raises:
        HeaderError: the column of the id or of the report time is missing.
    """
    return RowReader(mapping, header)


def area_name(mapping: CaseMapping, level: str, name: str) -> Text:
    """An area's name in both languages; the file's own where no English one is declared."""
    for rule in mapping.areas:
        if rule.level == level:
            return {"zh": name, "en": rule.english.get(name, name)}
    return {"zh": name, "en": name}
