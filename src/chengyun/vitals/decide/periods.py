"""Periods: a month of a city's own clock."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Period:
    """A month: its name, its first instant and the first instant after it, in UTC."""

    name: str
    start: datetime
    end: datetime

    @property
    def first_day(self) -> date:
        """The first day by the calendar."""
        return date(int(self.name[:4]), int(self.name[5:]), 1)

    def until(self, now: datetime) -> datetime:
        """Where counting ends: a month that is not over is counted up to and with now."""
        return max(self.start, min(self.end, now + timedelta(microseconds=1)))


def month(name: str, zone: ZoneInfo) -> Period:
    """The month of a name such as "2026-03" in a zone.

    Raises:
        ValueError: no such month.
    """
    if not _MONTH.fullmatch(name):
        raise ValueError(f"{name!r} is no month: write one such as 2026-03")
    year, number = int(name[:4]), int(name[5:])
    start = datetime(year, number, 1, tzinfo=zone)
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return Period(name, start.astimezone(UTC), end.astimezone(UTC))


def before(name: str) -> str:
    """The month before."""
    year, number = int(name[:4]), int(name[5:])
    return f"{year - (number == 1):04d}-{(number - 2) % 12 + 1:02d}"
