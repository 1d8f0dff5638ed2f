"""The columns of an export, which are what `--mapping chengyun` reads. Pure."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from chengyun.app.exchange.safety import unescape
from chengyun.app.packs.mapping import EARLIEST, ID_MAX, TEXT_MAX, RejectedRow
from chengyun.cases.decide.state import STATE_NAMES, State

NAME = "chengyun"
LEVELS = ("district", "street", "community")
AREA = tuple(f"{level}_{part}" for level in LEVELS for part in ("code", "zh", "en"))
CITY = ("city", "city_zh", "city_en", "time_zone", "calendar", "language", "city_lon", "city_lat")
# What an import takes.
TAKEN = (
    *("id", "no", *CITY, *AREA, "kind_id", "condition_id", "state", "source"),
    *("reported_at", "closed_at", "lead_unit", "text", "address", "lon", "lat", "location"),
    *("grid_code", "attributes", "external_source", "external_id", "merged_into"),
    *("recurrence_of", "simulated"),
)
# For the reader's eye: follows from the rest, or belongs to a life that history does not have.
SHOWN = ("kind_zh", "kind_en", "level", "due_at", "updated_at", "reports", "supervised", "imported")
COLUMNS = (*TAKEN, *SHOWN)
# Written as numbers, never as text: a minus sign there begins no formula.
NUMBERS = frozenset({"lon", "lat", "city_lon", "city_lat", "level", "reports", "supervised"})
NEEDED = ("id", "city", "state", "source", "reported_at")
LOCATIONS = ("exact", "text", "default", "outside", "none")


@dataclass(frozen=True, slots=True)
class OwnCity:
    """The city of a row, as far as the row tells."""

    code: str
    zh: str
    en: str
    time_zone: str
    calendar: str
    language: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A row of an export, read. `areas` are (code, zh, en) from the district down."""

    row: int
    external_id: str
    id: UUID
    city: OwnCity
    areas: tuple[tuple[str, str, str], ...]
    values: dict[str, Any]
    flags: tuple[str, ...] = ()


