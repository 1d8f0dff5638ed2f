"""What is committed is sent at least once, and nothing else ever: over crashes, nights and noes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.notices import jobs, verbs
from chengyun.notices.channels import channels
from chengyun.notices.decide.outgoing import Outgoing
from chengyun.notices.decide.quiet import not_before
from chengyun.notices.decide.trying import TRIES
from tests.cases.desk import Desk
from tests.notices.conftest import Mailroom
from tests.notices.houses import Browser, HttpHouse, MailHouse

MAIL = {
    "channels": {"none": ["mail"], "2": ["mail"], "3": ["mail"]},
    "quiet_from": "",
    "quiet_to": "",
}
Tell = Callable[..., UUID]


@pytest.fixture
def tell(desk: Desk, room: Mailroom) -> Tell:
    """Tell somebody something."""

    def told(who: str = "department", template: str = "case-dispatched", **more: Any) -> UUID:
        key = more.pop("key", str(uuid4()))
        user = desk.world.users[who]
        one = verbs.Telling(
            key=key,
            template=template,
            area_no=more.pop("area_no", desk.world.units["310101001-san"].area_no),
            subject_kind="case",
            users=(user.id,),
            **more,
        )
        bind(SYSTEM.scope())
        verbs.tell([one], now=desk.clock.at)
        (notice,) = room.notices(key=key)
        return notice.id

    return told


def wants(desk: Desk, who: str, **more: Any) -> None:
    """Somebody's settings."""
    answer = desk.ask(who, "PUT", "/notices/preferences", {**MAIL, **more})
    assert answer.status == 200, answer


def test_rolled_back_nothing_is_sent(
    desk: Desk, room: Mailroom, tell: Tell, mail_house: MailHouse
) -> None:
    wants(desk, "department", mail="d@city.example")
    with suppress(RuntimeError), transaction.atomic():
        tell()
        raise RuntimeError
    assert room.notices() == []
    assert room.sent() == 0
    assert mail_house.letters == []


def test_told_twice_with_one_key_it_is_sent_once(
    desk: Desk, room: Mailroom, tell: Tell, mail_house: MailHouse
) -> None:
    wants(desk, "department", mail="d@city.example")
    tell(key="same")
    tell(key="same")
    room.sent()
    room.sent()
    assert len(mail_house.letters) == 1


