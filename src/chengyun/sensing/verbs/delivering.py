"""Notifications that wait: queued with the position, sent, tried again, given up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from chengyun.sensing.verbs.statements import carry_out

MOST_TRIES = 8


_PAUSES = (5, 15, 60, 300, 900, 3_600, 7_200, 14_400)


def queue(
    rows: Sequence[tuple[UUID, Sequence[str], Sequence[str]]],
    *,
    now: datetime,
    position: tuple[int, int, int, int],
) -> None:
    """Let notifications wait to be sent, and say how far changes were looked at, in the caller's
    transaction. Rows: subscription, entities, those of them that are gone."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO sensing_contextdelivery (subscription_id, uris, gone, at, next_at)"
            " SELECT id, %s, %s, %s, greatest(%s, last_at + make_interval(secs =>"
            " coalesce((content->>'throttling')::float8, 0)))"
            " FROM sensing_contextsubscription WHERE id = %s",
            [[list(uris), list(gone), now, now, key] for key, uris, gone in rows],
        )
        cursor.execute(
            "UPDATE sensing_contextcursor SET change_xid = %s, change_seq = %s, batch_xid = %s,"
            " batch_seq = %s WHERE no = 1",
            list(position),
        )


def put_off_timed(key: UUID, next_at: datetime) -> None:
    """When a subscription that is told in intervals is told next."""
    carry_out("UPDATE sensing_contextsubscription SET next_at = %s WHERE id = %s", [next_at, key])


def claim_deliveries(now: datetime, limit: int) -> list[tuple[Any, ...]]:
    """Notifications that are due: (id, subscription, entities, gone, tries). Nobody else gets them
    for two minutes, whatever becomes of us."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sensing_contextdelivery SET next_at = %s WHERE id IN (SELECT id FROM"
            " sensing_contextdelivery WHERE next_at <= %s ORDER BY next_at LIMIT %s"
            " FOR UPDATE SKIP LOCKED) RETURNING id, subscription_id, uris, gone, tries",
            [now + timedelta(minutes=2), now, limit],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def settle_delivery(row: int, key: UUID, tries: int, fault: str, *, now: datetime) -> None:
    """What became of a notification: sent, to be tried again, or given up."""
    if not fault:
        carry_out(
            "UPDATE sensing_contextsubscription SET sent = sent + 1, last_at = %s, last_ok_at = %s,"
            " last_fault = '' WHERE id = %s",
            [now, now, key],
        )
    else:
        carry_out(
            "UPDATE sensing_contextsubscription SET sent = sent + 1, failed = failed + 1,"
            " last_at = %s, last_fault_at = %s, last_fault = %s WHERE id = %s",
            [now, now, fault[:400], key],
        )
    if fault and tries + 1 < MOST_TRIES:
        pause = timedelta(seconds=_PAUSES[tries])
        carry_out(
            "UPDATE sensing_contextdelivery SET tries = tries + 1, next_at = %s WHERE id = %s",
            [now + pause, row],
        )
    else:
        carry_out("DELETE FROM sensing_contextdelivery WHERE id = %s", [row])


def drop_delivery(row: int) -> None:
    """A notification that is not sent: nothing of it is left to tell."""
    carry_out("DELETE FROM sensing_contextdelivery WHERE id = %s", [row])