class OwnReader:
    """Reads rows below one header; columns may stand in any order, others are left alone."""

    missing: tuple[str, ...] = ()

    def __init__(self, header: tuple[str, ...]) -> None:
        self.header = header
        self._at = {name.strip().lower(): index for index, name in enumerate(header)}
        self.lacking = [name for name in NEEDED if name not in self._at]
        self.missing = tuple(name for name in TAKEN if name not in self._at)

    def read(self, row: int, given: tuple[str, ...], *, now: datetime) -> OwnCase | RejectedRow:
        """One row."""
        if len(given) > len(self.header):
            return RejectedRow(
                row,
                "row",
                f"row has {len(given)} values for {len(self.header)} columns",
                "too_many_values",
                given,
            )
        self._field = "row"
        try:
            return self._case(row, given, now)
        except _Wrong as wrong:
            reason = f"{self._field} {wrong.reason}"
            return RejectedRow(row, self._field, reason, wrong.code, given)

    def _case(self, row: int, given: tuple[str, ...], now: datetime) -> OwnCase:
        self._given = given
        own = self._uuid("id", needed=True)
        state = self._one_of("state", tuple(STATE_NAMES))
        reported = self._instant("reported_at", needed=True)
        closed = self._instant("closed_at")
        for name, at in (("reported_at", reported), ("closed_at", closed)):
            self._field = name
            if at is not None and at > now:
                raise _Wrong("lies in the future", "future")
            if at is not None and at < EARLIEST:
                raise _Wrong("lies before 1900", "too_early")
        values = {
            "no": self._text("no", 100) or None,
            "state": cast("State", state),
            "source": self._text("source", 40, needed=True),
            "reported_at": reported,
            "closed_at": closed,
            "kind_id": self._text("kind_id", ID_MAX) or None,
            "condition_id": self._text("condition_id", ID_MAX) or None,
            "lead_unit": self._text("lead_unit", ID_MAX),
            "text": self._text("text", TEXT_MAX),
            "address": self._text("address", TEXT_MAX),
            "lon": self._number("lon", 180),
            "lat": self._number("lat", 90),
            "location": self._one_of("location", LOCATIONS, "none"),
            "grid_code": self._text("grid_code", 100) or None,
            "attributes": self._object("attributes"),
            "external_source": self._text("external_source", ID_MAX) or None,
            "external_id": self._text("external_id", ID_MAX) or None,
            "merged_into": self._uuid("merged_into"),
            "recurrence_of": self._uuid("recurrence_of"),
            "simulated": self._one_of("simulated", ("true", "false"), "false") == "true",
        }
        return OwnCase(row, str(own), cast("UUID", own), self._city(), self._areas(), values)

    def _city(self) -> OwnCity:
        code = self._text("city", 64, needed=True)
        zh = self._text("city_zh", 200) or code
        return OwnCity(
            code=code,
            zh=zh,
            en=self._text("city_en", 200) or zh,
            time_zone=self._text("time_zone", 64) or "UTC",
            calendar=self._text("calendar", 64) or "plain",
            language=self._text("language", 16) or "zh",
            lon=self._number("city_lon", 180) or 0.0,
            lat=self._number("city_lat", 90) or 0.0,
        )

    def _areas(self) -> tuple[tuple[str, str, str], ...]:
        path = []
        for level in LEVELS:
            code = self._text(f"{level}_code", 200)
            if not code:
                break
            zh = self._text(f"{level}_zh", 200) or code
            path.append((code, zh, self._text(f"{level}_en", 200) or zh))
        return tuple(path)

    def _text(self, name: str, most: int, *, needed: bool = False) -> str:
        self._field = name
        at = self._at.get(name, -1)
        said = unescape(self._given[at]) if 0 <= at < len(self._given) else ""
        said = said.replace("\0", "")
        if needed and not said.strip():
            raise _Wrong("is blank", "required")
        if len(said) > most:
            raise _Wrong(f"has more than {most:,} characters", "too_long")
        return said

    def _uuid(self, name: str, *, needed: bool = False) -> UUID | None:
        said = self._text(name, 60, needed=needed).strip()
        try:
            return UUID(said) if said else None
        except ValueError:
            raise _Wrong("is no UUID", "bad_id") from None

    def _instant(self, name: str, *, needed: bool = False) -> datetime | None:
        said = self._text(name, 60, needed=needed).strip()
        if not said:
            return None
        try:
            at = datetime.fromisoformat(said)
        except ValueError:
            raise _Wrong("is no ISO 8601 time", "bad_time") from None
        if at.tzinfo is None:
            raise _Wrong("has no offset from UTC", "no_offset")
        return at.astimezone(UTC)

    def _number(self, name: str, most: float) -> float | None:
        said = self._text(name, 40).strip()
        if not said:
            return None
        try:
            value = float(said)
        except ValueError:
            raise _Wrong("is no number", "bad_number") from None
        if not -most <= value <= most:
            raise _Wrong(f"is outside ±{most:g}", "out_of_range")
        return value

    def _one_of(self, name: str, known: tuple[str, ...], default: str = "") -> str:
        said = self._text(name, 60).strip().lower() or default
        if said not in known:
            raise _Wrong(f"{said!r} is none of {', '.join(known)}", "unknown_value")
        return said

    def _object(self, name: str) -> dict[str, Any]:
        said = self._text(name, 200_000)
        if not said:
            return {}
        try:
            found = json.loads(said)
        except (ValueError, RecursionError):
            raise _Wrong("is no JSON", "bad_json") from None
        if not isinstance(found, dict):
            raise _Wrong("is no JSON object", "bad_json")
        return found


class _Wrong(Exception):
    def __init__(self, reason: str, code: str) -> None:
        self.reason, self.code = reason, code
        super().__init__(reason)
