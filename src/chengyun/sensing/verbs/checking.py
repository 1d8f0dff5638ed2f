"""Finding out how streams are, and keeping it: since when, and why."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import working
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.health import Found, drift, vital
from chengyun.sensing.decide.knowing import StreamFact
from chengyun.sensing.decide.packing import BLOCK
from chengyun.sensing.decide.siting import METRES
from chengyun.sensing.models import Calibration, Maintenance, StreamHealth
from chengyun.sensing.reads.newest import blocks
from chengyun.sensing.reads.streams import known
from chengyun.sensing.verbs.storing import instant, microseconds

SPAN_DAYS = 14
NEAR_M = 5_000.0
MOST_NEIGHBOURS = 12
_DAILY = """
SELECT stream, floor(extract(epoch FROM hour - %(from)s) / 86400)::int AS day, sum(total) / sum(n)
FROM sensing_hour WHERE hour >= %(from)s AND hour < %(to)s AND stream = ANY(%(streams)s)
GROUP BY 1, 2
"""


def check_streams(now: datetime) -> int:
    """Look at every stream of a thing in service; how many are not as they were."""
    with transaction.atomic(), working(SYSTEM.scope()):
        facts = {no: one for no, one in known().facts.items() if one.state == "active"}
        if not facts:
            return 0
        held = blocks(np.fromiter(facts, np.int64))
        cared = set(
            Maintenance.objects.filter(starts_at__lte=now, ends_at__gt=now).values_list(
                "thing_id", flat=True
            )
        )
        before = StreamHealth.objects.in_bulk(list(facts))
        at = microseconds(now)
        found = {}
        for no, fact in facts.items():
            if fact.thing_id in cared or no >> 5 not in held:
                continue
            state = held[no >> 5][no % BLOCK]
            found[no] = vital(
                int(state["at"]), int(state["since"]), fact.every_s, fact.stuck_after_s, at
            )
        return _keep(found, before, now, keep_drift=True)


def _keep(
    found: Mapping[int, Found],
    before: Mapping[int, StreamHealth],
    now: datetime,
    *,
    keep_drift: bool,
) -> int:
    rows = []
    for no, one in found.items():
        old = before.get(no)
        if old is not None and old.state == one.state:
            continue
        # A check of what it said last says nothing about drift.
        if keep_drift and old is not None and old.state == "drifting" and one.state == "fine":
            continue
        since = now if one.since is None else instant(one.since)
        rows.append(
            StreamHealth(stream=no, state=one.state, since=since, why=one.why, checked_at=now)
        )
    StreamHealth.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["stream"],
        update_fields=["state", "since", "why", "checked_at"],
        batch_size=5_000,
    )
    return len(rows)


def check_drift(now: datetime) -> int:
    """Compare streams with their neighbours over two weeks and with their last calibration; how
    many are not as they were. A calibration further off than the stream's `jump` is drift."""
    with transaction.atomic(), working(SYSTEM.scope()):
        facts = {
            no: one
            for no, one in known().facts.items()
            if one.state == "active" and one.result == "number"
        }
        means = _daily_means(list(facts), now)
        drifting = {**_by_neighbours(facts, means), **_by_calibration(facts)}
        before = StreamHealth.objects.in_bulk(list(facts))
        found = {
            no: Found("drifting", None, drifting[no]) if no in drifting else Found("fine", None, {})
            for no in facts
            if no in before and before[no].state in ("fine", "drifting")
        }
        return _keep(found, before, now, keep_drift=False)


def _daily_means(streams: list[int], now: datetime) -> dict[int, Any]:
    to = now.replace(hour=0, minute=0, second=0, microsecond=0)
    asked: dict[str, Any] = {"from": to - timedelta(days=SPAN_DAYS), "to": to, "streams": streams}
    with connection.cursor() as cursor:
        cursor.execute(_DAILY, asked)
        rows = cursor.fetchall()
    means: dict[int, Any] = {}
    for no, day, mean in rows:
        means.setdefault(no, np.full(SPAN_DAYS, np.nan))[day] = mean
    return means


def _by_neighbours(
    facts: Mapping[int, StreamFact], means: Mapping[int, Any]
) -> dict[int, JsonObject]:
    found = {}
    groups: dict[tuple[str, str], list[StreamFact]] = {}
    for no in means:
        fact = facts[no]
        if fact.lon is not None and fact.lat is not None:
            groups.setdefault((fact.kind, fact.property), []).append(fact)
    for group in groups.values():
        points = np.array([(one.lon, one.lat) for one in group], np.float64)
        scale = np.array([METRES * np.cos(np.radians(points[:, 1].mean())), METRES])
        for at, one in enumerate(group):
            away = np.hypot(*((points - points[at]) * scale).T)
            away[at] = np.inf
            near = np.argsort(away)[:MOST_NEIGHBOURS]
            near = near[away[near] <= NEAR_M]
            if len(near) < 3:
                continue
            others = np.array([means[group[n].no] for n in near.tolist()])
            why = drift(means[one.no], others)
            if why is not None:
                found[one.no] = why
    return found


def _by_calibration(facts: Mapping[int, StreamFact]) -> dict[int, JsonObject]:
    found = {}
    for row in _newest_calibrations(facts):
        jump = facts[row.stream].jump
        if jump is not None and abs(row.offset) > jump:
            said = {"by": "calibration", "offset": row.offset, "at": row.at.isoformat()}
            found[row.stream] = {**said, "jump": jump}
    return found


def _newest_calibrations(facts: Iterable[int]) -> Iterable[Calibration]:
    rows = Calibration.objects.filter(stream__in=list(facts)).order_by("stream", "-at")
    return rows.distinct("stream")
