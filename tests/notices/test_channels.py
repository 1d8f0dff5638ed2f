"""Every channel keeps the same promises; each is tried against a house that really answers."""

import base64
import json
from typing import Any
from uuid import uuid4

import pytest
import yaml

from chengyun.notices.channels import channels, web_push
from chengyun.notices.decide.outgoing import Outgoing, Subscription
from chengyun.notices.decide.templates import CHANNELS
from tests.notices.houses import Browser, HttpHouse, MailHouse

SECRETS = ("moon@example.org", "13912345678", "0123456789abcdef")
GATEWAY = {
    "headers": {"Authorization": "Bearer {secret}"},
    "body": {"to": ["{phone}"], "text": "{title}：{text}", "id": "{key}"},
    "secret_from": "TEST_GATEWAY_SECRET",
    "receipt": "data.0.id",
    "success": "code",
    "success_values": ["0"],
}


def outgoing(**more: Any) -> Outgoing:
    said = {
        "key": f"{uuid4()}.1",
        "notice_id": uuid4(),
        "title": {"zh": "新案件", "en": "New case"},
        "body": {"zh": "请办理", "en": "Please handle it"},
        "locale": "zh-CN",
        "level": 2,
        "link": "http://127.0.0.1:8420/desk/1",
        "seconds_left": 3600,
    }
    return Outgoing(**{**said, **more})


def reachable(endpoint: str = "") -> Outgoing:
    """To somebody whom every channel reaches."""
    browser = Browser(endpoint or "https://fcm.googleapis.com/x").subscription()
    to = Subscription(uuid4(), browser["endpoint"], **browser["keys"])
    return outgoing(mail="moon@example.org", phone="13912345678", subscriptions=(to,))


def test_there_is_a_channel_for_every_name() -> None:
    assert set(channels) == set(CHANNELS)


@pytest.mark.parametrize("name", [one for one in CHANNELS if one != "in_app"])
def test_without_an_address_it_fails_and_says_so(name: str) -> None:
    answer = channels[name].send(outgoing())
    assert answer.state == "failed"
    assert answer.error


@pytest.mark.parametrize("name", CHANNELS)
def test_a_house_that_is_away_is_tried_again(name: str, settings: Any, tmp_path: Any) -> None:
    nowhere = "http://127.0.0.1:9"
    settings.MAIL_URL = "smtp://127.0.0.1:9?starttls=0"
    settings.PUSH_SERVICES = frozenset({nowhere})
    settings.GATEWAYS_DIR = tmp_path
    for one in ("sms", "gov_im"):
        said = yaml.safe_dump({**GATEWAY, "url": nowhere})
        (tmp_path / f"{one}.yaml").write_text(said, encoding="utf-8")
    answer = channels[name].send(reachable(f"{nowhere}/push"))
    assert answer.state == ("delivered" if name == "in_app" else "later")
    assert not any(secret in answer.error for secret in SECRETS), "errors are kept and shown"


@pytest.mark.parametrize("name", ["mail", "sms", "gov_im"])
def test_unconnected_it_sinks(name: str, settings: Any, tmp_path: Any) -> None:
    settings.MAIL_URL, settings.GATEWAYS_DIR = "", tmp_path
    answer = channels[name].send(reachable())
    assert (answer.state, answer.sunk) == ("sent", True)


@pytest.mark.parametrize(
    ("says", "state"), [("250 OK", "sent"), ("451 later", "later"), ("554 no", "failed")]
)
def test_mail_believes_what_the_server_says(mail_house: MailHouse, says: str, state: str) -> None:
    mail_house.says = says
    out = reachable()
    answer = channels["mail"].send(out)
    assert answer.state == state
    if state == "sent":
        (letter,) = mail_house.letters
        assert letter["Message-ID"] == answer.receipt
        assert out.key in answer.receipt
        assert letter["Subject"] == "新案件"
        assert letter.get_content().split() == ["请办理", out.link]


def test_a_mail_address_nobody_has_is_given_up(mail_house: MailHouse) -> None:
    answer = channels["mail"].send(outgoing(mail="nobody@example.org"))
    assert (answer.state, answer.error) == ("failed", "SMTP 550")


def test_a_title_forges_no_headers(mail_house: MailHouse) -> None:
    bad = "x\r\nBcc: everybody@example.org"
    channels["mail"].send(outgoing(mail="a@example.org", title={"zh": bad, "en": bad}))
    (letter,) = mail_house.letters
    assert letter["Bcc"] is None


