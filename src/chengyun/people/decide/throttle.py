"""How long to wait before another sign-in try: doubling with each failure, per account and address.

The wait never grows without bound, so that a stranger who fails on purpose cannot lock anybody
out for long; a one-time link is not counted against the account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Throttle:
    """How many failures are free, the longest wait, and when failures are forgotten."""

    free: int
    longest: timedelta
    forget: timedelta


ACCOUNT = Throttle(free=5, longest=timedelta(minutes=15), forget=timedelta(hours=24))
# Many people share the address of an office.
ADDRESS = Throttle(free=30, longest=timedelta(minutes=15), forget=timedelta(hours=24))


def counted(throttle: Throttle, failures: int, last_at: datetime | None, now: datetime) -> int:
    """The failures that still count."""
    if last_at is None or now - last_at >= throttle.forget:
        return 0
    return failures


def wait(throttle: Throttle, failures: int, last_at: datetime | None, now: datetime) -> timedelta:
    """How long from now the next try is refused; zero when it may be made."""
    still = counted(throttle, failures, last_at, now)
    if last_at is None or still < throttle.free:
        return timedelta()
    seconds = min(throttle.longest.total_seconds(), 2.0 ** min(still - throttle.free, 30))
    return max(timedelta(), last_at + timedelta(seconds=seconds) - now)
