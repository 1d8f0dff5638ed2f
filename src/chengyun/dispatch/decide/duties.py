"""The duty list (权责清单) as values: who answers for what, where, when and on which terms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase

from chengyun.kernel.areas import LEVELS, Level
from chengyun.kernel.text import Json, Text

# A grid has no unit of its own: its community's or street's unit answers.
TARGET_LEVELS: tuple[Level, ...] = LEVELS[:4]
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
_WILDCARD = re.compile(r"\[[^\]]*\]|\*|\?")


@dataclass(frozen=True, slots=True)
class Target:
    """Who shall do it: an organisation by code, or a role sought from a level upwards."""

    role: str | None = None
    level: Level | None = None
    org: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When an entry holds, in the city's zone.

    `weekdays` are ISO (1 Monday … 7 Sunday); `start` and `end` are minutes of the day, end
    excluded. A window whose end is not after its start runs past midnight and belongs to the day
    on which it starts.
    """

    weekdays: frozenset[int] = frozenset(range(1, 8))
    start: int = 0
    end: int = DAY_MINUTES

    @property
    def rank(self) -> int:
        """How narrow: one for chosen weekdays, one for chosen hours."""
        return int(len(self.weekdays) < 7) + int((self.start, self.end) != (0, DAY_MINUTES))

    def spans(self) -> list[tuple[int, int]]:
        """Half-open stretches of the week, in minutes since Monday 00:00."""
        length = self.end - self.start
        if length <= 0:
            length += DAY_MINUTES
        found = []
        for weekday in sorted(self.weekdays):
            low = (weekday - 1) * DAY_MINUTES + self.start
            high = low + length
            found.append((low, min(high, WEEK_MINUTES)))
            if high > WEEK_MINUTES:
                found.append((0, high - WEEK_MINUTES))
        return found

    def holds(self, local: datetime) -> bool:
        """Whether a local time lies in the window."""
        minute = local.hour * 60 + local.minute
        weekday = local.isoweekday()
        if self.start < self.end:
            return weekday in self.weekdays and self.start <= minute < self.end
        before = 7 if weekday == 1 else weekday - 1
        return (weekday in self.weekdays and minute >= self.start) or (
            before in self.weekdays and minute < self.end
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list. `where` maps an attribute to its allowed values."""

    id: str
    kinds: tuple[str, ...]
    lead: Target
    co: tuple[Target, ...] = ()
    area: str | None = None
    when: Window | None = None
    where: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class DutyList:
    """A version of a city's duty list, with where it comes from."""

    id: str
    version: str
    entries: tuple[Entry, ...]
    source: str = ""
    effective_from: date | None = None
    verified: bool = False


def pattern_rank(pattern: str) -> tuple[int, int]:
    """How precisely a pattern names kinds: an exact id first, then by letters that are fixed."""
    fixed = _WILDCARD.sub("", pattern)
    return (int(fixed == pattern), len(fixed))


def best_pattern(entry: Entry, kind_id: str) -> str | None:
    """The most precise pattern of an entry that names the kind, None if none does."""
    fitting = [p for p in entry.kinds if fnmatchcase(kind_id, p)]
    return max(fitting, key=lambda p: (pattern_rank(p), p), default=None)


def same_value(wanted: Json, given: Json) -> bool:
    """Equality as JSON sees it: true is not 1."""
    return bool(wanted == given) and isinstance(wanted, bool) == isinstance(given, bool)


def where_holds(where: Mapping[str, tuple[Json, ...]], attributes: Mapping[str, Json]) -> bool:
    """Whether every named attribute is given with one of its allowed values."""
    return all(
        name in attributes and any(same_value(value, attributes[name]) for value in allowed)
        for name, allowed in where.items()
    )
