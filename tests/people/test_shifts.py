"""Duty shifts: planned, joined, handed over with a note, accepted by the next."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, Forbidden, Invalid
from chengyun.people import reads, verbs
from chengyun.people.decide.shifts import LONGEST
from chengyun.people.models import DutyShift, User
from tests.people.conftest import City, Hire

HERE = "/api/v1"
EIGHT = timedelta(hours=8)


class Desk:
    """An acceptors' desk with a leader and two people, and the shifts of one day."""

    def __init__(self, hire: Hire, as_actor: Callable[..., Actor], city: City, now: datetime):
        self.now, self.unit = now, city["east-ops"]
        self.leader = as_actor(hire("chief", "east-ops", "shift_leader"))
        self.early, self.late = (hire(name, "east-ops", "acceptor") for name in ("early", "late"))
        self.act = as_actor

    def open(self, members: list[User], start: datetime | None = None, **asked: Any) -> UUID:
        begin = start or self.now
        receipt = verbs.open_shift(
            asked.pop("by", self.leader),
            now=self.now,
            **{
                "organisation": self.unit.id,
                "post": "acceptor",
                "starts_at": begin,
                "ends_at": begin + EIGHT,
                "members": [one.id for one in members],
                **asked.pop("instead", {}),
                **asked,
            },
        )
        return UUID(receipt["id"])

    def on(self, shift: UUID, user: User, at: datetime | None = None) -> None:
        verbs.go_on_duty(self.act(user), now=at or self.now, shift=shift, user=user.id)

    def on_duty(self, at: datetime) -> list[str]:
        return [one.name for one in reads.on_duty(self.unit.id, "acceptor", at)]


@pytest.fixture
def desk(hire: Hire, as_actor: Callable[..., Actor], city: City, now: datetime) -> Desk:
    return Desk(hire, as_actor, city, now)


def test_a_day_on_the_desk(desk: Desk) -> None:
    now = desk.now
    first, second = desk.open([desk.early]), desk.open([desk.late], now + EIGHT)
    assert desk.on_duty(now) == []
    desk.on(first, desk.early)
    assert desk.on_duty(now) == ["Early"]
    verbs.hand_over(desk.act(desk.early), now=now + EIGHT, shift=first, note="Two cases open.")
    # Handed over, not yet accepted: somebody is still responsible.
    assert desk.on_duty(now + EIGHT) == ["Early"]
    waiting, _ = reads.shifts(desk.leader, handover="open")
    assert [row.id for row in waiting] == [first]
    accepted = now + EIGHT + timedelta(minutes=5)
    verbs.accept_handover(desk.act(desk.late), now=accepted, shift=first, into=second)
    assert desk.on_duty(accepted) == ["Late"]
    assert reads.shifts(desk.leader, handover="open") == ([], None)
    row = DutyShift.objects.get(pk=first)
    assert (row.note, row.accepted_into_id, row.accepted_by_id) == (
        "Two cases open.",
        second,
        desk.late.id,
    )


def test_going_off_and_on(desk: Desk) -> None:
    shift = desk.open([desk.early])
    desk.on(shift, desk.early)
    with pytest.raises(Conflict):
        desk.on(shift, desk.early)
    actor, later = desk.act(desk.early), desk.now + timedelta(hours=1)
    verbs.go_off_duty(actor, now=later, shift=shift, user=desk.early.id)
    assert desk.on_duty(later) == []
    with pytest.raises(Conflict):
        verbs.go_off_duty(actor, now=later, shift=shift, user=desk.early.id)
    desk.on(shift, desk.early, later)
    assert desk.on_duty(later) == ["Early"]


def test_the_leader_signs_people_on_but_a_colleague_does_not(desk: Desk) -> None:
    shift = desk.open([desk.early, desk.late])
    with pytest.raises(Forbidden):
        verbs.go_on_duty(desk.act(desk.late), now=desk.now, shift=shift, user=desk.early.id)
    verbs.go_on_duty(desk.leader, now=desk.now, shift=shift, user=desk.early.id)
    assert desk.on_duty(desk.now) == ["Early"]


@pytest.mark.parametrize(
    ("who", "code"),
    [("early", "same_person"), ("chief", "not_incoming")],
)
def test_only_the_incoming_accept(desk: Desk, who: str, code: str) -> None:
    first, second = desk.open([desk.early]), desk.open([desk.late, desk.early])
    verbs.hand_over(desk.act(desk.early), now=desk.now, shift=first, note="Quiet.")
    with pytest.raises(Forbidden) as caught:
        verbs.accept_handover(
            desk.act(User.objects.get(username=who)), now=desk.now, shift=first, into=second
        )
    assert caught.value.code == code


