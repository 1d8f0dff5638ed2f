"""Measures read from the database when Prometheus asks, each bounded in cost."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import Error as DatabaseFault
from django.db import connection, transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind

log = logging.getLogger(__name__)

# Counting stops here: an overloaded node must not be loaded further by being watched.
MOST = 100_000

Sample = tuple[dict[str, str], float]

_LAG = """
SELECT p.name, behind.count, behind.oldest, p.failing_since IS NOT NULL
FROM kernel_followerposition p, LATERAL (
    SELECT count(*), min(recorded_at) AS oldest FROM (
        SELECT recorded_at FROM kernel_event e WHERE (e.xid, e.seq) > (p.xid, p.seq)
        ORDER BY e.xid, e.seq LIMIT %s
    ) unread
) behind ORDER BY p.name
"""
_CASES = """
SELECT state, count(*) FROM (SELECT state FROM cases_case WHERE open LIMIT %s) open_cases
GROUP BY state ORDER BY state
"""
_JOBS = """
SELECT status::text, count(*) FROM (SELECT status FROM procrastinate_jobs LIMIT %s) jobs
GROUP BY status ORDER BY status
"""


def measured(now: datetime) -> bytes:
    """All measures in Prometheus' text form; `chengyun_database_up 0` alone when it is away."""
    try:
        with transaction.atomic():
            bind(SYSTEM.scope())
            lines = [*_lag(now), *_counts("chengyun_cases_open", "Open cases.", _CASES, "state")]
            lines += _counts("chengyun_jobs", "Jobs by status.", _JOBS, "status")
        up = 1
    except DatabaseFault as fault:
        log.warning("the measures cannot be read: %s", fault)
        connection.close()
        lines, up = [], 0
    lines += _family("chengyun_database_up", "Whether the database answers.", [({}, up)])
    return "".join(lines).encode()


def _lag(now: datetime) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_LAG, [MOST])
        rows = cursor.fetchall()
    behind: list[Sample] = []
    seconds: list[Sample] = []
    failing: list[Sample] = []
    for name, count, oldest, fails in rows:
        label = {"follower": name}
        behind.append((label, count))
        late = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
        seconds.append((label, round(late, 3)))
        failing.append((label, int(fails)))
    return [
        *_family("chengyun_follower_behind_events", f"Unread events, at most {MOST}.", behind),
        *_family("chengyun_follower_behind_seconds", "Age of the oldest unread event.", seconds),
        *_family("chengyun_follower_failing", "1 while a follower's last try failed.", failing),
    ]


def _counts(name: str, said: str, query: str, label: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query, [MOST])
        samples = [({label: str(key)}, float(count)) for key, count in cursor]
    return _family(name, f"{said} Counting stops at {MOST}.", samples)


def _family(name: str, said: str, samples: Iterable[Sample]) -> list[str]:
    lines = [f"# HELP {name} {said}\n", f"# TYPE {name} gauge\n"]
    for labels, value in samples:
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        lines.append(f"{name}{{{inside}}} {value:g}\n" if inside else f"{name} {value:g}\n")
    return lines


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
