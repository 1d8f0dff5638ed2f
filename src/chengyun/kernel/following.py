"""Running followers: each reads on from its own position, one transaction a batch."""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import followers, read_after
from chengyun.kernel.heartbeat import Heart
from chengyun.kernel.models import FollowerPosition
from chengyun.kernel.scope import bind

log = logging.getLogger(__name__)
_heart = Heart("follower")
LONGEST_PAUSE = timedelta(seconds=30)

# Per failing follower of this process: how often in a row, and when to try again.
_failing: dict[str, tuple[int, datetime]] = {}


def forget_failures() -> None:
    """Try every follower again at once."""
    _failing.clear()


def _is_behind(key: str) -> bool:
    # Asked without a lock: an idle follower polls many times a second and must write nothing.
    position = FollowerPosition.objects.filter(name=key).values_list("xid", "seq").first()
    return position is None or bool(read_after(*position, 1))


def _record(key: str, error: Exception, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_followerposition AS p"
            " (name, xid, seq, events, failure, failing_since) VALUES (%s, 0, 0, 0, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET failure = excluded.failure,"
            " failing_since = coalesce(p.failing_since, excluded.failing_since)",
            [key, f"{type(error).__name__}: {error}"[:500].replace("\0", ""), now],
        )


def step(key: str, now: datetime) -> int:
    """Let one follower take its next batch; position and effect commit together.

    Returns:
        How many events it went past; 0 when it is up to date or another process holds it.

    A follower that fails keeps its position and says since when; the next step tries again.
    """
    following = followers[key]
    if not _is_behind(key):
        return 0
    try:
        with transaction.atomic():
            bind(SYSTEM.scope())
            FollowerPosition.objects.bulk_create(
                [FollowerPosition(name=key)], ignore_conflicts=True
            )
            position = (
                FollowerPosition.objects.select_for_update(skip_locked=True)
                .filter(name=key)
                .first()
            )
            if position is None:
                return 0
            events = read_after(position.xid, position.seq, following.batch)
            if not events:
                return 0
            wanted = [event for event in events if event.name in following.names]
            if wanted:
                following.run(wanted, now)
            position.xid, position.seq = events[-1].xid, events[-1].seq
            position.events += len(wanted)
            position.moved_at = now
            position.failing_since = None
            position.failure = ""
            position.save()
        _failing.pop(key, None)
        return len(events)
    except Exception as error:
        log.exception("follower %s failed", key)
        _record(key, error, now)
        times = _failing.get(key, (0, now))[0] + 1
        _failing[key] = times, now + min(timedelta(seconds=2 ** min(times, 10)), LONGEST_PAUSE)
        return 0


def drain(now: datetime) -> int:
    """One step of every follower that is not pausing after a failure; the events gone past."""
    _heart.beat()
    return sum(
        step(key, now) for key in followers if key not in _failing or _failing[key][1] <= now
    )
