"""How long a sign-in lasts."""

from datetime import datetime, timedelta

# A long shift: nobody is signed out while on duty, nobody stays signed in to the next day's.
IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(hours=24)
# How old knowledge of a session or key may be: revocation works within this time in every process.
STALE = timedelta(seconds=4)
# How often "last seen" is written.
SEEN_EVERY = timedelta(seconds=60)

# How long an ended session or used link stays to be looked at.
KEEP_SPENT = timedelta(days=90)

LINK_LIFE = timedelta(hours=24)
LINK_LIFE_MAX = timedelta(days=14)
KEY_LIFE = timedelta(days=90)
KEY_LIFE_MAX = timedelta(days=366)


def alive(
    *, expires_at: datetime, last_seen_at: datetime, ended_at: datetime | None, now: datetime
) -> bool:
    """Whether a session may still act."""
    return ended_at is None and now < expires_at and now - last_seen_at < IDLE