def test_a_handover_goes_its_way_once(desk: Desk) -> None:
    first, second = desk.open([desk.early]), desk.open([desk.late])
    early, late = desk.act(desk.early), desk.act(desk.late)
    with pytest.raises(Conflict) as caught:
        verbs.accept_handover(late, now=desk.now, shift=first, into=second)
    assert caught.value.code == "not_handed_over"
    with pytest.raises(Forbidden):
        verbs.hand_over(late, now=desk.now, shift=first, note="Not mine.")
    with pytest.raises(Invalid):
        verbs.hand_over(early, now=desk.now, shift=first, note="  ")
    verbs.hand_over(early, now=desk.now, shift=first, note="Quiet.")
    with pytest.raises(Conflict):
        verbs.hand_over(early, now=desk.now, shift=first, note="Again.")
    with pytest.raises(Invalid):
        verbs.accept_handover(late, now=desk.now, shift=first, into=first)
    verbs.accept_handover(late, now=desk.now, shift=first, into=second)
    with pytest.raises(Conflict):
        verbs.accept_handover(late, now=desk.now, shift=first, into=second)
    with pytest.raises(Conflict):
        desk.on(first, desk.early)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"ends_at": "same"}, "ends_at"),
        ({"ends_at": "far"}, "ends_at"),
        ({"post": "king"}, "post"),
        ({"post": "collector"}, "members.0"),
        ({"members": [uuid4()]}, "members.0"),
        ({"members": []}, "members"),
        ({"organisation": uuid4()}, "organisation"),
    ],
)
def test_bad_shifts_are_refused(desk: Desk, asked: dict[str, Any], field: str) -> None:
    ends = {"same": desk.now, "far": desk.now + LONGEST + timedelta(seconds=1)}
    if isinstance(asked.get("ends_at"), str):
        asked = {"ends_at": ends[asked["ends_at"]]}
    with pytest.raises(Invalid) as caught:
        desk.open([desk.early], instead=asked)
    assert caught.value.errors[0].field == field


def test_whoever_runs_no_desk_plans_no_shift(
    desk: Desk, hire: Hire, as_actor: Callable[..., Actor]
) -> None:
    with pytest.raises(Forbidden):
        desk.open([desk.early], by=as_actor(desk.early))
    with pytest.raises(Forbidden):
        desk.open([desk.early], by=as_actor(hire("sun", "ops", "audit_admin")))


def test_a_department_runs_its_own_shifts(
    hire: Hire, as_actor: Callable[..., Actor], city: City, now: datetime
) -> None:
    head, worker = (
        hire("head", "east-sanitation", "department"),
        hire("hand", "east-team", "handler"),
    )
    made = verbs.open_shift(
        as_actor(head),
        now=now,
        organisation=city["east-sanitation"].id,
        post="handler",
        starts_at=now,
        ends_at=now + EIGHT,
        members=[worker.id],
    )
    verbs.go_on_duty(as_actor(worker), now=now, shift=UUID(made["id"]), user=worker.id)
    found = reads.on_duty(city["east-sanitation"].id, "handler", now)
    assert [one.user_id for one in found] == [worker.id]


def test_over_http(desk: Desk, enter: Callable[..., Client]) -> None:
    client = enter(User.objects.get(username="chief"))
    body = {
        "organisation": str(desk.unit.id),
        "post": "acceptor",
        "starts_at": desk.now.isoformat(),
        "ends_at": (desk.now + EIGHT).isoformat(),
        "members": [str(desk.early.id)],
    }
    made = client.post(f"{HERE}/shifts", body, content_type="application/json").json()
    shift = f"{HERE}/shifts/{made['id']}"
    early = enter(desk.early)
    mine = f"{shift}/members/{desk.early.id}"
    assert early.put(mine, {"on": True}, content_type="application/json").status_code == 200
    handed = early.post(f"{shift}/hand-over", {"note": "Quiet."}, content_type="application/json")
    assert handed.status_code == 200
    shown = client.get(shift).json()
    assert shown["handover"] == "open"
    assert shown["members"][0]["on_at"]
    assert shown["handed_over_by"]["name"] == "Early"
    second = desk.open([desk.late])
    accepted = enter(desk.late).post(
        f"{shift}/accept", {"into": str(second)}, content_type="application/json"
    )
    assert accepted.status_code == 200
    assert client.get(shift).json()["handover"] == "accepted"
    assert client.get(f"{HERE}/shifts?handover=open").json()["items"] == []
    assert len(client.get(f"{HERE}/shifts?limit=1").json()["items"]) == 1
