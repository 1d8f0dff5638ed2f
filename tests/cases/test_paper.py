"""Paper mode through its doors: printed on record, typed later with the times of then."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chengyun.app.sweep import sweep
from chengyun.cases.models import PaperEntry
from chengyun.kernel.models import AuditEntry, Event
from chengyun.kernel.scope import bind
from tests.app.world import LITTER, SPOT
from tests.cases.desk import Answer, Desk, OneCase, as_owner

HANDLER = "handler"


def row(no: str, at: datetime, by: str, **more: Any) -> dict[str, Any]:
    return {"no": no, "occurred_at": at.isoformat(), "by": by.replace("_", "."), **more}


def enter(desk: Desk, who: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    answer = desk.ask(who, "POST", "/cases/paper", {"rows": list(rows)})
    assert answer.status == 200, answer
    found: list[dict[str, Any]] = answer["results"]
    return found


def report(**more: Any) -> dict[str, Any]:
    return {"kind": LITTER, "text": "纸上记的", "lon": SPOT[0], "lat": SPOT[1], **more}


def codes(result: dict[str, Any]) -> list[str]:
    problem = result["problem"]
    return [problem["code"], *(error["code"] for error in problem.get("errors", []))]


@pytest.fixture
def outage(desk: Desk) -> tuple[Desk, OneCase, datetime]:
    """A case, then the lights go out; when they come back its limit has passed."""
    case = desk.new()
    start = desk.clock.at
    desk.clock.pass_(days=2)
    sweep(desk.clock.at)
    assert "dispose" in case.detail()["overtime"]
    return desk, case, start


def test_an_outage_typed_afterwards(outage: tuple[Desk, OneCase, datetime]) -> None:
    desk, case, start = outage
    photo = desk.photo("shift_leader")
    handler = str(desk.world.users[HANDLER].id)
    at = [start + timedelta(minutes=10 * n) for n in range(1, 6)]
    sheet = {"case": case.no}
    results = enter(
        desk,
        "shift_leader",
        row("M-3", at[3], HANDLER, **sheet, move="handle", params={"after": [photo]}),
        row("M-1", at[1], "department", **sheet, move="assign", params={"handler_id": handler}),
        row("M-2", at[2], HANDLER, **sheet, move="start"),
        row("R-1", at[0], "acceptor", report=report(lon=SPOT[0] + 0.002)),
    )
    assert [one["ok"] for one in results] == [True] * 4, results
    assert results[0]["state"] == "handled"
    detail = case.detail()
    assert (detail["state"], detail["overtime"]) == ("handled", [])
    told = desk.get("leader", f"/cases/{case.id}/timeline")["items"]
    done = next(one for one in told if one["move"] == "CaseHandled")
    assert datetime.fromisoformat(done["at"]) == at[3]
    assert done["actor"] == HANDLER
    assert "由shift_leader于" in done["text"]["zh"]
    assert "entered from paper M-3 by shift_leader" in done["text"]["en"]
    new = desk.get("leader", f"/cases/{results[3]['id']}")
    assert datetime.fromisoformat(new["reported_at"]) == at[0]
    clock = new["stage_clocks"][0]
    assert datetime.fromisoformat(clock["started_at"]) == at[0], "the clock ran from then"
    with as_owner():
        events = Event.objects.filter(subject_id=case.id, name="cases.CaseHandled")
        assert [(one.occurred_at, one.recorded_at) for one in events] == [(at[3], desk.clock.at)]
        assert AuditEntry.objects.filter(verb="cases.enter_paper", outcome="done").count() == 1


def test_the_same_sheet_twice_shows_the_first(outage: tuple[Desk, OneCase, datetime]) -> None:
    desk, case, start = outage
    at = start + timedelta(minutes=5)
    first = enter(desk, "acceptor", row("R-7", at, "acceptor", report=report(kind=None)))[0]
    assert (first["ok"], first["already"]) == (True, False)
    again = enter(
        desk,
        "shift_leader",
        row("R-7", at + timedelta(minutes=1), "acceptor", report=report(text="other")),
    )[0]
    assert (again["ok"], again["already"], again["no"]) == (True, True, first["no"])
    assert again["entered_by"] == "acceptor"
    unnumbered = row("", at, "dispatcher", case=case.no, move="urge", params={"note": "x"})
    twice = [enter(desk, "acceptor", unnumbered)[0] for _ in range(2)]
    assert [one["already"] for one in twice] == [False, True]
    assert case.told().count("CaseUrged") == 1


def test_a_move_may_follow_on_the_report_of_its_own_sheet(desk: Desk) -> None:
    start = desk.clock.at
    desk.clock.pass_(hours=3)
    results = enter(
        desk,
        "acceptor",
        row("R-9", start, "acceptor", report=report(kind=None)),
        row("", start + timedelta(minutes=9), "acceptor", case="R-9", move="accept"),
    )
    assert [one.get("state") for one in results] == ["pending_accept", "pending_file"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"occurred_at": "2026-03-05T00:00:00Z"}, "invalid"),
        ({"occurred_at": "2026-02-01T00:00:00Z"}, "too_late"),
        ({"occurred_at": "yesterday"}, "datetime_from_date_parsing"),
        ({"by": "nobody"}, "unknown_person"),
        ({"by": "stranger"}, "unknown_person"),
        ({"case": "no such"}, "not_found"),
        ({"case": ""}, "not_found"),
        ({"move": "dance"}, "unknown_move"),
        ({"move": "merge", "params": {"into": "0" * 32, "reason": "x"}}, "invalid"),
        ({"move": "start"}, "not_yours"),
        ({"params": {"notes": 1}}, "malformed"),
        ({"extra": 1}, "extra_forbidden"),
    ],
)
def test_a_bad_line_says_why_and_the_others_go_in(
    outage: tuple[Desk, OneCase, datetime], change: dict[str, Any], code: str
) -> None:
    desk, case, start = outage
    good = row("", start + timedelta(minutes=3), "dispatcher", case=case.no, move="urge")
    bad = {**good, "no": "B-1", **change}
    results = enter(desk, "acceptor", bad, good)
    assert [one["ok"] for one in results] == [False, True], results
    assert code in codes(results[0]), results[0]
    assert PaperEntry.objects.filter(no="B-1").count() == 0


def test_a_sheet_without_a_number_is_no_report(desk: Desk) -> None:
    bad = enter(desk, "acceptor", row("", desk.clock.at, "acceptor", report=report()))[0]
    assert codes(bad)[-1] == "required"


def test_a_later_step_in_the_system_is_named(outage: tuple[Desk, OneCase, datetime]) -> None:
    desk, case, start = outage
    case.does("dispatcher", "urge", note="now")
    line = row("L", start + timedelta(minutes=3), "leader", case=case.no, move="supervise")
    refused = enter(desk, "acceptor", line)[0]
    # A leader of the city is out of a district acceptor's sight.
    assert "unknown_person" in codes(refused)
    mine = enter(desk, "leader", {**line, "by": ""})[0]
    assert "out_of_order" in codes(mine)
    assert "催办" in mine["problem"]["reason"]["zh"]


def test_who_may_type(outage: tuple[Desk, OneCase, datetime]) -> None:
    desk, case, start = outage
    at = start + timedelta(minutes=4)
    line = row("W", at, "department", case=case.no, move="request_extension")
    line["params"] = {"reason": "rain"}
    assert "not_yours" in codes(enter(desk, "dispatcher", line)[0])
    assert "not_found" in codes(enter(desk, "stranger", {**line, "by": "stranger"})[0])
    own = enter(desk, "department", line)[0]
    assert own["ok"], "everybody may type what they did themselves"
    assert desk.ask("auditor", "POST", "/cases/paper", {"rows": [line]})["results"][0]["ok"] is (
        False
    )


def test_posts_must_have_been_held_then(desk: Desk) -> None:
    before = desk.clock.at - timedelta(hours=2)
    line = row("H", before, "acceptor", report=report())
    assert "no_post" in codes(enter(desk, "acceptor", line)[0])


def test_sheets_are_as_visible_as_their_case(desk: Desk) -> None:
    line = row("V", desk.clock.at, "acceptor", report=report())
    assert enter(desk, "acceptor", line)[0]["ok"]
    for who, seen in (("acceptor", 1), ("stranger", 0), ("auditor", 0)):
        bind(desk.world.actor(who).scope())
        assert PaperEntry.objects.count() == seen


def test_printing_is_on_record_and_masked(desk: Desk) -> None:
    case = desk.new(contact={"name": "王小明", "phone": "13800001234"})
    for n in range(3):
        desk.new(lon=SPOT[0] + 0.001 * n)
    printed: Answer = desk.ask("acceptor", "POST", f"/cases/{case.id}/print")
    assert printed.status == 200
    assert printed["printed_by"] == "acceptor"
    assert printed["case"]["report_list"][0]["contact_masked"] == "王＊ •••34"
    assert "13800001234" not in str(printed.body)
    assert printed["timeline"]
    listed = desk.ask("acceptor", "POST", "/cases/print?open=true")
    assert len(listed["items"]) == 4
    assert [one["due_at"] for one in listed["items"]] == sorted(
        one["due_at"] for one in listed["items"]
    )
    with as_owner():
        told = AuditEntry.objects.filter(verb__startswith="cases.print").order_by("at", "id")
        assert [(one.verb, one.count) for one in told] == [
            ("cases.print_case", 1),
            ("cases.print_list", 4),
        ]
        assert str(told[0].subject_id) == case.id
    assert desk.ask("stranger", "POST", f"/cases/{case.id}/print").status == 404
    assert desk.ask("auditor", "POST", f"/cases/{case.id}/print").status == 404
    assert desk.ask("auditor", "POST", "/cases/print").status == 403
    assert desk.ask("acceptor", "POST", "/cases/print?area=0").status == 422
