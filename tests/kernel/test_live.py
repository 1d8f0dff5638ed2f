"""The live stream's kernel: one picture per subject, for those who may see it, nobody waits."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from chengyun.kernel import areas, live
from chengyun.kernel.actor import Scope
from chengyun.kernel.events import PastEvent
from chengyun.kernel.ids import new_id
from chengyun.kernel.live import Client, Hub, LiveRow, chunk_for, cursor_of, project

HERE, THERE = areas.pack(1, 2), areas.pack(1, 5)
UNIT_A, UNIT_B, UNIT_C = (UUID(int=n) for n in (1, 2, 3))
AT = datetime(2026, 11, 22, tzinfo=UTC)
DESK = Scope(areas=(areas.span(HERE),))


def event(
    seq: int, subject: UUID, area: int | None = HERE, units: tuple[UUID, ...] = ()
) -> PastEvent:
    return PastEvent(5, seq, "toys.Painted", subject, seq, area, units, None, AT, {})


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[UUID, LiveRow]]:
    """The present rows of toys, as their projection reads them."""
    present: dict[UUID, LiveRow] = {}
    asked: list[int] = []

    def projection(subjects: Sequence[UUID]) -> dict[UUID, LiveRow]:
        asked.append(len(subjects))
        return {subject: present[subject] for subject in subjects if subject in present}

    monkeypatch.setattr(live.projections, "_closed", False)
    live.projections.register("toys", ("toy", projection))
    yield present
    live.projections._kinds.pop("toys")


def row(area: int | None = HERE, units: tuple[UUID, ...] = (), payload: bytes = b"{}") -> LiveRow:
    return LiveRow(area, units, payload)


def test_several_changes_are_one_picture_with_the_last_id(rows: dict[UUID, LiveRow]) -> None:
    one, other = new_id(), new_id()
    rows[one], rows[other] = row(payload=b'{"n":1}'), row(payload=b'{"n":2}')
    messages = project([event(9, one), event(10, other), event(11, one)])
    assert [m.id for m in messages] == ["5-10", "5-11"]
    assert chunk_for(DESK, messages) == (
        b'id: 5-10\nevent: toy\ndata: {"n":2}\n\nid: 5-11\nevent: toy\ndata: {"n":1}\n\n'
    )


def test_events_of_rooms_without_a_picture_are_passed_over(rows: dict[UUID, LiveRow]) -> None:
    stranger = PastEvent(5, 1, "people.Hired", new_id(), 1, HERE, (), None, AT, {})
    assert project([stranger]) == []


def test_each_scope_gets_its_own(rows: dict[UUID, LiveRow]) -> None:
    here, there = new_id(), new_id()
    rows[here], rows[there] = row(HERE), row(THERE, (UNIT_A,))
    messages = project([event(1, here), event(2, there, THERE, (UNIT_A,))])
    assert chunk_for(DESK, messages).count(b"event: toy") == 1
    assert chunk_for(Scope(units=(UNIT_A,)), messages).startswith(b"id: 5-2\n")
    assert chunk_for(Scope(everything=True), messages).count(b"event: toy") == 2
    assert chunk_for(Scope(areas=(areas.span(areas.pack(2)),)), messages) == b""
    assert chunk_for(Scope(units=(UNIT_B,)), messages) == b""


def test_what_leaves_sight_is_gone_without_a_word_more(rows: dict[UUID, LiveRow]) -> None:
    subject = new_id()
    rows[subject] = row(THERE, (UNIT_B,), b'{"secret":1}')
    messages = project([event(1, subject, THERE, (UNIT_A, UNIT_B))])
    gone = b'id: 5-1\nevent: gone\ndata: {"id":"%s"}\n\n' % str(subject).encode()
    assert chunk_for(Scope(units=(UNIT_A,)), messages) == gone
    assert b"secret" in chunk_for(Scope(units=(UNIT_B,)), messages)


def test_who_saw_it_in_between_is_told_too(rows: dict[UUID, LiveRow]) -> None:
    """A to B to C in one batch: A must be told although the last change concerned B and C."""
    subject = new_id()
    rows[subject] = row(THERE, (UNIT_C,))
    messages = project(
        [
            event(1, subject, THERE, (UNIT_A, UNIT_B)),
            event(2, subject, THERE, (UNIT_B, UNIT_C)),
        ]
    )
    for unit in (UNIT_A, UNIT_B):
        assert b"event: gone" in chunk_for(Scope(units=(unit,)), messages)
    assert b"event: toy" in chunk_for(Scope(units=(UNIT_C,)), messages)


def test_a_subject_that_is_no_more_is_gone_for_all_who_saw_it(rows: dict[UUID, LiveRow]) -> None:
    messages = project([event(1, new_id())])
    assert b"event: gone" in chunk_for(DESK, messages)
    assert chunk_for(Scope(units=(UNIT_A,)), messages) == b""


@pytest.mark.parametrize(
    ("given_id", "position"),
    [("5-11", (5, 11)), ("0-0", (0, 0)), (f"{10**17}-1", (10**17, 1))],
)
def test_a_last_event_id_is_a_position(given_id: str, position: tuple[int, int]) -> None:
    assert cursor_of(given_id) == position


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "-",
        "5",
        "5-",
        "-5",
        "a-b",
        "5-6-7",
        "5-6\n",
        "٥-٦",
        "²-²",
        "9" * 19 + "-1",
        "+5-6",
        " 5-6",
    ],
)
def test_any_other_last_event_id_is_foreign(foreign: str) -> None:
    assert cursor_of(foreign) is None


def queued(client: Client) -> list[bytes | None]:
    found = []
    while not client.queue.empty():
        found.append(client.queue.get_nowait())
    return found


def test_the_hub_prepares_once_per_scope(
    rows: dict[UUID, LiveRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[Scope] = []

    def counted(scope: Scope, messages: Any) -> bytes:
        prepared.append(scope)
        return chunk_for(scope, messages)

    monkeypatch.setattr(live, "chunk_for", counted)
    subject = new_id()
    rows[subject] = row()

    async def scenario() -> None:
        hub = Hub()
        desks = [Client(DESK, f"s{n}") for n in range(50)]
        unit = Client(Scope(units=(UNIT_A,)), "u")
        for client in [*desks, unit]:
            hub.join(client)
        assert (len(hub), len(hub.scopes()), len(hub.clients())) == (51, 2, 51)
        hub.send(project([event(1, subject)]), (5, 1))
        assert hub.position == (5, 1)
        assert queued(unit) == []
        chunks = [queued(client) for client in desks]
        assert all(len(c) == 1 and c[0] is chunks[0][0] for c in chunks), "one chunk, shared"
        for client in [*desks, unit]:
            hub.leave(client)
        hub.leave(unit)
        assert (len(hub), hub.scopes()) == (0, [])

    asyncio.run(scenario())
    assert len(prepared) == 2


def test_a_slow_client_falls_behind_alone() -> None:
    async def scenario() -> None:
        hub = Hub()
        slow, quick = Client(DESK, "slow"), Client(DESK, "quick")
        hub.join(slow)
        hub.join(quick)
        for number in range(live.QUEUE_CHUNKS + 10):
            for client in hub.clients():
                client.push(b"%d" % number)
            quick.queue.get_nowait()
        assert (slow.behind, quick.behind) == (True, False)
        slow.push(b"more")
        assert slow.queue.qsize() == live.QUEUE_CHUNKS

    asyncio.run(scenario())


def test_a_queue_is_bounded_in_bytes_too() -> None:
    async def scenario() -> None:
        client = Client(DESK, "x")
        client.push(b"x" * (live.QUEUE_BYTES * 2))
        assert not client.behind, "one large chunk is not refused"
        client.push(b"y")
        assert client.behind
        assert len(await client.take() or b"") == live.QUEUE_BYTES * 2
        assert (client.waiting, client.queue.qsize()) == (0, 0)

    asyncio.run(scenario())


def test_closing_ends_a_stream_even_when_its_queue_is_full() -> None:
    async def scenario() -> None:
        client = Client(DESK, "x")
        client.push(b"a")
        client.close()
        assert queued(client) == [b"a", None]
        for _ in range(live.QUEUE_CHUNKS):
            client.push(b"b")
        client.close()
        assert queued(client) == [None], "no gap inside what is sent"

    asyncio.run(scenario())
