"""What providers say later: believed when signed and fresh, once, about their own messages."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from chengyun.kernel.scope import bind
from chengyun.notices.decide.signing import SLACK_S, signature
from tests.cases.desk import API, NOBODY, Desk
from tests.notices.conftest import Mailroom
from tests.notices.houses import HttpHouse

SECRET = "they and we"
DOOR = f"{API}/notices/receipts/sms"


@pytest.fixture
def sent(
    desk: Desk,
    room: Mailroom,
    http_house: HttpHouse,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """A message that the gateway took, by the gateway's number."""
    settings.GATEWAYS_DIR = tmp_path
    monkeypatch.setenv("TEST_RECEIPTS", SECRET)
    gateway = {
        "url": f"{http_house.origin}/send",
        "body": {"to": "{phone}"},
        "receipt": "id",
        "receipts_from": "TEST_RECEIPTS",
    }
    (tmp_path / "sms.yaml").write_text(yaml.safe_dump(gateway), encoding="utf-8")
    http_house.status, http_house.answer = 200, {"id": "m-1"}
    ways = {"channels": {"none": ["sms"], "2": ["sms"], "3": ["sms"]}, "phone": "13912345678"}
    wish = {**ways, "quiet_from": "", "quiet_to": ""}
    assert desk.ask("department", "PUT", "/notices/preferences", wish).status == 200
    desk.new()
    room.told()
    room.sent()
    (row,) = room.deliveries(channel="sms")
    assert (row.state, row.receipt) == ("sent", "m-1")
    return row.receipt


def say(
    desk: Desk,
    body: Any,
    *,
    secret: str = SECRET,
    late: int = 0,
    door: str = DOOR,
    **headers: str,
) -> Any:
    """A provider's word."""
    bind(NOBODY)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    second = int((desk.clock.at - timedelta(seconds=late)).timestamp())
    signed = {
        "X-Chengyun-Time": str(second),
        "X-Chengyun-Signature": signature(secret, second, raw),
        **headers,
    }
    return Client(enforce_csrf_checks=True).post(
        door, raw, content_type="application/json", headers=signed
    )


def test_what_was_delivered_is_on_record_once(desk: Desk, room: Mailroom, sent: str) -> None:
    first = say(desk, {"receipt": sent, "state": "delivered"})
    assert (first.status_code, first.json()["state"]) == (200, "delivered")
    at = desk.clock.at
    desk.clock.pass_(minutes=2)
    again = say(desk, {"receipt": sent, "state": "delivered"})
    assert again.json() == first.json()
    assert say(desk, {"receipt": sent, "state": "failed"}).json()["state"] == "delivered"
    (row,) = room.deliveries(channel="sms")
    assert (row.state, row.delivered_at) == ("delivered", at)


def test_what_failed_is_not_sent_again(
    desk: Desk, room: Mailroom, sent: str, http_house: HttpHouse
) -> None:
    assert say(desk, {"receipt": sent, "state": "failed"}).json()["state"] == "failed"
    (row,) = room.deliveries(channel="sms")
    assert row.error
    asked = len(http_house.asked)
    assert room.sent(desk.clock.at + timedelta(hours=1)) == 0
    assert len(http_house.asked) == asked


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "guessed"},
        {"secret": ""},
        {"late": SLACK_S + 1},
        {"late": -SLACK_S - 1},
        {"X-Chengyun-Time": "now"},
        {"X-Chengyun-Time": "١٢"},
        {"X-Chengyun-Signature": "sha256=é"},
        {"X-Chengyun-Signature": ""},
        {"door": f"{API}/notices/receipts/gov_im"},
        {"door": f"{API}/notices/receipts/mail"},
        {"door": f"{API}/notices/receipts/..%2Fsms"},
    ],
    ids=str,
)
def test_nobody_elses_word_counts(
    desk: Desk, room: Mailroom, sent: str, wrong: dict[str, Any]
) -> None:
    answer = say(desk, {"receipt": sent, "state": "delivered"}, **wrong)
    assert answer.status_code in ({401, 404} if "%2F" in wrong.get("door", "") else {401})
    (row,) = room.deliveries(channel="sms")
    assert row.state == "sent"


def test_a_changed_body_is_not_the_signed_one(desk: Desk, room: Mailroom, sent: str) -> None:
    true = json.dumps({"receipt": sent, "state": "failed"}).encode()
    second = int(desk.clock.at.timestamp())
    other = {"receipt": sent, "state": "delivered"}
    header = {"X-Chengyun-Signature": signature(SECRET, second, true)}
    assert say(desk, other, **header).status_code == 401
    assert room.deliveries(channel="sms")[0].state == "sent"


def test_a_signed_in_person_is_no_provider(desk: Desk, sent: str) -> None:
    body = {"receipt": sent, "state": "delivered"}
    assert desk.ask("department", "POST", "/notices/receipts/sms", body).status == 401


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"receipt": "m-2", "state": "delivered"}, 404, None),
        ({"receipt": "m-1", "state": "eaten"}, 422, "state"),
        ({"receipt": "", "state": "failed"}, 422, "receipt"),
        ({"receipt": "m-1", "state": "failed", "more": 1}, 422, "more"),
        ({"receipt": "m\x00", "state": "failed"}, 422, None),
        (b"{", 400, "body"),
    ],
    ids=["unknown", "state", "empty", "more", "nul", "no json"],
)
def test_a_wrong_word_is_answered_with_the_reason(
    desk: Desk, sent: str, body: Any, status: int, field: str | None
) -> None:
    answer = say(desk, body)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    if field:
        assert any(field in error["field"] for error in answer.json()["errors"])
