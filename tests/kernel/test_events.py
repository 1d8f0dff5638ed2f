"""Events: read in commit order, none skipped, one version one event; followers go on."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from chengyun.kernel import events, following
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import NewEvent, PastEvent, newest, publish, read_after
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import Event, FollowerPosition
from chengyun.kernel.rights import APPEND_ONLY
from chengyun.kernel.scope import APP_ROLE, BULK_ROLE

pytestmark = pytest.mark.django_db(transaction=True)


def fact(
    now: datetime, name: str = "tests.Seen", subject: UUID | None = None, **data: Any
) -> NewEvent:
    units = (new_id(), new_id())
    return NewEvent(name, subject or new_id(), 1, 7, SYSTEM, now, now, data, units)


INSERT = (
    "INSERT INTO kernel_event (id, name, subject_id, subject_version, unit_ids, actor_kind,"
    " actor_name, occurred_at, recorded_at, data) VALUES (%s, 'tests.Seen', %s, 1, '{}', 'system',"
    " 'system', now(), now(), %s::jsonb)"
)


def write(conn: psycopg.Connection[Any], number: int) -> None:
    conn.execute(INSERT, [new_id(), new_id(), f'{{"number": {number}}}'])


def test_what_is_published_is_read_as_it_was(now: datetime) -> None:
    told = fact(now, text="井盖缺失 🕳", nested={"a": [1, None, True]})
    publish([told])
    (past,) = read_after(0, 0, 10)
    assert past.name == "tests.Seen"
    assert past.subject_id == told.subject_id
    assert past.unit_ids == told.unit_ids
    assert (past.area_no, past.occurred_at, past.data) == (7, now, told.data)
    assert newest() == (past.xid, past.seq)


def test_publishing_nothing_is_nothing() -> None:
    publish([])
    assert not Event.objects.exists()
    assert newest() == (0, 0)


def test_order_inside_one_transaction_is_the_order_of_publishing(now: datetime) -> None:
    many = [fact(now, number=number) for number in range(300)]
    with transaction.atomic():
        publish(many[:100])
        publish(many[100:])
    assert [e.data["number"] for e in read_after(0, 0, 1000)] == list(range(300))


def test_a_slow_committer_is_not_skipped(connect: Callable[[], psycopg.Connection[Any]]) -> None:
    """Two transactions write 1 then 2, and commit 2 then 1."""
    slow, quick = connect(), connect()
    write(slow, 1)
    write(quick, 2)
    quick.commit()
    assert read_after(0, 0, 10) == [], "2 is committed, but 1 may still come in front of it"
    assert newest() == (0, 0)
    slow.commit()
    assert [e.data["number"] for e in read_after(0, 0, 10)] == [1, 2]


def test_a_reader_in_steps_sees_every_event_once(
    connect: Callable[[], psycopg.Connection[Any]],
) -> None:
    """Eight writers commit in any order while a reader reads on: none lost, none twice."""
    done = threading.Event()
    read: list[int] = []

    def writer(base: int, conn: psycopg.Connection[Any]) -> None:
        for number in range(25):
            write(conn, base + number)
            write(conn, base + 100 + number)
            conn.commit()

    threads = [threading.Thread(target=writer, args=(n * 1000, connect())) for n in range(8)]
    for thread in threads:
        thread.start()
    position = (0, 0)
    while len(read) < 400:
        finished = done.is_set()
        for event in read_after(*position, 7):
            assert (event.xid, event.seq) > position
            position = (event.xid, event.seq)
            read.append(event.data["number"])
        if finished and not read_after(*position, 1):
            break
        if not any(thread.is_alive() for thread in threads):
            done.set()
    assert len(read) == len(set(read)) == 400


def test_one_version_is_taken_once(now: datetime) -> None:
    told = fact(now)
    publish([told])
    with pytest.raises(IntegrityError, match="event_once_per_version"):
        publish([fact(now, subject=told.subject_id)])
    assert Event.objects.count() == 1


def test_reactions_run_inside_the_transaction(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_reactions", {})
    heard: list[list[str]] = []

    @events.on("tests.Seen", "tests.Gone")
    def hear(news: Sequence[NewEvent]) -> None:
        assert connection.in_atomic_block
        heard.append([item.name for item in news])

    with transaction.atomic():
        publish([fact(now), fact(now, "tests.Other"), fact(now), fact(now, "tests.Gone")])
    assert sorted(heard) == [["tests.Gone"], ["tests.Seen", "tests.Seen"]]


@pytest.mark.parametrize("role", [APP_ROLE, BULK_ROLE])
@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET actor_name = ''", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_history_is_append_only(
    working_as: Callable[[str], Any], role: str, table: str, statement: str
) -> None:
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with working_as(role), denied, connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.fixture
def follower(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A follower of tests.Seen that can be told to fail."""
    monkeypatch.setattr(events.followers, "_closed", False)
    state: dict[str, Any] = {"fails": False, "seen": []}

    @events.follow("tests.follower", "tests.Seen", batch=3)
    def run(batch: Sequence[PastEvent], now: datetime) -> None:
        state["seen"] += [event.data["number"] for event in batch]
        if state["fails"]:
            raise RuntimeError("the follower fails")

    yield state
    events.followers._kinds.pop("tests.follower")
    following.forget_failures()


