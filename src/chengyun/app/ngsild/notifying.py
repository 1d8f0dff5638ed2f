"""Telling subscribers: what changed is queued once, and sent until it is taken or given up."""

import logging
import threading
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import close_old_connections, connection, transaction

from chengyun.app.devices.asking import NotAnswered, tell
from chengyun.app.ngsild.notification import notification
from chengyun.app.ngsild.register import HEAD, THING
from chengyun.app.ngsild.terms import DEFAULT
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import Clock, system_clock
from chengyun.kernel.problems import Problem
from chengyun.kernel.scope import bind
from chengyun.people.reads.actors import actor_behind
from chengyun.sensing.decide.subscribing import Told, concerns
from chengyun.sensing.reads import batches, streams
from chengyun.sensing.reads import subscriptions as reads
from chengyun.sensing.reads.subscriptions import Subscription
from chengyun.sensing.verbs import delivering
from chengyun.sensing.verbs.taking import HISTORY

log = logging.getLogger(__name__)
AT_ONCE = 4
_CHANGES, _BATCHES = 1_000, 100
_LOOK_EVERY_S = 0.5
_TIMEOUT_S = 5.0


def look(now: datetime) -> int:
    """Queue what changed since the last look; how many notifications were queued."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        before = reads.position()
        if before is None:
            return 0
        changes, changed_to = reads.changes_after(before[0], before[1], _CHANGES)
        spoken = batches.after(before[2], before[3], _BATCHES)
        read_to = (spoken[-1].xid, spoken[-1].seq) if spoken else (before[2], before[3])
        live = [one for one in reads.live_subscriptions() if one.live(now)]
        rows = _timed(live, now)
        if live:
            every = [*changes, *_of_readings(spoken)]
            rows += [row for one in live if (row := _row(one, every))]
        if rows or (*changed_to, *read_to) != before:
            delivering.queue(rows, now=now, position=(*changed_to, *read_to))
        return len(rows)


def _of_readings(spoken: Iterable[batches.Batch]) -> list[Told]:
    """Readings as changes of the things that said them."""
    found: dict[str, tuple[frozenset[str], set[str]]] = {}
    for batch in spoken:
        if batch.door == HISTORY:
            continue
        for fact in streams.facts(set(batch.readings.stream.tolist())).values():
            types = frozenset((DEFAULT + fact.kind, THING))
            _, attrs = found.setdefault(HEAD + fact.thing_code, (types, set()))
            attrs.add(DEFAULT + fact.code)
    return [Told(uri, types, frozenset(attrs), "updated") for uri, (types, attrs) in found.items()]


def _row(one: Subscription, changes: Iterable[Told]) -> tuple[UUID, list[str], list[str]] | None:
    if one.content["interval"]:
        return None
    hit = [change for change in changes if concerns(one.content, change)]
    uris = list(dict.fromkeys(change.uri for change in hit))
    gone = {change.uri for change in hit if change.kind == "deleted"}
    return (one.id, uris, sorted(gone)) if uris else None


def _timed(live: Iterable[Subscription], now: datetime) -> list[tuple[UUID, list[str], list[str]]]:
    """Those that are told in intervals, where one is over."""
    rows: list[tuple[UUID, list[str], list[str]]] = []
    for one in live:
        if one.next_at is not None and one.next_at <= now and one.content["interval"]:
            delivering.put_off_timed(one.id, now + timedelta(seconds=one.content["interval"]))
            rows.append((one.id, [], []))
    return rows


def send(row: tuple[Any, ...], now: datetime) -> None:
    """Send one queued notification, as its owner may see what it tells."""
    id_, key, uris, gone, tries = row
    with transaction.atomic():
        bind(SYSTEM.scope())
        one = reads.subscription_by_key(key)
        owner = actor_behind(one.owner_kind, one.owner_id, now=now) if one else None
        if one is None or owner is None or not one.live(now):
            delivering.drop_delivery(id_)
            return
    fault, body = "", None
    try:
        with transaction.atomic():
            bind(owner.scope())
            body, headers = notification(one, owner, uris, gone, now)
    except Problem as problem:
        fault = problem.detail
    if body is None and not fault:
        with transaction.atomic():
            bind(SYSTEM.scope())
            delivering.drop_delivery(id_)
        return
    if body is not None:
        endpoint = one.content["said"]["notification"]["endpoint"]
        try:
            tell(
                endpoint["uri"],
                body,
                headers,
                timeout_s=_TIMEOUT_S,
                hosts=settings.FEED_HOSTS,
                private=settings.PRIVATE_FEED_HOSTS,
            )
        except NotAnswered as refused:
            fault = str(refused)
    with transaction.atomic():
        bind(SYSTEM.scope())
        delivering.settle_delivery(id_, key, tries, fault, now=now)


def notify(stopping: threading.Event, clock: Clock = system_clock) -> None:
    """Look and send, until told to stop."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notify") as hands:
        while not stopping.is_set():
            try:
                look(clock.now())
                with transaction.atomic():
                    bind(SYSTEM.scope())
                    due = delivering.claim_deliveries(clock.now(), AT_ONCE * 4)
                for rows in _by_subscription(due):
                    hands.submit(_send_all, rows, clock)
            except DatabaseFault as fault:
                log.warning("subscribers wait for the database: %s", fault)
                close_old_connections()
            stopping.wait(_LOOK_EVERY_S)


def _by_subscription(due: Iterable[tuple[Any, ...]]) -> list[list[tuple[Any, ...]]]:
    """One after the other for each subscriber, side by side for several."""
    found_: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for row in sorted(due):
        found_[row[1]].append(row)
    return list(found_.values())


def _send_all(rows: list[tuple[Any, ...]], clock: Clock) -> None:
    try:
        for row in rows:
            send(row, clock.now())
    except Exception:
        log.exception("a notification could not be sent")
    finally:
        connection.close()
