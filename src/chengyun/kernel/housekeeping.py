"""Removing what has had its time, little by little, so that it never stands in anybody's way.

Each step removes one small batch in a transaction of its own and says how many that were; a run
goes on until nothing is left or its share is done (trust.md: housekeeping killed control rooms).
"""

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.models import Upload
from chengyun.kernel.registry import Registry
from chengyun.kernel.scope import bind
from chengyun.kernel.uploads import media_dir, path_of

log = logging.getLogger(__name__)

KEYS_KEPT = timedelta(days=30)
UPLOADS_KEPT = timedelta(days=1)
JOBS_KEPT = timedelta(days=7)
BATCH = 500
BATCHES_A_RUN = 40
_NAME = re.compile(r"[0-9a-f]{32}\.")

# (now, at most) → how many were removed.
Step = Callable[[datetime, int], int]
steps: Registry[Step] = Registry("housekeeping step")


def step(key: str) -> Callable[[Step], Step]:
    """Have a function called by every run, once a batch, each in a transaction of its own."""

    def add(run_one: Step) -> Step:
        return steps.register(key, run_one)

    return add


def run(now: datetime) -> dict[str, int]:
    """One run of every step; what each removed. A step that fails leaves the others alone."""
    removed = {}
    for key in steps:
        removed[key] = 0
        try:
            for _ in range(BATCHES_A_RUN):
                with transaction.atomic():
                    bind(SYSTEM.scope())
                    count = steps[key](now, BATCH)
                removed[key] += count
                if count < BATCH:
                    break
        except Exception:
            log.exception("housekeeping step %s failed", key)
    if any(removed.values()):
        log.info("housekeeping removed %s", {key: n for key, n in removed.items() if n})
    return removed


def _delete(statement: str, *values: datetime | int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


@step("kernel.idempotency_keys")
def idempotency_keys(now: datetime, limit: int) -> int:
    """Keys older than 30 days."""
    return _delete(
        "DELETE FROM kernel_idempotencykey WHERE id IN (SELECT id FROM kernel_idempotencykey"
        " WHERE created_at < %s ORDER BY created_at LIMIT %s)",
        now - KEYS_KEPT,
        limit,
    )


@step("kernel.throttle_buckets")
def throttle_buckets(now: datetime, limit: int) -> int:
    """Counts of windows that are over."""
    return _delete(
        "DELETE FROM kernel_throttlebucket WHERE key IN (SELECT key FROM kernel_throttlebucket"
        ' WHERE "window" < %s LIMIT %s)',
        int(now.timestamp()),
        limit,
    )


@step("kernel.jobs")
def jobs(now: datetime, limit: int) -> int:
    """Jobs that were done more than a week ago; failed ones stay until somebody looked."""
    return _delete(
        "DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM procrastinate_jobs j"
        " WHERE status IN ('succeeded', 'cancelled', 'aborted') AND NOT EXISTS (SELECT 1 FROM"
        " procrastinate_events e WHERE e.job_id = j.id AND e.at > %s) ORDER BY id LIMIT %s)",
        now - JOBS_KEPT,
        limit,
    )


def _remove_files(ids: list[UUID]) -> None:
    for upload_id in ids:
        for thumb in (False, True):
            path_of(upload_id, thumb=thumb).unlink(missing_ok=True)


@step("kernel.uploads")
def uploads(now: datetime, limit: int) -> int:
    """Photos that nothing cites after a day: the row first, its files once that is committed."""
    unused = Upload.objects.filter(used_at=None, created_at__lt=now - UPLOADS_KEPT)
    # One that is just being cited is locked by whoever cites it: the next run will see.
    locked = unused.select_for_update(skip_locked=True).order_by("created_at")
    ids = list(locked.values_list("id", flat=True)[:limit])
    Upload.objects.filter(id__in=ids).delete()
    transaction.on_commit(lambda: _remove_files(ids))
    return len(ids)


@step("kernel.stray_files")
def stray_files(now: datetime, limit: int) -> int:
    """Files whose row never came (its transaction was rolled back, or we died in between).

    Each run looks at the folders whose turn it is; in a day every folder has its turn.
    """
    minute = now.hour * 60 + now.minute
    turn = range(minute * 256 // 1440, (minute + 10) * 256 // 1440 + 1)
    removed = 0
    for number in turn:
        for folder in sorted((media_dir() / f"{number % 256:02x}").glob("*")):
            if removed < limit:
                removed += _remove_strays(folder, now - UPLOADS_KEPT)
    return removed


def _remove_strays(folder: Path, before: datetime) -> int:
    old = [path for path in folder.iterdir() if path.stat().st_mtime < before.timestamp()]
    named = [path for path in old if _NAME.match(path.name)]
    ids = {UUID(hex=path.name[:32]) for path in named}
    known = set(Upload.objects.filter(id__in=ids).values_list("id", flat=True))
    stray = [path for path in named if UUID(hex=path.name[:32]) not in known]
    for path in stray:
        path.unlink(missing_ok=True)
    return len(stray)
