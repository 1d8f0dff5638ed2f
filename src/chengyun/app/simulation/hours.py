"""Seconds since 1970 and working hours."""

from datetime import UTC, datetime

from chengyun.sdk.simulate import Hour

DAY = 86_400


def next_open(hours: tuple[Hour, Hour], second: int, zone_s: int) -> int:
    """The next second inside daily hours (local)."""
    start, end = round(hours[0] * 3600), round(hours[1] * 3600)
    local = (second + zone_s) % DAY
    if start <= local < end:
        return second
    return second - local + start + (DAY if local >= end else 0)


def instant(second: int) -> datetime:
    """Seconds since 1970 as an instant."""
    return datetime.fromtimestamp(second, UTC)
