"""The doors of notices: one's own and nobody else's, settings, browsers, the log."""

from typing import Any

import pytest
from django.db import transaction

from chengyun.kernel.scope import bind
from chengyun.notices.models import Delivery, Notice, Preference, PushSubscription
from tests.cases.desk import Desk
from tests.notices.conftest import Mailroom
from tests.notices.houses import Browser

SERVICE = "https://fcm.googleapis.com/fcm/send/x"


@pytest.fixture
def told(desk: Desk, room: Mailroom) -> str:
    """A notice of the department's."""
    desk.new()
    room.told()
    return str(room.seen_by("department")[0]["id"])


def test_reading_counts_down(desk: Desk, told: str) -> None:
    assert desk.get("department", "/notices/unread").body == {"unread": 1, "open": 0}
    assert desk.ask("department", "POST", f"/notices/{told}/read").status == 200
    assert desk.get("department", "/notices/unread")["unread"] == 0
    assert desk.get("department", "/notices?only=unread")["items"] == []


def test_all_at_once(desk: Desk, room: Mailroom) -> None:
    for number in range(3):
        desk.new(lon=121.003 + number * 0.004)
    room.told()
    assert desk.ask("department", "POST", "/notices/read")["count"] == 3
    assert desk.get("department", "/notices/unread")["unread"] == 0


def test_pages_lead_on(desk: Desk, room: Mailroom) -> None:
    for number in range(3):
        desk.new(lon=121.003 + number * 0.004)
    room.told()
    first = desk.get("department", "/notices?limit=2")
    rest = desk.get("department", f"/notices?limit=2&cursor={first['next']}")
    assert rest["next"] is None
    ids = [one["id"] for one in (*first["items"], *rest["items"])]
    assert len(set(ids)) == 3


@pytest.mark.parametrize("who", ["handler", "leader", "stranger", "auditor"])
@pytest.mark.parametrize("what", ["read", "acknowledge"])
def test_anothers_notice_is_not_there(desk: Desk, told: str, who: str, what: str) -> None:
    assert desk.ask(who, "POST", f"/notices/{told}/{what}").status == 404
    assert desk.get(who, "/notices")["items"] == []


def test_the_database_keeps_them_apart_too(desk: Desk, told: str) -> None:
    desk.ask("department", "PUT", "/notices/preferences", {"mail": "d@city.example"})
    with transaction.atomic():
        for who, seen in (("department", 1), ("handler", 0), ("leader", 0)):
            bind(desk.world.actor(who).scope())
            assert Notice.objects.count() == seen
            assert Delivery.objects.count() == seen
            assert Preference.objects.count() == seen


def test_what_asks_for_no_acknowledgement_takes_none(desk: Desk, told: str) -> None:
    answer = desk.ask("department", "POST", f"/notices/{told}/acknowledge")
    assert (answer.status, answer["code"]) == (409, "no_ack")


def test_settings_are_kept_and_addresses_masked(desk: Desk) -> None:
    body = {
        "channels": {"1": ["mail", "sms"]},
        "quiet_from": "21:30",
        "quiet_to": "06:30",
        "mail": "moon@example.org",
        "phone": "139 1234 5678",
    }
    kept = desk.ask("department", "PUT", "/notices/preferences", body)
    assert (kept["mail"], kept["phone"]) == ("m•••@example.org", "•••78")
    assert kept["channels"]["1"] == ["mail", "sms"]
    assert kept["channels"]["4"] == ["in_app", "web_push"], "left to the house"
    again = desk.ask("department", "PUT", "/notices/preferences", {**body, "mail": None})
    assert again["mail"] == "m•••@example.org"
    gone = desk.ask("department", "PUT", "/notices/preferences", {**body, "mail": ""})
    assert gone["mail"] == ""


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"quiet_from": "25:00", "quiet_to": "07:00"}, "quiet_from"),
        ({"quiet_from": "22:00"}, "quiet_to"),
        ({"mail": "nobody"}, "mail"),
        ({"mail": "a@b\nBcc: c@d"}, "mail"),
        ({"phone": "call me"}, "phone"),
        ({"channels": {"5": ["mail"]}}, "channels.5.[key]"),
        ({"channels": {"1": ["pigeon"]}}, "channels.1.0"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_settings_name_their_field(desk: Desk, body: dict[str, Any], field: str) -> None:
    answer = desk.ask("department", "PUT", "/notices/preferences", body)
    assert answer.status == 422
    assert answer.fields == [field]


def test_browsers_come_and_go(desk: Desk) -> None:
    said = Browser(SERVICE).subscription()
    made = desk.ask("department", "POST", "/notices/push", said)
    assert made.status == 201
    assert desk.ask("department", "POST", "/notices/push", said).status == 201, "again is fine"
    (kept,) = desk.get("department", "/notices/preferences")["browsers"]
    other = desk.ask("handler", "DELETE", "/notices/push", {"id": kept["id"]})
    assert other.status == 404
    assert desk.ask("department", "DELETE", "/notices/push", {}).status == 422
    assert desk.ask("department", "DELETE", "/notices/push", {"endpoint": SERVICE}).status == 204
    assert desk.get("department", "/notices/preferences")["browsers"] == []


def test_a_browser_belongs_to_who_subscribed_it_last(desk: Desk) -> None:
    said = Browser(SERVICE).subscription()
    desk.ask("department", "POST", "/notices/push", said)
    desk.ask("handler", "POST", "/notices/push", said)
    assert desk.get("department", "/notices/preferences")["browsers"] == []
    assert len(desk.get("handler", "/notices/preferences")["browsers"]) == 1


def test_endpoint_and_keys_are_sealed(desk: Desk) -> None:
    said = Browser(SERVICE).subscription()
    desk.ask("department", "POST", "/notices/push", said)
    bind(desk.world.actor("department").scope())
    row = PushSubscription.objects.get()
    assert b"googleapis" not in bytes(row.sealed)


@pytest.mark.parametrize("endpoint", ["https://10.0.0.1/x", "http://fcm.googleapis.com/x", "x"])
def test_a_bad_endpoint_is_refused(desk: Desk, endpoint: str) -> None:
    answer = desk.ask("department", "POST", "/notices/push", Browser(endpoint).subscription())
    assert (answer.status, answer.fields) == (422, ["endpoint"])


@pytest.mark.parametrize("who", ["department", "leader", "auditor", "acceptor"])
def test_the_log_is_for_system_administrators(desk: Desk, told: str, who: str) -> None:
    assert desk.ask(who, "GET", "/notices/log").status == 403


def test_the_log_shows_everything_but_the_words(desk: Desk, room: Mailroom) -> None:
    contact = {"email": "moon@example.org", "phone": "13912345678", "tell": True}
    case = desk.new(contact=contact)
    room.told()
    room.sent()
    admin = desk.world.users["auditor"]
    admin.appointments.update(post="system_admin")
    assert desk.ask("auditor", "GET", "/notices/log", second_factor=False).status == 403
    found = desk.get("auditor", "/notices/log")
    assert {one["channel"] for one in found["items"]} == {"in_app", "mail", "sms"}
    assert {one["recipient"] for one in found["items"]} == {
        "department",
        "m•••@example.org",
        "•••78",
    }
    said = str(found.body)
    for secret in ("moon@", "13912345678", case.no, case.code, "track"):
        assert secret not in said
    only = desk.get("auditor", "/notices/log?channel=sms")["items"]
    assert [(one["sunk"], one["state"]) for one in only] == [(True, "sent")]
