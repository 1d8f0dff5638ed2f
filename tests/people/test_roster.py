"""The roster: changed, repeated, called off and swapped; and the hand-over book."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from chengyun.people import reads, verbs
from chengyun.people.decide.shifts import Matter
from chengyun.people.models import DutyShift, User
from tests.people.conftest import EAST, City, Hire
from tests.people.test_shifts import EIGHT, HERE, Desk

DAY = timedelta(days=1)


@pytest.fixture
def desk(hire: Hire, as_actor: Callable[..., Actor], city: City, now: datetime) -> Desk:
    return Desk(hire, as_actor, city, now)


def people_of(shift: UUID) -> list[str]:
    row = DutyShift.objects.get(pk=shift)
    return sorted(one.user.username for one in row.members.select_related("user"))


def test_a_shift_gets_other_hours_and_people(desk: Desk) -> None:
    shift = desk.open([desk.early])
    later = desk.now + timedelta(hours=2)
    verbs.change_shift(
        desk.leader,
        now=desk.now,
        shift=shift,
        starts_at=later,
        ends_at=later + EIGHT,
        members=[desk.late.id],
    )
    assert people_of(shift) == ["late"]
    assert DutyShift.objects.get(pk=shift).starts_at == later


def test_who_has_come_on_duty_is_not_planned_away(desk: Desk) -> None:
    shift = desk.open([desk.early])
    desk.on(shift, desk.early)
    asked = {"starts_at": desk.now, "ends_at": desk.now + EIGHT, "members": [desk.late.id]}
    with pytest.raises(Conflict, match="come on duty"):
        verbs.change_shift(desk.leader, now=desk.now, shift=shift, **asked)
    with pytest.raises(Conflict, match="begun"):
        verbs.cancel_shift(desk.leader, now=desk.now, shift=shift)
    with pytest.raises(Conflict, match="come on duty"):
        verbs.swap_duty(
            desk.leader, now=desk.now, shift=shift, out=desk.early.id, into=desk.late.id
        )


def test_a_week_is_planned_from_one_day_and_only_once(desk: Desk) -> None:
    shift = desk.open([desk.early])
    days = [1, 2, 3]
    first = verbs.repeat_shift(desk.leader, now=desk.now, shift=shift, after_days=days)
    again = verbs.repeat_shift(desk.leader, now=desk.now, shift=shift, after_days=[*days, 4])
    assert (first["created"], first["passed_over"]) == (3, 0)
    assert (again["created"], again["passed_over"]) == (1, 3)
    starts = DutyShift.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [desk.now + DAY * n for n in range(5)]
    with pytest.raises(Invalid):
        verbs.repeat_shift(desk.leader, now=desk.now, shift=shift, after_days=[0])


def test_two_people_swap(desk: Desk) -> None:
    monday, tuesday = desk.open([desk.early]), desk.open([desk.late], desk.now + DAY)
    verbs.swap_duty(
        desk.leader,
        now=desk.now,
        shift=monday,
        out=desk.early.id,
        into=desk.late.id,
        other=tuesday,
    )
    assert (people_of(monday), people_of(tuesday)) == (["late"], ["early"])
    with pytest.raises(NotFound):
        verbs.swap_duty(
            desk.leader, now=desk.now, shift=monday, out=desk.early.id, into=desk.late.id
        )
    with pytest.raises(Invalid):
        verbs.swap_duty(desk.leader, now=desk.now, shift=monday, out=desk.late.id, into=uuid4())


def test_the_roster_is_for_whoever_runs_it(
    desk: Desk, hire: Hire, as_actor: Callable[..., Actor]
) -> None:
    shift = desk.open([desk.early])
    elsewhere = as_actor(hire("west", "west-ops", "shift_leader"))
    for who, refusal in ((as_actor(desk.late), Forbidden), (elsewhere, NotFound)):
        with pytest.raises(refusal):
            verbs.cancel_shift(who, now=desk.now, shift=shift)
        with pytest.raises(refusal):
            verbs.repeat_shift(who, now=desk.now, shift=shift, after_days=[1])
    verbs.cancel_shift(desk.leader, now=desk.now, shift=shift)
    assert not DutyShift.objects.exists()


def test_the_book_is_searched_by_words_number_and_name(desk: Desk) -> None:
    case = uuid4()
    shift = desk.open([desk.early])
    desk.open([desk.late], desk.now + DAY)
    verbs.hand_over(
        desk.act(desk.early),
        now=desk.now,
        shift=shift,
        note="泵站停电，等供电恢复。",
        matters=[
            Matter("overdue", no="20261122000127", case=case),
            Matter("other", note="Call the depot"),
        ],
    )

    def found(q: str) -> list[UUID]:
        return [row.id for row in reads.shifts(desk.leader, handover="book", q=q)[0]]

    for q in ("", "停电", "000127", "depot", "early"):
        assert found(q) == [shift], q
    assert found("nothing of the kind") == []
    assert reads.shift_view(reads.shift(desk.leader, shift))["matters"][0] == {
        "case": str(case),
        "no": "20261122000127",
        "why": "overdue",
        "note": "",
    }


def test_an_empty_matter_is_refused(desk: Desk) -> None:
    shift = desk.open([desk.early])
    with pytest.raises(Invalid) as caught:
        verbs.hand_over(
            desk.act(desk.early), now=desk.now, shift=shift, note="x", matters=[Matter("other")]
        )
    assert caught.value.errors[0].field == "matters.0"


def test_a_week_over_http(desk: Desk, enter: Callable[..., Client]) -> None:
    client = enter(User.objects.get(username="chief"))
    first, second = desk.open([desk.early]), desk.open([desk.late], desk.now + DAY)

    def send(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return getattr(client, method)(f"{HERE}{path}", body, content_type="application/json")

    asked = {"organisation": str(desk.unit.id), "post": "acceptor"}
    names = {one["name"] for one in client.get(f"{HERE}/shifts/people", asked).json()["items"]}
    assert names == {"Early", "Late"}
    today = {**asked, "since": desk.now.isoformat(), "until": (desk.now + EIGHT).isoformat()}
    week = client.get(f"{HERE}/shifts", today).json()["items"]
    assert [one["id"] for one in week] == [str(first)]
    swap = {"out": str(desk.early.id), "into": str(desk.late.id), "other": str(second)}
    assert send("post", f"/shifts/{first}/swap", swap).status_code == 200
    hours = {"starts_at": desk.now.isoformat(), "ends_at": (desk.now + EIGHT).isoformat()}
    changed = send("put", f"/shifts/{first}", {**hours, "members": [str(desk.early.id)]})
    assert changed.status_code == 200
    made = send("post", f"/shifts/{first}/repeat", {"after_days": [7]})
    assert made.json()["created"] == 1
    assert send("delete", f"/shifts/{second}").status_code == 200
    bad = send("post", f"/shifts/{first}/repeat", {"after_days": [99]})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "after_days")


def test_organisations_come_from_a_file_all_or_none(
    hire: Hire, enter: Callable[..., Client], city: City
) -> None:
    client = enter(hire("root", "ops", "system_admin"))
    row = {
        "code": "east-new",
        "name": {"zh": "新站", "en": "New station"},
        "kind": "department",
        "area_no": EAST,
        "roles": ["sanitation"],
        "parent": "sanitation",
    }
    below = {**row, "code": "east-new-2", "parent": "east-new"}
    lost = {**row, "code": "lost", "parent": "no-such"}

    def send(*rows: dict[str, Any]) -> Any:
        return client.post(f"{HERE}/orgs/import", {"rows": rows}, content_type="application/json")

    refused = send(row, lost)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "rows.1.parent")
    assert not client.get(f"{HERE}/orgs?q=east-new").json()["items"]
    assert send(row, below).json() == {"count": 2, "created": 2, "updated": 0}
    assert send(row).json() == {"count": 1, "created": 0, "updated": 1}
    other = enter(hire("clerk", "east-ops", "acceptor"))
    plain = other.post(f"{HERE}/orgs/import", {"rows": [row]}, content_type="application/json")
    assert plain.status_code == 403
