"""Whether a rule looks at an instant: spans of the week on the city's clock and calendar."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from chengyun.rules.decide.declared import Span
from chengyun.rules.decide.windows import SECOND, Bools
from chengyun.sensing.decide.readings import Ints

_MINUTE = 60 * SECOND
_1970 = datetime(1970, 1, 1, tzinfo=UTC)


def looks(schedule: Sequence[Span], at: int, zone: ZoneInfo, works: Callable[[date], bool]) -> bool:
    """Whether any span holds the instant (µs); a span past midnight belongs to its first day."""
    local = (_1970 + timedelta(microseconds=at)).astimezone(zone)
    clock = f"{local:%H:%M}"
    for span in schedule:
        until = span.until or "24:00"
        over_night = until <= span.since
        if span.since <= clock and (over_night or clock < until):
            day = local.date()
        elif over_night and clock < until:
            day = local.date() - timedelta(days=1)
        else:
            continue
        if _day(span, day, works):
            return True
    return not schedule


def _day(span: Span, day: date, works: Callable[[date], bool]) -> bool:
    if span.months and day.month not in span.months:
        return False
    if not span.days:
        return True
    return (
        str(day.isoweekday()) in span.days or ("workday" if works(day) else "holiday") in span.days
    )


def looking(
    schedule: Sequence[Span], t: Ints, zone: ZoneInfo, works: Callable[[date], bool]
) -> Bools:
    """The same for many instants, minute by minute."""
    minutes, back = np.unique(t // _MINUTE, return_inverse=True)
    found = [looks(schedule, int(one) * _MINUTE, zone, works) for one in minutes]
    return np.array(found, np.bool_)[back]
