"""The rules of a case mapping, each compiled to one quick function. Pure."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from chengyun.sdk.mappings import AreaLevelRule, CityDeclared, KindRule, LocationRule, TimeRule

Values = Sequence[str]
Pick = Callable[[str], int]
_SLASHED: Final = "%m/%d/%Y %I:%M:%S %p"
_PLAIN: Final = frozenset({"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"})
_MEMO_MAX: Final = 50_000


def tidy(value: str) -> str:
    """A text without outer and repeated white space."""
    return " ".join(value.split())


def _parse(text: str, form: str) -> datetime:
    if form == _SLASHED and len(text) == 22 and text[2] == text[5] == "/" and text[19] == " ":
        hour = int(text[11:13]) % 12 + (12 if text[20] in "Pp" else 0)
        return datetime(  # noqa: DTZ001 - the caller gives the city's zone
            int(text[6:10]), int(text[:2]), int(text[3:5]), hour, int(text[14:16]), int(text[17:19])
        )
    if form in _PLAIN and len(text) == 19:
        return datetime.fromisoformat(text)
    return datetime.strptime(text, form)  # noqa: DTZ007 - the caller gives the zone


class Times:
    """Reads one time of a row, in UTC."""

    def __init__(self, rule: TimeRule, zone: ZoneInfo, pick: Pick) -> None:
        self._indexes = [index for index in map(pick, rule.columns) if index >= 0]
        self._formats = rule.formats
        self._zone = zone

    @property
    def known(self) -> bool:
        """Whether the file has the column."""
        return bool(self._indexes)

    def read(self, values: Values) -> datetime | None:
        """The time, None when it is blank.

        Raises:
            ValueError: no format fits.
        """
        for index in self._indexes:
            text = values[index]
            if text:
                return self._utc(text)
        return None

    def _utc(self, text: str) -> datetime:
        for form in self._formats:
            try:
                at = _parse(text, form)
                if at.tzinfo is None:
                    at = at.replace(tzinfo=self._zone)
                return at.astimezone(UTC)
            except (ValueError, OverflowError):
                continue
        raise ValueError(f"{text[:40]!r} fits none of {', '.join(self._formats)}")


class Kinds:
    """Columns → kind id, raw text and flag."""

    def __init__(self, rule: KindRule, pick: Pick) -> None:
        self._prefix = f"{rule.scheme}/{rule.type}/"
        self._unknown = self._prefix + rule.unknown
        self._variants = tuple(rule.variants.items())
        self._looks = []
        seen: list[int] = []
        for look in rule.by:
            indexes = tuple(pick(column) for column in look.columns)
            seen.extend(index for index in indexes if index >= 0 and index not in seen)
            values = {self._plain(key): code for key, code in look.values.items()}
            prefixes = sorted(
                ((self._plain(key), code) for key, code in look.prefixes.items()),
                key=lambda item: -len(item[0]),
            )
            self._looks.append((indexes, values, prefixes, look.flag))
        self.columns = tuple(seen)
        self._memo: dict[tuple[str, ...], tuple[str, str, str | None]] = {}

    def _plain(self, value: str) -> str:
        text = tidy(value)
        for old, new in self._variants:
            text = text.replace(old, new)
        return text.casefold()

    def read(self, values: Values) -> tuple[str, str, str | None]:
        """(kind id, raw texts joined by ` | `, flag or None)."""
        key = tuple(values[index] for index in self.columns)
        found = self._memo.get(key)
        if found is None:
            if len(self._memo) >= _MEMO_MAX:
                self._memo.clear()
            found = self._memo[key] = self._find(values, " | ".join(part for part in key if part))
        return found

    def _find(self, values: Values, raw: str) -> tuple[str, str, str | None]:
        for indexes, wanted, prefixes, flag in self._looks:
            if min(indexes) < 0:
                continue
            text = " | ".join(self._plain(values[index]) for index in indexes)
            if not text.strip(" |"):
                continue
            code = wanted.get(text)
            if code is None:
                code = next((c for prefix, c in prefixes if text.startswith(prefix)), None)
            if code is not None:
                return self._prefix + code, raw, flag
        return self._unknown, raw, "unknown_kind"


class Area:
    """One level of the area path."""

    def __init__(self, rule: AreaLevelRule, pick: Pick) -> None:
        self.level = rule.level
        self._index = pick(rule.column)
        self._exact = {name: name for name in rule.names} | {
            tidy(alias): name for alias, name in rule.aliases.items()
        }
        # Longest first, so that 北門區 is not taken for 北區's neighbour by a short name.
        self._names = sorted(rule.names, key=len, reverse=True)
        self._aliases = {tidy(alias) for alias in rule.aliases}
        self._blank = {tidy(text) for text in rule.blank} | {""}
        self._fallback = [index for index in map(pick, rule.fallback) if index >= 0]

    def read(self, values: Values) -> tuple[str | None, str, str | None]:
        """(name or None, raw text, flag or None)."""
        raw = values[self._index] if self._index >= 0 else ""
        text = tidy(raw)
        if text not in self._blank:
            name = self._exact.get(text)
            if name is not None:
                return name, raw, "area_repaired" if text in self._aliases else None
            if not self._names:
                return text, raw, None
            name = next((n for n in self._names if text.startswith(n)), None) or self._inside(text)
            if name is not None:
                return name, raw, "area_repaired"
        for index in self._fallback:
            name = self._inside(values[index])
            if name is not None:
                return name, raw, "area_from_text"
        return None, raw, "area_unknown"

    def _inside(self, text: str) -> str | None:
        found = [(text.find(name), -len(name), name) for name in self._names if name in text]
        return min(found)[2] if found else None


class Points:
    """Coordinates and what is wrong with them."""

    def __init__(self, rule: LocationRule, city: CityDeclared, pick: Pick) -> None:
        self._lat, self._lon = pick(rule.latitude), pick(rule.longitude)
        self._defaults = frozenset(rule.default_points) | {(0.0, 0.0)}
        self._decimals = rule.decimals
        self._bounds = city.bounds

    def read(self, values: Values) -> tuple[float | None, float | None, str | None]:
        """(longitude, latitude, flag or None) in WGS84 degrees."""
        if self._lat < 0 or self._lon < 0:
            return None, None, "no_point"
        raw_lat, raw_lon = values[self._lat], values[self._lon]
        if not raw_lat and not raw_lon:
            return None, None, "no_point"
        try:
            lat, lon = float(raw_lat), float(raw_lon)
        except ValueError:
            return None, None, "bad_point"
        if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
            return None, None, "bad_point"
        if (lat, lon) in self._defaults:
            return lon, lat, "default_point"
        if self._decimals and min(_decimals(raw_lat), _decimals(raw_lon)) < self._decimals:
            return lon, lat, "coarse_point"
        west, south, east, north = self._bounds
        if not (west <= lon <= east and south <= lat <= north):
            return lon, lat, "outside_city"
        return lon, lat, None


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
