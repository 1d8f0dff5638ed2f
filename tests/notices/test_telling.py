"""Who is told of a case: the department, the handler, the dispatcher, who watches, the reporter."""

import re
from datetime import timedelta
from typing import Any

import pytest

from chengyun.app.sweep import sweep
from chengyun.cases.models import Case
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from tests.cases.desk import Desk, as_owner
from tests.notices.conftest import Mailroom
from tests.notices.houses import MailHouse

REPORTER = {"name": "欧阳", "email": "moon@example.org", "phone": "13912345678", "tell": True}


def test_the_department_hears_of_a_dispatch_and_nobody_else(desk: Desk, room: Mailroom) -> None:
    case = desk.new()
    room.told()
    (notice,) = room.seen_by("department")
    assert case.no in notice["title"]["zh"]
    assert case.no in notice["title"]["en"]
    assert notice["link"] == f"/desk/{case.id}"
    assert notice["subject"] == {"kind": "case", "id": case.id}
    assert "2026年3月" in notice["body"]["zh"], "the deadline stands on the city's clock"
    for who in ("acceptor", "dispatcher", "handler", "other_department", "stranger", "leader"):
        assert room.seen_by(who) == []


def test_what_was_told_is_not_told_again(desk: Desk, room: Mailroom) -> None:
    desk.new()
    room.told()
    room._seen = 0
    room.told()
    assert len(room.seen_by("department")) == 1


def test_the_handler_hears_of_an_assignment(desk: Desk, room: Mailroom) -> None:
    case = desk.new()
    case.does("department", "assign", handler_id=str(desk.world.users["handler"].id))
    room.told()
    assert [one["title"]["en"][:8] for one in room.seen_by("handler")] == ["Assigned"]


def test_a_return_reaches_the_dispatcher(desk: Desk, room: Mailroom) -> None:
    desk.new().does("department", "return_step", reason="not ours at all")
    room.told()
    assert [one["title"]["en"][:13] for one in room.seen_by("dispatcher")] == ["Case returned"]


def test_supervision_asks_for_an_acknowledgement(desk: Desk, room: Mailroom) -> None:
    case = desk.new()
    case.does("leader", "supervise", note="look")
    room.told()
    found = [one for one in room.seen_by("department") if one["needs_ack"]]
    assert [one["level"] for one in found] == [2]
    assert [one["needs_ack"] for one in room.seen_by("shift_leader")] == [True]
    assert room.seen_by("leader") == [], "whoever did it knows"


def test_a_case_that_plays_is_told_inside_only(
    desk: Desk, room: Mailroom, mail_house: MailHouse
) -> None:
    _wants_mail(desk, "department")
    desk.new(simulated=True, contact=REPORTER)
    room.told()
    (notice,) = room.seen_by("department")
    assert notice["simulated"]
    assert {one.channel for one in room.deliveries()} == {"in_app"}
    assert room.sent() == 0
    assert mail_house.letters == []


def test_history_is_not_news(desk: Desk, room: Mailroom) -> None:
    desk.new(contact=REPORTER)
    desk.clock.pass_(days=1, minutes=1)
    room.told()
    assert room.deliveries() == []
    with as_owner():
        bind(SYSTEM.scope())
        Case.objects.update(imported=True)
    room._seen = 0
    desk.clock.pass_(days=-1)
    room.told()
    assert room.deliveries() == []


def test_the_reporter_is_told_at_each_step(
    desk: Desk, room: Mailroom, mail_house: MailHouse
) -> None:
    case = desk.new(contact=REPORTER)
    room.told()
    room.sent()
    (letter,) = mail_house.letters
    said = letter.get_content()
    assert letter["To"] == "moon@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert case.no in letter["Subject"]
    assert "已交由责任单位处理" in said
    assert "It is with the unit responsible" in said
    assert "单位310101001-san" in said
    assert re.search(r"2026年3月\d+日 \d\d:\d\d", said)
    assert f"/track/{case.code}" in said
    case.checked()
    room.told()
    room.sent()
    words = "".join(one.get_content() for one in mail_house.letters[1:])
    assert "现场处理已完成" in words
    condition = case.detail()["condition"]["id"]
    case.does("shift_leader", "close", closing_condition=condition)
    room.told()
    room.sent()
    assert "已办结" in mail_house.letters[-1].get_content()


def test_a_phone_number_goes_to_the_sink(desk: Desk, room: Mailroom) -> None:
    desk.new(contact={"phone": "13912345678", "tell": True})
    room.told()
    room.sent()
    (row,) = room.deliveries(channel="sms")
    assert (row.state, row.sunk, row.masked) == ("sent", True, "•••78")
    assert row.contact is None, "once it is sent the number is needed no more"


@pytest.mark.parametrize("contact", [None, {"email": "moon@example.org"}])
def test_who_did_not_agree_is_not_told(
    desk: Desk, room: Mailroom, contact: dict[str, Any] | None
) -> None:
    desk.new(contact=contact)
    room.told()
    assert room.deliveries(user_id=None) == []


def test_reporters_of_a_merged_case_are_told(
    desk: Desk, room: Mailroom, mail_house: MailHouse
) -> None:
    first = desk.new()
    second = desk.new(contact=REPORTER)
    room.told()
    room.sent()
    mail_house.letters.clear()
    second.does("acceptor", "merge", into=first.id, reason="the same")
    room.told()
    room.sent()
    assert any(first.no in one.get_content() for one in mail_house.letters)
    mail_house.letters.clear()
    first.does("department", "assign", handler_id=str(desk.world.users["handler"].id))
    first.does("handler", "start")
    room.told()
    room.sent()
    assert len(mail_house.letters) == 1, "the case it went into goes on being told"


def test_overtime_is_told_repeated_and_escalated(desk: Desk, room: Mailroom) -> None:
    case = desk.new()
    with as_owner():
        bind(SYSTEM.scope())
        due = Case.objects.get(pk=case.id).due_at
    assert due is not None
    desk.clock.at = due + timedelta(minutes=1)
    from_tick(desk)
    room.told()
    titles = [one["title"]["en"] for one in room.seen_by("department")]
    assert any(title.startswith("Overdue") for title in titles)
    assert any(one["title"]["en"].startswith("Overdue") for one in room.seen_by("shift_leader"))


def from_tick(desk: Desk) -> None:
    """Let the clocks strike."""
    while sweep(desk.clock.at):
        continue


def _wants_mail(desk: Desk, who: str) -> None:
    body = {"channels": {"none": ["in_app", "mail"]}, "mail": f"{who}@city.example"}
    assert desk.ask(who, "PUT", "/notices/preferences", body).status == 200
