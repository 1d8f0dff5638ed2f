"""Verbs: one transaction, once per key, audited whatever the outcome, inside the actor's scope."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from chengyun.kernel import areas
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor
from chengyun.kernel.events import NewEvent, publish
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import AuditEntry, Event, IdempotencyKey
from chengyun.kernel.problems import Conflict, Forbidden, Invalid
from chengyun.kernel.scope import bind_subject
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import digest, verb

STREET = areas.pack(1, 2, 3)


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [name])
        return cursor.fetchone()[0] or ""


def news(subject: UUID, version: int, actor: Actor, now: datetime) -> NewEvent:
    return NewEvent("tests.Painted", subject, version, STREET, actor, now, now, {"colour": "红"})


@verb("tests.paint")
def paint(actor: Actor, *, now: datetime, subject: UUID, version: int, colour: str) -> JsonObject:
    if colour == "black":
        raise Forbidden("Nothing is painted black.")
    publish([news(subject, version, actor, now)])
    if colour == "wet":
        raise Conflict("Wait until it is dry.", code="wet")
    return {"id": str(subject), "version": version, "colour": colour}


@pytest.mark.django_db(transaction=True)
def test_a_command_leaves_its_event_and_one_audit_entry(now: datetime) -> None:
    subject = new_id()
    assert paint(SYSTEM, now=now, subject=subject, version=1, colour="red") == {
        "id": str(subject),
        "version": 1,
        "colour": "red",
    }
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.outcome, entry.subject_id) == ("tests.paint", "done", subject)
    assert entry.fields == ["colour", "subject", "version"]
    assert Event.objects.get().data == {"colour": "红"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("colour", "code"), [("black", "forbidden"), ("wet", "wet")])
def test_a_refused_command_changes_nothing_and_is_audited(
    now: datetime, colour: str, code: str
) -> None:
    with pytest.raises((Forbidden, Conflict)):
        paint(SYSTEM, now=now, key="k", subject=new_id(), version=1, colour=colour)
    assert AuditEntry.objects.get().outcome == code
    assert not Event.objects.exists()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_audit_holds_names_of_fields_never_their_values(now: datetime) -> None:
    paint(SYSTEM, now=now, subject=new_id(), version=1, colour="13800138000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM kernel_auditentry a")
        assert "13800138000" not in cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_the_same_key_twice_is_done_once(now: datetime) -> None:
    asked: dict[str, Any] = {"subject": new_id(), "version": 1, "colour": "red"}
    first = paint(SYSTEM, now=now, key="once", **asked)
    again = paint(SYSTEM, now=now + timedelta(days=3), key="once", **asked)
    assert again == {**first, "replayed": True}
    assert Event.objects.count() == AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_used_for_another_command_is_a_conflict(now: datetime) -> None:
    subject = new_id()
    paint(SYSTEM, now=now, key="k", subject=subject, version=1, colour="red")
    with pytest.raises(Conflict) as caught:
        paint(SYSTEM, now=now, key="k", subject=subject, version=2, colour="red")
    assert caught.value.code == "key_reused"
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_keys_of_different_actors_do_not_meet(
    now: datetime, somebody: Callable[..., Actor]
) -> None:
    for number, actor in enumerate((SYSTEM, PUBLIC, somebody(), somebody())):
        paint(actor, now=now, key="same", subject=new_id(), version=1, colour=str(number))
    assert IdempotencyKey.objects.count() == Event.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_refused_key_may_be_tried_again(now: datetime) -> None:
    subject = new_id()
    with pytest.raises(Conflict):
        paint(SYSTEM, now=now, key="k", subject=subject, version=1, colour="wet")
    paint(SYSTEM, now=now, key="k", subject=subject, version=1, colour="dry")
    assert [e.outcome for e in AuditEntry.objects.order_by("id")] == ["wet", "done"]


@pytest.mark.django_db(transaction=True)
def test_two_connections_with_one_key_do_it_once(now: datetime) -> None:
    asked: dict[str, Any] = {"subject": new_id(), "version": 1, "colour": "red"}
    inside, go_on = threading.Event(), threading.Event()
    answers: list[JsonObject] = []

    def slow() -> None:
        with transaction.atomic():
            answers.append(paint(SYSTEM, now=now, key="k", **asked))
            inside.set()
            go_on.wait(10)
        connection.close()

    def late() -> None:
        answers.append(paint(SYSTEM, now=now, key="k", **asked))
        connection.close()

    first = threading.Thread(target=slow)
    first.start()
    assert inside.wait(10)
    second = threading.Thread(target=late)
    second.start()
    second.join(0.3)
    assert second.is_alive(), "the second must wait for the first to commit"
    go_on.set()
    first.join(10)
    second.join(10)
    assert [answer.get("replayed", False) for answer in answers] == [False, True]
    assert Event.objects.count() == AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_second_goes_ahead_when_the_first_gives_up(
    now: datetime, connect: Callable[[], psycopg.Connection[Any]]
) -> None:
    asked: dict[str, Any] = {"subject": new_id(), "version": 1, "colour": "red"}
    other = connect()
    other.execute(
        "INSERT INTO kernel_idempotencykey (owner, key, verb, digest, created_at)"
        " VALUES ('system:', 'k', 'tests.paint', %s, now())",
        [digest("tests.paint", asked)],
    )
    timer = threading.Timer(0.2, other.rollback)
    timer.start()
    assert "replayed" not in paint(SYSTEM, now=now, key="k", **asked)
    timer.join()
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_version_taken_twice_is_a_conflict_and_audited(now: datetime) -> None:
    subject = new_id()
    paint(SYSTEM, now=now, subject=subject, version=1, colour="red")
    with pytest.raises(Conflict) as caught:
        paint(SYSTEM, now=now, subject=subject, version=1, colour="blue")
    assert caught.value.code == "version_taken"
    assert sorted(e.outcome for e in AuditEntry.objects.all()) == ["done", "version_taken"]


@pytest.mark.django_db(transaction=True)
def test_a_command_that_cannot_be_written_down_is_refused(now: datetime) -> None:
    with pytest.raises(Invalid) as caught:
        paint(SYSTEM, now=now, key="k", subject=new_id(), version=2**70, colour="red")
    assert caught.value.errors[0].code == "unstorable"
    assert AuditEntry.objects.get().outcome == "invalid"


@pytest.mark.django_db(transaction=True)
def test_a_fault_in_a_verb_rolls_everything_back(now: datetime) -> None:
    @verb("tests.broken")
    def broken(actor: Actor, *, now: datetime, subject: UUID) -> JsonObject:
        publish([news(subject, 1, actor, now)])
        raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError):
        broken(SYSTEM, now=now, key="k", subject=new_id())
    assert not Event.objects.exists()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_audit_counts_as_many_entries_as_commands(now: datetime) -> None:
    given = 0
    for number in range(12):
        given += 1
        colour = ("red", "black", "wet")[number % 3]
        try:
            paint(SYSTEM, now=now, subject=new_id(), version=1, colour=colour)
        except (Conflict, Forbidden):
            continue
    assert AuditEntry.objects.count() == given
    assert AuditEntry.objects.filter(outcome="done").count() == Event.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_verb_binds_the_scope_of_its_actor(now: datetime, somebody: Callable[..., Actor]) -> None:
    seen: list[str] = []

    @verb("tests.look")
    def look(actor: Actor, *, now: datetime) -> JsonObject:
        seen.append(setting("cy.areas"))
        return {}

    low, high = areas.span(STREET)
    look(somebody(("acceptor", STREET)), now=now)
    look(SYSTEM, now=now)
    look(PUBLIC, now=now)
    assert seen == [f"{{[{low},{high}]}}", "{(,)}", "{}"]
    assert setting("cy.areas") == ""


@pytest.mark.django_db(transaction=True)
def test_a_verb_inside_a_verb_gives_the_scope_back(
    now: datetime, somebody: Callable[..., Actor]
) -> None:
    """The system's sight must not stay with whoever caused a system act."""
    held = new_id()
    seen: list[tuple[str, str]] = []

    @verb("tests.inner")
    def inner(actor: Actor, *, now: datetime, fails: bool) -> JsonObject:
        bind_subject(new_id())
        if fails:
            raise Conflict("No.")
        return {}

    @verb("tests.outer")
    def outer(actor: Actor, *, now: datetime) -> JsonObject:
        bind_subject(held)
        before = setting("cy.areas"), setting("cy.subject")
        inner(SYSTEM, now=now, fails=False)
        seen.append((setting("cy.areas"), setting("cy.subject")))
        with pytest.raises(Conflict):
            inner(SYSTEM, now=now, fails=True)
        seen.append((setting("cy.areas"), setting("cy.subject")))
        assert before == seen[0] == seen[1]
        return {}

    outer(somebody(("acceptor", STREET)), now=now)
    assert seen[0][1] == str(held)


@dataclass(frozen=True)
class Place:
    lon: Decimal
    tags: frozenset[str]


def test_a_digest_depends_on_values_not_on_order() -> None:
    at = datetime(2026, 1, 1)  # noqa: DTZ001 - any value will do
    one = digest("v", {"a": at, "b": Place(Decimal("1.5"), frozenset("xy")), "c": b"photo"})
    other = digest("v", {"c": b"photo", "b": Place(Decimal("1.5"), frozenset("yx")), "a": at})
    assert one == other
    assert one != digest("w", {"a": at, "b": Place(Decimal("1.5"), frozenset("xy")), "c": b"photo"})
    assert one != digest("v", {"a": at, "b": Place(Decimal("1.6"), frozenset("xy")), "c": b"photo"})
    assert one != digest("v", {"a": at, "b": Place(Decimal("1.5"), frozenset("xy")), "c": b"other"})