def test_whose_language_is_not_known_reads_both(mail_house: MailHouse) -> None:
    channels["mail"].send(outgoing(mail="a@example.org", locale=""))
    said = mail_house.letters[0].get_content()
    assert "请办理" in said
    assert "Please handle it" in said


def test_a_push_opens_in_the_browser_it_is_for(http_house: HttpHouse, settings: Any) -> None:
    settings.PUSH_SERVICES = frozenset({http_house.origin})
    browser = Browser(f"{http_house.origin}/push/1")
    said = browser.subscription()
    out = outgoing(subscriptions=(Subscription(uuid4(), said["endpoint"], **said["keys"]),))
    assert channels["web_push"].send(out).state == "sent"
    ((path, headers, body),) = http_house.asked
    assert path == "/push/1"
    assert headers["content-encoding"] == "aes128gcm"
    assert (headers["ttl"], headers["urgency"]) == ("3600", "high")
    assert len(headers["topic"]) <= 32
    assert headers["authorization"].startswith("vapid t=")
    assert headers["authorization"].endswith(f"k={web_push.public_key()}")
    token = headers["authorization"].split("t=")[1].split(",")[0].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(token + "=="))
    assert claims["aud"] == http_house.origin
    assert "请办理".encode() not in body
    opened = browser.opened(body)
    assert (opened["title"], opened["body"], opened["link"]) == ("新案件", "请办理", out.link)


@pytest.mark.parametrize(
    ("status", "state", "gone"),
    [
        (201, "sent", False),
        (404, "failed", True),
        (410, "failed", True),
        (429, "later", False),
        (503, "later", False),
        (400, "failed", False),
        (302, "failed", False),
    ],
)
def test_a_push_service_is_believed(
    http_house: HttpHouse, settings: Any, status: int, state: str, gone: bool
) -> None:
    settings.PUSH_SERVICES = frozenset({http_house.origin})
    http_house.status = status
    http_house.location = f"{http_house.origin}/elsewhere"
    out = reachable(f"{http_house.origin}/push")
    answer = channels["web_push"].send(out)
    assert (answer.state, bool(answer.gone)) == (state, gone)
    assert len(http_house.asked) == 1, "redirects are not followed"


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://user@fcm.googleapis.com/x",
        "file:///etc/passwd",
        "https://[::1/x",
        "",
    ],
)
def test_an_endpoint_that_is_no_push_service_is_not_called(endpoint: str) -> None:
    assert web_push.endpoint_fault(endpoint)
    browser = Browser(endpoint).subscription()
    to = Subscription(uuid4(), endpoint, **browser["keys"])
    answer = channels["web_push"].send(outgoing(subscriptions=(to,)))
    assert (answer.state, answer.gone) == ("failed", (to.id,))


def test_a_known_name_at_a_private_address_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(web_push.socket, "getaddrinfo", lambda *_, **__: found)
    answer = channels["web_push"].send(reachable("https://fcm.googleapis.com/x"))
    assert (answer.state, answer.error) == ("failed", "private address")


@pytest.mark.parametrize(
    ("status", "answer", "state"),
    [
        (200, {"code": 0, "data": [{"id": "m-1"}]}, "sent"),
        (200, {"code": 7}, "failed"),
        (500, {}, "later"),
        (403, {}, "failed"),
        (307, {}, "failed"),
    ],
)
@pytest.mark.parametrize("name", ["sms", "gov_im"])
def test_a_gateway_gets_its_own_shape(
    http_house: HttpHouse,
    settings: Any,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    status: int,
    answer: dict[str, Any],
    state: str,
) -> None:
    monkeypatch.setenv("TEST_GATEWAY_SECRET", "s3cret")
    settings.GATEWAYS_DIR = tmp_path
    said = yaml.safe_dump({**GATEWAY, "url": f"{http_house.origin}/send"})
    (tmp_path / f"{name}.yaml").write_text(said, encoding="utf-8")
    http_house.status, http_house.answer = status, answer
    out = reachable()
    got = channels[name].send(out)
    assert got.state == state
    ((_, headers, body),) = http_house.asked
    assert headers["authorization"] == "Bearer s3cret"
    assert json.loads(body) == {"to": ["13912345678"], "text": "新案件：请办理", "id": out.key}
    if state == "sent":
        assert got.receipt == "m-1"
