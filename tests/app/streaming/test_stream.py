"""The live stream from commit to socket: complete, in order, and to those who may see."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from chengyun.kernel import areas, heartbeat, live
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import NewEvent, publish
from chengyun.kernel.ids import new_id

pytestmark = pytest.mark.django_db(transaction=True)
Serve = Callable[..., Any]


def paint(subject: UUID, version: int, district: int = 1, **data: Any) -> None:
    now = datetime.now(UTC)
    units = tuple(UUID(u) for u in data.pop("concerned", []))
    area = areas.pack(1, district, 1)
    news = NewEvent("toys.Painted", subject, version, area, SYSTEM, now, now, data, units)
    publish([news])


def test_a_commit_is_told_once_to_whoever_may_see_it(server: Any) -> None:
    here, there = server.listen("1"), server.listen("2")
    subject = new_id()
    paint(subject, 1, colour="红")
    told = here.event()
    assert (told.event, told.json()) == ("toy", {"colour": "红"})
    assert live.cursor_of(told.id) is not None
    assert here.event(0.4) is None
    assert there.event(0.1) is None
    paint(subject, 2, district=2, colour="blue")
    assert there.event().json() == {"colour": "blue"}


def test_what_is_not_committed_is_not_told(server: Any) -> None:
    here = server.listen("1")
    with transaction.atomic():
        paint(new_id(), 1, n=1)
        assert here.event(0.5) is None
    assert here.event().json() == {"n": 1}


def test_the_head_of_the_answer(server: Any) -> None:
    listener = server.listen("1", Origin="http://127.0.0.1:8420")
    assert listener.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert listener.headers["x-accel-buffering"] == "no"
    assert listener.headers["cache-control"] == "no-store"
    assert listener.headers["access-control-allow-origin"] == "http://127.0.0.1:8420"
    assert listener.headers["access-control-allow-credentials"] == "true"


def test_pings_keep_it_open_and_move_the_place_to_resume_from(server: Any) -> None:
    there = server.listen("2")
    paint(new_id(), 1, district=1)
    time.sleep(0.4)
    seen = [there.next(1.0) for _ in range(4)]
    assert [told.comment for told in seen if told] == ["ping"] * 4
    resumed = server.listen("2", last_id=there.last_id)
    assert resumed.event(0.5) is None


@pytest.mark.parametrize("way", ["last_id", "query_id"])
def test_a_listener_that_comes_back_gets_what_it_missed(server: Any, way: str) -> None:
    first = server.listen("1")
    subjects = [new_id() for _ in range(6)]
    paint(subjects[0], 1, n=0)
    assert first.event().json() == {"n": 0}
    first.close()
    for number, subject in enumerate(subjects[1:], 1):
        paint(subject, 1, district=1 if number % 2 else 2, n=number)
    again = server.listen("1", **{way: first.last_id})
    assert [again.event().json()["n"] for _ in range(3)] == [1, 3, 5]
    paint(subjects[0], 2, n=9)
    assert again.event().json() == {"n": 9}


def test_it_comes_back_to_another_process(serve: Serve) -> None:
    one = serve(open_door=True)
    first = one.listen("1")
    paint(new_id(), 1, n=0)
    first.event()
    one.stop()
    for number in range(1, 4):
        paint(new_id(), 1, n=number)
    again = serve(open_door=True).listen("1", last_id=first.last_id)
    assert [again.event().json()["n"] for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("last_id", "reason"),
    [
        ("nonsense", "unknown"),
        ("999999999999-1", "unknown"),
        ("1-1", "gap"),
        ("井盖".encode().decode("latin-1"), "unknown"),
    ],
)
def test_an_id_that_is_not_ours_starts_afresh(server: Any, last_id: str, reason: str) -> None:
    probe = server.listen("1")
    paint(new_id(), 1, n=0)
    probe.event()
    listener = server.listen("1", last_id=last_id)
    told = listener.event()
    assert (told.event, told.json()) == ("reset", {"reason": reason})
    paint(new_id(), 1, n=1)
    assert listener.event().json() == {"n": 1}


def test_too_much_missed_starts_afresh(server: Any) -> None:
    ahead = server.listen("1")
    paint(new_id(), 1, n=0)
    # Told before the others are written, or it would be counted as one of them.
    assert ahead.event(20)
    old = ahead.last_id
    now = datetime.now(UTC)
    subjects = [new_id() for _ in range(live.RESUME_MAX + 1)]
    publish(
        [
            NewEvent("toys.Painted", one, 1, areas.pack(1, 1), SYSTEM, now, now, {})
            for one in subjects
        ]
    )
    # The stream stands behind them all once another listener was told the last.
    for _ in subjects:
        assert ahead.event(20)
    listener = server.listen("1", last_id=old)
    assert listener.event().json() == {"reason": "gap"}


def test_nothing_is_lost_or_twice_while_listeners_come_and_go(server: Any) -> None:
    """Writers on several connections; a listener that reconnects all the time misses nothing."""
    done = threading.Event()

    def writer(base: int) -> None:
        for number in range(60):
            with transaction.atomic():
                paint(new_id(), 1, n=base + number)
                if number % 7 == 0:
                    time.sleep(0.03)
        connection.close()

    threads = [threading.Thread(target=writer, args=(1000 * n,)) for n in range(4)]
    listener = server.listen("1")
    for thread in threads:
        thread.start()
    seen: list[int] = []
    until = time.monotonic() + 30
    while len(seen) < 240 and time.monotonic() < until:
        for _ in range(9):
            told = listener.event(0.5)
            if told is None:
                break
            assert told.event == "toy"
            seen.append(told.json()["n"])
        listener.close()
        listener = server.listen("1", last_id=listener.last_id)
    done.set()
    for thread in threads:
        thread.join()
    assert sorted(seen) == sorted(1000 * n + k for n in range(4) for k in range(60))


def test_whoever_loses_sight_is_told_it_is_gone(server: Any) -> None:
    here = server.listen("1")
    subject = new_id()
    paint(subject, 1, n=1)
    here.event()
    paint(subject, 2, gone=True)
    told = here.event()
    assert (told.event, told.json()) == ("gone", {"id": str(subject)})


def test_a_picture_that_cannot_be_made_stops_nobody(server: Any) -> None:
    here = server.listen("1")
    paint(new_id(), 1, poison=True)
    assert here.until("reset").json() == {"reason": "skipped"}
    paint(new_id(), 1, n=2)
    assert here.event().json() == {"n": 2}


def test_a_stalled_listener_is_put_off_alone(serve: Serve) -> None:
    """One client stops reading under a flood: others get all, it starts afresh, memory stays."""
    server = serve(open_door=True, poll=0.01)
    # Wider than a segment of the loopback, or every window waits for a probe once it reads again.
    stalled = server.listen("1", receive_buffer=2**18)
    quick = server.listen("1")
    filler, total = "x" * 60_000, 0
    done = threading.Event()
    seen: list[str] = []

    def read() -> None:
        while not (done.is_set() and len(seen) == total) and (told := quick.event(10)):
            seen.append(told.event)

    reading = threading.Thread(target=read)
    reading.start()
    # The kernel's buffers swallow some MiB first, how many is the machine's affair.
    while not server.health()["behind"] and total < 5_000:
        for number in range(total, total + 50):
            paint(new_id(), 1, n=number, filler=filler)
        total += 50
    paint(new_id(), 1, n=total)
    total += 1
    done.set()
    reading.join(60)
    assert seen == ["toy"] * total
    assert stalled.until("reset", 60).json() == {"reason": "behind"}
    paint(new_id(), 1, n=-1)
    assert stalled.until("toy").json()["n"] == -1


def test_who_stands_still_for_long_is_dropped(serve: Serve) -> None:
    server = serve(open_door=True, poll=0.01, stall=1, check=0.3)
    stalled = server.listen("1", receive_buffer=4096)
    # The kernel's buffers swallow some MiB first, how many is the machine's affair.
    until = time.monotonic() + 60
    while server.health()["clients"] and time.monotonic() < until:
        for number in range(20):
            paint(new_id(), 1, n=number, filler="x" * 60_000)
        time.sleep(0.1)
    assert server.health()["clients"] == 0
    stalled.close()


def test_bounded_listeners(serve: Serve) -> None:
    server = serve(open_door=True, clients=3, clients_a_ticket=2)
    for key in ("1", "1", "2"):
        server.listen(key)
    full = server.ask(Authorization="Bearer 3")
    assert full.status == 503
    assert b'"code":"full"' in full.body
    assert full.headers["retry-after"]
    server.listeners[-2].close()
    time.sleep(0.3)
    often = server.ask(Authorization="Bearer 1")
    assert often.status == 429
    assert server.ask(Authorization="Bearer 2").status == 200


def test_those_who_leave_are_forgotten(server: Any) -> None:
    for _ in range(20):
        server.listen("1")
    assert server.health()["clients"] == 20
    for listener in server.listeners:
        listener.close()
    until = time.monotonic() + 5
    while server.health()["clients"] and time.monotonic() < until:
        time.sleep(0.05)
    assert server.health()["clients"] == 0


def test_it_ends_quickly_with_listeners_on(serve: Serve) -> None:
    server = serve(open_door=True)
    listeners = [server.listen("1") for _ in range(5)]
    assert server.stop(8) < 5
    assert all(listener.event(1) is None and listener.ended for listener in listeners)
    assert server.process.returncode == 0


def test_it_survives_the_loss_of_its_connections(server: Any) -> None:
    here = server.listen("1")
    paint(new_id(), 1, n=1)
    assert here.event().json() == {"n": 1}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    for number in range(2, 5):
        paint(new_id(), 1, n=number)
    assert [here.event().json()["n"] for _ in range(3)] == [2, 3, 4]


def test_it_shows_signs_of_life(server: Any) -> None:
    time.sleep(5.5)  # the row was removed with the last test; it is renewed every 5 s
    assert heartbeat.ages(datetime.now(UTC))["stream"] < 10
