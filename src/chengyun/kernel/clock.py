"""Time is a parameter: only doors (HTTP, CLI, jobs) ask a clock, deciding code is told."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant, aware, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands until it is set; for tests and simulation."""

    at: datetime

    def now(self) -> datetime:
        return self.at


system_clock = SystemClock()