def test_a_follower_reads_on_in_batches_and_only_what_it_wants(
    now: datetime, follower: dict[str, Any]
) -> None:
    publish([fact(now, "tests.Seen" if n % 2 else "tests.Other", number=n) for n in range(8)])
    steps = []
    while moved := following.step("tests.follower", now):
        steps.append(moved)
    assert follower["seen"] == [1, 3, 5, 7]
    assert steps == [3, 3, 2]
    position = FollowerPosition.objects.get()
    assert (position.xid, position.seq) == newest()
    assert position.events == 4


def test_a_restarted_follower_goes_on_where_it_stopped(
    now: datetime, follower: dict[str, Any]
) -> None:
    publish([fact(now, number=1)])
    following.step("tests.follower", now)
    connection.close()
    publish([fact(now, number=2)])
    following.step("tests.follower", now)
    assert follower["seen"] == [1, 2]


def test_a_failing_follower_keeps_its_position_and_says_since_when(
    now: datetime, follower: dict[str, Any]
) -> None:
    publish([fact(now, number=1)])
    follower["fails"] = True
    assert following.step("tests.follower", now) == 0
    assert following.step("tests.follower", now + timedelta(minutes=1)) == 0
    position = FollowerPosition.objects.get()
    assert (position.xid, position.seq, position.events) == (0, 0, 0)
    assert position.failing_since == now
    assert position.failure == "RuntimeError: the follower fails"
    follower["fails"] = False
    assert following.step("tests.follower", now + timedelta(minutes=2)) == 1
    position.refresh_from_db()
    assert (position.failing_since, position.failure) == (None, "")
    assert follower["seen"] == [1, 1, 1], "at least once"


def test_a_failing_follower_pauses_longer_and_longer_and_holds_nobody_up(
    now: datetime, follower: dict[str, Any]
) -> None:
    publish([fact(now, number=1)])
    follower["fails"] = True
    for second in range(60):
        following.drain(now + timedelta(seconds=second))
    assert 4 <= len(follower["seen"]) <= 8


def test_effect_and_position_commit_together(
    now: datetime, follower: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish([fact(now, number=1)])

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the power goes")

    with monkeypatch.context() as cut:
        cut.setattr(FollowerPosition, "save", broken)
        assert following.step("tests.follower", now) == 0
    assert following.step("tests.follower", now) == 1
    assert follower["seen"] == [1, 1]


def test_two_processes_do_not_follow_at_once(
    now: datetime, follower: dict[str, Any], connect: Callable[[], psycopg.Connection[Any]]
) -> None:
    publish([fact(now, number=1)])
    FollowerPosition.objects.create(name="tests.follower")
    other = connect()
    other.execute("SELECT * FROM kernel_followerposition FOR UPDATE")
    assert following.step("tests.follower", now) == 0
    other.rollback()
    assert following.step("tests.follower", now) == 1


def test_an_idle_follower_writes_nothing(now: datetime, follower: dict[str, Any]) -> None:
    publish([fact(now, number=1)])
    following.step("tests.follower", now)

    def current() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            return int(cursor.fetchone()[0])

    before = current()
    for _ in range(5):
        assert following.step("tests.follower", now) == 0
    assert current() == before
