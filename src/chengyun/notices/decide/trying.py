"""How often a delivery is tried, and how long to wait in between."""

from datetime import datetime, timedelta

TRIES = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
# Whoever claimed a delivery and died is given up on after this long.
CLAIMED = timedelta(minutes=10)


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after this many attempts; None: it has failed.

    30 s, 1 min, 2 min … at most an hour apart: about two hours in all.
    """
    if attempts >= TRIES:
        return None
    wait: timedelta = FIRST_WAIT * 2 ** max(0, attempts - 1)
    return now + min(wait, LONGEST_WAIT)