def test_who_dies_while_sending_has_lost_nothing(
    desk: Desk,
    room: Mailroom,
    tell: Tell,
    mail_house: MailHouse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wants(desk, "department", mail="d@city.example")
    tell()

    def die(_out: Outgoing) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(channels["mail"], "send", die)
        with pytest.raises(KeyboardInterrupt):
            room.sent()
    assert room.sent() == 0, "the claim still holds"
    assert room.sent(desk.clock.at + timedelta(minutes=11)) == 1
    assert len(mail_house.letters) == 1


def test_a_server_that_says_later_is_asked_again_at_growing_intervals(
    desk: Desk, room: Mailroom, tell: Tell, mail_house: MailHouse
) -> None:
    wants(desk, "department", mail="d@city.example")
    tell()
    mail_house.says = "451 later"
    at, waits = desk.clock.at, []
    for _ in range(TRIES):
        assert room.sent(at) == 1
        (row,) = room.deliveries(channel="mail")
        if row.not_before is not None:
            waits.append(round((row.not_before - at).total_seconds()))
            at = row.not_before
    assert waits == [30, 60, 120, 240, 480, 960, 1920]
    assert (row.state, row.attempts, row.error) == ("failed", TRIES, "SMTP 451")
    assert room.sent(at + timedelta(days=1)) == 0


def test_quiet_hours_hold_it_until_morning(
    desk: Desk, room: Mailroom, tell: Tell, mail_house: MailHouse
) -> None:
    wants(desk, "department", mail="d@city.example", quiet_from="22:00", quiet_to="07:00")
    desk.clock.at = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
    tell()
    assert len(room.seen_by("department")) == 1, "in the product it is there at once"
    assert room.sent() == 0
    assert room.sent(datetime(2026, 3, 2, 22, 59, tzinfo=UTC)) == 0
    assert room.sent(datetime(2026, 3, 2, 23, 0, tzinfo=UTC)) == 1


def test_a_grave_one_breaks_them(
    desk: Desk, room: Mailroom, tell: Tell, mail_house: MailHouse
) -> None:
    wants(desk, "department", mail="d@city.example", quiet_from="22:00", quiet_to="07:00")
    desk.clock.at = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    tell(template="case-overdue")
    assert room.sent() == 1


@pytest.mark.parametrize(
    ("at", "start", "end", "until"),
    [
        ("23:30", "22:00", "07:00", "07:00"),
        ("06:59", "22:00", "07:00", "07:00"),
        ("07:00", "22:00", "07:00", None),
        ("13:00", "12:00", "14:00", "14:00"),
        ("11:59", "12:00", "14:00", None),
        ("03:00", "", "", None),
        ("03:00", "03:00", "03:00", None),
    ],
)
def test_quiet_hours_by_the_citys_clock(at: str, start: str, end: str, until: str | None) -> None:
    hour, minute = (int(part) for part in at.split(":"))
    now = datetime(2026, 3, 2, hour, minute, tzinfo=UTC) - timedelta(hours=8)
    found = not_before(now, "Asia/Shanghai", start, end, breaks=False)
    if until is None:
        assert found == now
    else:
        assert f"{found + timedelta(hours=8):%H:%M}" == until
        assert timedelta() < found - now < timedelta(days=1)
    assert not_before(now, "Asia/Shanghai", start, end, breaks=True) == now


def test_a_way_that_was_not_chosen_is_not_taken(
    desk: Desk, room: Mailroom, tell: Tell, mail_house: MailHouse
) -> None:
    wants(desk, "department", mail="d@city.example", channels={"none": ["sms"]}, phone="139")
    tell()
    assert [one.channel for one in room.deliveries()] == ["in_app", "sms"]


def test_unacknowledged_it_is_repeated_then_told_further_up(
    desk: Desk, room: Mailroom, tell: Tell, mail_house: MailHouse
) -> None:
    wants(desk, "department", mail="d@city.example")
    ident = tell(template="case-overdue")
    room.sent()
    start = desk.clock.at
    for number, minutes in ((1, 31), (2, 62)):
        at = start + timedelta(minutes=minutes)
        assert verbs.watch(at, most=10) == 1
        assert room.sent(at) == 1
        assert len(mail_house.letters) == number + 1
        (notice,) = room.notices(id=ident)
        assert notice.repeated == number
    assert len({letter["Message-ID"] for letter in mail_house.letters}) == 3
    assert room.seen_by("leader") == []
    assert verbs.watch(start + timedelta(minutes=93), most=10) == 1
    (further,) = room.seen_by("leader")
    assert further["escalated"]
    assert further["title"] == room.seen_by("department")[0]["title"]
    assert verbs.watch(start + timedelta(days=1), most=10) == 1
    assert len(room.notices()) == 2 or room.notices()[-1].escalated_from is not None


def test_once_acknowledged_it_is_quiet(
    desk: Desk, room: Mailroom, tell: Tell, mail_house: MailHouse
) -> None:
    wants(desk, "department", mail="d@city.example")
    ident = tell(template="case-overdue")
    answer = desk.ask("department", "POST", f"/notices/{ident}/acknowledge")
    assert (answer.status, answer["first"]) == (200, True)
    assert verbs.watch(desk.clock.at + timedelta(days=1), most=10) == 0
    assert room.sent() == 0, "what had not left yet is needed no more"
    (seen,) = room.seen_by("department")
    assert seen["acknowledged_by"] == "department"
    again = desk.ask("department", "POST", f"/notices/{ident}/acknowledge")
    assert (again.status, again["first"]) == (200, False)


def test_a_browser_that_is_gone_is_forgotten(
    desk: Desk, room: Mailroom, tell: Tell, http_house: HttpHouse, settings: Any
) -> None:
    settings.PUSH_SERVICES = frozenset({http_house.origin})
    browser = Browser(f"{http_house.origin}/push")
    assert desk.ask("department", "POST", "/notices/push", browser.subscription()).status == 201
    tell()
    room.sent()
    assert browser.opened(http_house.asked[0][2])["title"].startswith("新案件")
    http_house.status = 410
    tell()
    room.sent()
    assert desk.get("department", "/notices/preferences")["browsers"] == []


def test_what_is_over_is_given_up_and_removed(
    desk: Desk, room: Mailroom, tell: Tell, mail_house: MailHouse
) -> None:
    wants(desk, "department", mail="d@city.example")
    tell()
    late = desk.clock.at + timedelta(days=91)
    assert verbs.expire(late, most=10) == 1
    assert room.sent(late) == 0
    bind(SYSTEM.scope())
    assert jobs.expired(late, 10) == 1
    assert room.deliveries() == []
