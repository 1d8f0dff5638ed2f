"""Later work: deferred with the caller's commit, run apart, and the house kept in small steps."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from chengyun.kernel import housekeeping, jobs
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import IdempotencyKey, ThrottleBucket, Upload
from chengyun.kernel.problems import Conflict
from chengyun.kernel.scope import APP_ROLE
from chengyun.kernel.text import JsonObject
from chengyun.kernel.uploads import media_dir, path_of, write_durably
from chengyun.kernel.verbs import verb

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]


@pytest.fixture
def noted() -> Iterator[tuple[jobs.Job, list[Any]]]:
    """A job that notes what it was called with."""
    calls: list[Any] = []

    def note(*, now: datetime, what: str) -> None:
        calls.append((what, now.utcoffset(), connection.in_atomic_block))
        if what == "fails":
            raise RuntimeError("not today")

    yield jobs.job("tests.note")(note), calls
    app.tasks.pop("tests.note")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def work() -> None:
    """Run what is due, as the worker does."""
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def waiting() -> list[str]:
    return [row.task_name for row in ProcrastinateJob.objects.filter(status="todo")]


def test_no_commit_no_job(noted: tuple[jobs.Job, list[Any]]) -> None:
    job, _ = noted
    with suppress(RuntimeError), transaction.atomic():
        job.later(what="x")
        assert waiting() == ["tests.note"]
        raise RuntimeError
    assert waiting() == []


def test_nobody_else_sees_the_job_before_the_commit(
    noted: tuple[jobs.Job, list[Any]], connect: Callable[[], psycopg.Connection[Any]]
) -> None:
    job, _ = noted
    other = connect()
    other.autocommit = True
    count = "SELECT count(*) FROM procrastinate_jobs"
    with transaction.atomic():
        job.later(what="x")
        assert other.execute(count).fetchone() == (0,)
    assert other.execute(count).fetchone() == (1,)


def test_a_refused_verb_leaves_no_job(
    noted: tuple[jobs.Job, list[Any]], now: datetime, working_as: Callable[[str], Any]
) -> None:
    job, _ = noted

    @verb("tests.defer")
    def defer(actor: Actor, *, now: datetime, fine: bool) -> JsonObject:
        job.later(what="x")
        if not fine:
            raise Conflict("No.")
        return {}

    with working_as(APP_ROLE):
        with pytest.raises(Conflict):
            defer(PUBLIC, now=now, fine=False)
        assert waiting() == []
        defer(SYSTEM, now=now, fine=True)
        assert waiting() == ["tests.note"]


def test_a_worker_runs_it_once_outside_any_transaction(
    noted: tuple[jobs.Job, list[Any]],
) -> None:
    job, calls = noted
    job.later(what="x")
    assert calls == []
    work()
    work()
    assert calls == [("x", timedelta(0), False)]
    assert ProcrastinateJob.objects.get(task_name="tests.note").status == "succeeded"


def test_a_failed_job_is_tried_again_later(noted: tuple[jobs.Job, list[Any]]) -> None:
    job, calls = noted
    job.later(what="fails")
    work()
    row = ProcrastinateJob.objects.get(task_name="tests.note")
    assert (row.status, row.attempts, len(calls)) == ("todo", 1, 1)
    assert row.scheduled_at is not None


def test_a_job_may_wait_for_its_time(noted: tuple[jobs.Job, list[Any]], now: datetime) -> None:
    job, calls = noted
    job.at(now + timedelta(days=400), what="later")
    work()
    assert (calls, waiting()) == ([], ["tests.note"])


def test_a_job_never_runs_in_the_callers_transaction(
    noted: tuple[jobs.Job, list[Any]],
) -> None:
    job, calls = noted
    with transaction.atomic(), pytest.raises(RuntimeError, match="defer it"):
        job.task.func(what="x")
    assert calls == []


def test_the_house_is_kept_every_ten_minutes() -> None:
    periodic = app.periodic_registry.periodic_tasks
    assert [t.cron for (name, _), t in periodic.items() if name == "kernel.housekeep"] == [
        "*/10 * * * *"
    ]
    assert jobs.housekeep.task.lock == jobs.housekeep.task.queueing_lock == "kernel.housekeep"


def test_old_idempotency_keys_go_young_ones_stay(now: datetime) -> None:
    for days in (0, 29, 31, 400):
        IdempotencyKey.objects.create(
            owner="user:1",
            key=str(days),
            verb="v",
            digest=b"",
            receipt={},
            created_at=now - timedelta(days=days),
        )
    assert housekeeping.run(now)["kernel.idempotency_keys"] == 2
    assert sorted(IdempotencyKey.objects.values_list("key", flat=True)) == ["0", "29"]


def test_a_run_works_in_bounded_batches(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "BATCH", 10)
    monkeypatch.setattr(housekeeping, "BATCHES_A_RUN", 3)
    old = now - timedelta(days=40)
    IdempotencyKey.objects.bulk_create(
        IdempotencyKey(owner="o", key=str(n), verb="v", digest=b"", created_at=old)
        for n in range(37)
    )
    assert housekeeping.run(now)["kernel.idempotency_keys"] == 30
    assert housekeeping.run(now)["kernel.idempotency_keys"] == 7


def test_one_failing_step_leaves_the_others_alone(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(now: datetime, limit: int) -> int:
        raise RuntimeError("broken")

    monkeypatch.setitem(housekeeping.steps._kinds, "kernel.idempotency_keys", broken)
    ThrottleBucket.objects.create(key="a", window=int(now.timestamp()) - 1, count=3)
    ThrottleBucket.objects.create(key="b", window=int(now.timestamp()) + 60, count=3)
    removed = housekeeping.run(now)
    assert (removed["kernel.idempotency_keys"], removed["kernel.throttle_buckets"]) == (0, 1)
    assert ThrottleBucket.objects.get().key == "b"


def keep_photo(now: datetime, age: timedelta, used: bool = False) -> Upload:
    upload = Upload.objects.create(
        sha256=b"",
        width=9,
        height=9,
        size=4,
        created_at=now - age,
        used_at=now - age if used else None,
    )
    for thumb in (False, True):
        write_durably(path_of(upload.id, thumb=thumb), b"jpeg")
    return upload


def test_photos_that_nothing_cites_go_with_their_files(now: datetime) -> None:
    day = timedelta(days=1)
    unused, cited, young = (
        keep_photo(now, day * 2),
        keep_photo(now, day * 2, used=True),
        keep_photo(now, day / 2),
    )
    assert housekeeping.run(now)["kernel.uploads"] == 1
    assert {u.id for u in Upload.objects.all()} == {cited.id, young.id}
    assert not path_of(unused.id).exists()
    assert not path_of(unused.id, thumb=True).exists()
    assert path_of(cited.id).exists()
    assert path_of(young.id, thumb=True).exists()


def test_a_photo_just_being_cited_stays(
    now: datetime, connect: Callable[[], psycopg.Connection[Any]]
) -> None:
    upload = keep_photo(now, timedelta(days=2))
    other = connect()
    other.execute("UPDATE kernel_upload SET used_at = now() WHERE id = %s", [upload.id])
    assert housekeeping.run(now)["kernel.uploads"] == 0
    other.commit()
    assert housekeeping.run(now)["kernel.uploads"] == 0
    assert path_of(upload.id).exists()


def test_files_without_a_row_go_within_a_day(now: datetime) -> None:
    kept = keep_photo(now, timedelta(days=3), used=True)
    strays = [path_of(new_id(), thumb=bool(n % 2)) for n in range(12)]
    half = path_of(new_id()).with_suffix(".part")
    foreign = path_of(kept.id).parent / "README"
    fresh = path_of(new_id())
    for path in (*strays, half, foreign, fresh):
        write_durably(path, b"jpeg")
    long_ago = time.time() - timedelta(days=3).total_seconds()
    for path in media_dir().rglob("*"):
        if path.is_file() and path != fresh:
            os.utime(path, (long_ago, long_ago))
    today = datetime.now(tz=now.tzinfo).replace(hour=0, minute=0)
    for turn in range(144):
        housekeeping.run(today + timedelta(minutes=10 * turn))
    left = {path for path in media_dir().rglob("*") if path.is_file()}
    assert left == {path_of(kept.id), path_of(kept.id, thumb=True), foreign, fresh}


def test_done_jobs_go_after_a_week_failed_ones_stay(
    noted: tuple[jobs.Job, list[Any]], now: datetime, tmp_path: Path
) -> None:
    job, _ = noted
    for _ in range(3):
        job.later(what="x")
    work()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE id ="
            " (SELECT max(id) FROM procrastinate_jobs WHERE task_name = 'tests.note')"
        )
        assert housekeeping.run(now)["kernel.jobs"] == 0
        cursor.execute("UPDATE procrastinate_events SET at = %s", [now - timedelta(days=8)])
    assert housekeeping.run(now)["kernel.jobs"] >= 2
    assert [row.status for row in ProcrastinateJob.objects.all()] == ["failed"]
