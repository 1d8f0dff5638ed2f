"""Quiet hours: when an outside channel may ring."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def not_before(
    now: datetime, zone: str, quiet_from: str | None, quiet_to: str | None, *, breaks: bool
) -> datetime:
    """The first instant from now on at which somebody may be disturbed.

    Args:
        zone: the city's, in which the hours are meant.
        quiet_from: "22:00"; later than `quiet_to` it runs over midnight; equal or None: never.
        breaks: the matter is grave enough not to wait.
    """
    if breaks or not quiet_from or not quiet_to or quiet_from == quiet_to:
        return now
    start, end = time.fromisoformat(quiet_from), time.fromisoformat(quiet_to)
    local = now.astimezone(ZoneInfo(zone))
    at = local.time().replace(tzinfo=None)
    inside = start <= at < end if start < end else at >= start or at < end
    if not inside:
        return now
    day = local.date() if at < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, ZoneInfo(zone)).astimezone(UTC)
