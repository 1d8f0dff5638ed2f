"""Credentials, feeds and held messages through the application's doors."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.models import AuditEntry
from chengyun.kernel.rights import grant_roles
from chengyun.kernel.scope import APP_ROLE, bind
from chengyun.people.reads import forget_actors
from chengyun.sensing import verbs
from chengyun.sensing.decide.secrets import signature
from chengyun.sensing.models import DeviceKey, HeldMessage
from chengyun.sensing.reads import batches
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs import holding
from chengyun.sensing.verbs.storing import forget_days
from tests.app import world as town
from tests.cases.desk import API, Answer, Clock, Desk, _answer, run_as_app
from tests.sensing import senses

HOSTS = frozenset({"feed.example"})


@pytest.fixture
def desk(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Iterator[Desk]:
    """The small city with three gauges in its first street, three in its second district."""
    forget_streams(), forget_days(), forget_actors()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {APP_ROLE}")
    grant_roles()
    city = town.build()
    senses.declare()
    senses.gauges(3, area_no=city.units["310101001-san"].area_no)
    senses.gauges(3, area_no=city.units["310104-sup"].area_no, prefix="far")
    clock = Clock()
    monkeypatch.setattr("chengyun.app.middleware.system_clock", clock)
    settings.DATA_DIR, settings.FEED_HOSTS, settings.MQTT_URL = tmp_path, HOSTS, "mqtt://x:1"
    run_as_app()
    yield Desk(city, clock)
    forget_streams(), forget_days(), forget_actors()


def issue(desk: Desk, thing: str = "g0", who: str = "shift_leader", **more: Any) -> Answer:
    return desk.ask(who, "POST", "/device-keys", {"thing": thing, **more})


def send(desk: Desk, path: str, body: Any, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    bind(senses_nobody())
    answer = Client().generic(
        "POST", API + path, raw, content_type="application/json", headers=headers
    )
    bind(senses_nobody())
    return _answer(answer)


def senses_nobody() -> Any:
    return type(SYSTEM.scope())()


def device(desk: Desk, password: str, body: Any) -> Answer:
    return send(desk, "/device/readings", body, Authorization=f"Bearer {password}")


def stored() -> list[tuple[int, float]]:
    with transaction.atomic():
        bind(SYSTEM.scope())
        with connection.cursor() as cursor:
            # One transaction holds the whole test: nothing of it lies below the snapshot's end.
            cursor.execute("SELECT readings FROM sensing_batch ORDER BY xid, seq")
            packed = [bytes(row[0]) for row in cursor.fetchall()]
    rows = [batches.unpack(one, {}) for one in packed]
    return [
        (int(one.stream[row]), float(one.value[row])) for one in rows for row in range(len(one))
    ]


def held() -> list[HeldMessage]:
    bind(SYSTEM.scope())
    return list(HeldMessage.objects.order_by("first_at", "id"))


def test_a_credential_is_shown_once_and_kept_as_a_hash(desk: Desk) -> None:
    made = issue(desk, name="the gauge itself", days=30)
    assert made.status == 201
    assert made["username"] == "g0"
    assert made["mqtt"] == "mqtt://x:1"
    listed = desk.get("shift_leader", "/device-keys?thing=g0")["items"]
    assert [row["id"] for row in listed] == [made["id"]]
    assert made["password"] not in json.dumps(listed)
    bind(SYSTEM.scope())
    row = DeviceKey.objects.get()
    assert made["password"].encode() not in bytes(row.secret_hash)
    assert row.expires_at == desk.clock.at + timedelta(days=30)
    assert AuditEntry.objects.filter(verb="sensing.issue_device_key", outcome="done").count() == 1


def test_a_device_enters_over_http_until_its_credential_ends(desk: Desk) -> None:
    made = issue(desk, days=1)
    assert device(desk, made["password"], {"level": 1.5}).status == 201
    second = desk.ask("shift_leader", "POST", f"/device-keys/{made['id']}/rotation", {})
    assert second.status == 201
    for password in (made["password"], second["password"]):
        assert device(desk, password, {"level": 1.5}).status == 201
    assert desk.ask("shift_leader", "DELETE", f"/device-keys/{made['id']}").status == 204
    assert desk.ask("shift_leader", "DELETE", f"/device-keys/{made['id']}").status == 409
    assert device(desk, made["password"], {"level": 1.6}).status == 401
    assert device(desk, second["password"], {"level": 1.6}).status == 201
    desk.clock.pass_(days=2)
    third = issue(desk, days=1)
    desk.clock.pass_(days=1, seconds=1)
    assert device(desk, third["password"], {"level": 1.7}).status == 401


@pytest.mark.parametrize(
    ("who", "status"),
    [("stranger", 404), ("auditor", 404), ("other_department", 404), ("acceptor", 403)],
)
def test_who_does_not_keep_a_thing_gives_it_no_credential(
    desk: Desk, who: str, status: int
) -> None:
    assert issue(desk, who=who).status == status
    made = issue(desk)
    for method, path in (("DELETE", ""), ("POST", "/rotation")):
        answer = desk.ask(who, method, f"/device-keys/{made['id']}{path}", {})
        assert answer.status == status
    seen = desk.get(who, "/device-keys")["items"]
    assert len(seen) == (1 if status == 403 else 0)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"thing": "g0'; DROP TABLE sensing_thing; --"}, "thing"),
        ({"thing": "g0", "days": 0}, "days"),
        ({"thing": "g0", "name": "a\u0000b"}, "name"),
        ({"thing": "g0", "password": "mine"}, "password"),
    ],
)
def test_a_wrong_request_for_a_credential_names_the_field(
    desk: Desk, fields: dict[str, Any], wrong: str
) -> None:
    answer = desk.ask("shift_leader", "POST", "/device-keys", fields)
    assert (answer.status, answer.fields) == (422, [wrong])


@pytest.mark.parametrize("token", ["", "x", "cyd_", "cyd_" + "a" * 43, "a" * 5_000, "\u00e9"])
def test_no_other_secret_opens_the_device_door(desk: Desk, token: str) -> None:
    issue(desk)
    assert device(desk, token, {"level": 1}).status == 401
    assert send(desk, "/device/readings", {"level": 1}).status == 401


def test_a_message_that_cannot_be_taken_is_told_and_held(desk: Desk) -> None:
    password = issue(desk)["password"]
    answer = device(desk, password, {"level": 1.0, "colour": 3})
    assert answer.status == 201
    assert answer["stored"] == 1
    assert [one["code"] for one in answer["refused"]] == ["unknown_stream"]
    assert device(desk, password, {"colour": 4}).status == 422
    assert device(desk, password, b"{").status == 422
    assert device(desk, password, b"\xff\xfe").status == 422
    assert device(desk, password, b"{").status == 422
    found = held()
    assert [(one.reason, one.times) for one in found] == [
        ("unknown_stream", 1),
        ("unknown_stream", 1),
        ("no_json", 2),
        ("no_json", 1),
    ]
    listed = desk.get("shift_leader", "/held-messages")["items"]
    assert {row["reason"] for row in listed} == {"unknown_stream", "no_json"}
    assert desk.get("stranger", "/held-messages")["items"] == []
    for who, status in (("stranger", 404), ("acceptor", 403)):
        for method, path in (("POST", "/redrive"), ("DELETE", "")):
            asked = desk.ask(who, method, f"/held-messages/{found[0].id}{path}")
            assert asked.status == status


def test_a_held_message_is_driven_again_once_the_cause_is_put_right(desk: Desk) -> None:
    password = issue(desk)["password"]
    at = desk.clock.at.timestamp()
    assert device(desk, password, {"level": 1.0, "depth": 3.0, "time": at}).status == 201
    (one,) = held()
    again = desk.ask("shift_leader", "POST", f"/held-messages/{one.id}/redrive").body
    assert (again["state"], again["stored"], again["duplicates"]) == ("held", 0, 1)
    bind(SYSTEM.scope())
    extra = {"depth": {"property": "level", "every": 60}}
    area = desk.world.units["310101001-san"].area_no
    HeldMessage.objects.filter(pk=one.id).update(thing_code="h0")
    new = verbs.NewThing(code="h0", kind="gauge", area_no=area, streams=extra)
    assert not verbs.register_things(SYSTEM, now=desk.clock.at, items=(new,))["rejects"]
    desk.clock.pass_(days=5)
    done = desk.ask("shift_leader", "POST", f"/held-messages/{one.id}/redrive").body
    assert (done["state"], done["stored"]) == ("redriven", 2)
    twice = desk.ask("shift_leader", "POST", f"/held-messages/{one.id}/redrive")
    assert twice.status == 409


def test_held_messages_are_bounded_and_expire(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "HELD_PER_THING", 5)
    password = issue(desk)["password"]
    for number in range(9):
        desk.clock.pass_(seconds=1)
        device(desk, password, b"{" * (number + 1))
    assert sorted(one.size for one in held()) == [5, 6, 7, 8, 9]
    assert holding.expire(desk.clock.at + timedelta(days=29), 500) == 0
    assert holding.expire(desk.clock.at + timedelta(days=31), 500) == 5


MAPPING = {
    "each": "$.list[*]",
    "thing": "$.id",
    "time": "$.t",
    "streams": [{"stream": "level", "value": "$.cm", "unit": "cm"}],
}


def feed(desk: Desk, who: str = "shift_leader", **fields: Any) -> Answer:
    body = {
        "code": "platform",
        "name": "平台",
        "kind": "webhook",
        "protocol": "mapped",
        "mapping": MAPPING,
        **fields,
    }
    return desk.ask(who, "POST", "/feeds", body)


def call(desk: Desk, body: Any, code: str = "platform", **headers: str) -> Answer:
    return send(desk, f"/feeds/{code}/messages", body, **headers)


def records(desk: Desk, *things: str) -> dict[str, Any]:
    return {"list": [{"id": one, "t": desk.clock.at.timestamp(), "cm": 150} for one in things]}


def test_a_webhook_writes_inside_its_area_alone(desk: Desk) -> None:
    made = feed(desk)
    assert made.status == 201
    secret = {"Authorization": f"Bearer {made['secret']}"}
    answer = call(desk, records(desk, "g0", "far0", "nobody"), **secret)
    assert answer.status == 201
    assert answer["stored"] == 1
    assert [one["code"] for one in answer["refused"]] == ["unknown_stream"] * 2
    assert [value for _, value in stored()] == [1.5]
    assert call(desk, records(desk, "far0"), **secret).status == 422
    assert [one.area_no for one in held()] == [desk.world.units["310101-sup"].area_no] * 2
    for wrong in ({}, {"Authorization": "Bearer cyf_x"}, {"Authorization": "Basic eDp5"}):
        assert call(desk, records(desk, "g0"), **wrong).status == 401
    assert call(desk, records(desk, "g0"), code="another", **secret).status == 401
    renewed = desk.ask("shift_leader", "POST", f"/feeds/{made['id']}/secret", {})
    assert renewed.status == 201
    assert call(desk, records(desk, "g1"), **secret).status == 401
    secret = {"Authorization": f"Bearer {renewed['secret']}"}
    assert call(desk, records(desk, "g1"), **secret).status == 201
    version = desk.get("shift_leader", "/feeds")["items"][0]["version"]
    paused = {"version": version, "state": "paused"}
    assert desk.ask("shift_leader", "PATCH", f"/feeds/{made['id']}", paused).status == 200
    assert desk.ask("shift_leader", "PATCH", f"/feeds/{made['id']}", paused).status == 409
    assert call(desk, records(desk, "g2"), **secret).status == 401


def test_a_signed_webhook_counts_once_and_not_for_long(desk: Desk) -> None:
    secret = feed(desk, auth="hmac")["secret"]
    body = json.dumps(records(desk, "g0")).encode()
    at = int(desk.clock.at.timestamp())

    def signed(when: int, what: bytes = body, by: str = secret) -> int:
        header = {"X-Chengyun-Signature": signature(by, when, what)}
        return call(desk, body, **header).status

    assert signed(at) == 201
    assert signed(at) == 409, "a replay"
    assert signed(at - 1) == 201
    assert signed(at - 301) == 401
    assert signed(at + 301) == 401
    assert signed(at, b"{}") == 401
    assert signed(at, body, "cyf_other") == 401
    assert call(desk, body, Authorization=f"Bearer {secret}").status == 401
    assert call(desk, body, **{"X-Chengyun-Signature": "t=1,v1=" + "0" * 64}).status == 401


def test_video_says_what_and_never_who(desk: Desk) -> None:
    made = feed(desk, protocol="video_events", mapping={})
    secret = {"Authorization": f"Bearer {made['secret']}"}
    event = {"camera": "g0", "event": "rain", "count": 2}
    assert call(desk, event, **secret).status == 201
    answer = call(desk, {**event, "face_id": "张三"}, **secret)
    assert answer.status == 422
    assert answer["errors"][0]["code"] == "tells_who"
    (one,) = held()
    assert bytes(one.payload) == b"", "what tells who is not even kept as evidence"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"mapping": {**MAPPING, "thing": "$..id"}}, "mapping.thing"),
        ({"mapping": {**MAPPING, "exec": "rm"}}, "mapping.exec"),
        ({"mapping": {**MAPPING, "zone": "../etc/passwd"}}, "mapping.zone"),
        ({"protocol": "pickle", "mapping": {}}, "protocol"),
        ({"auth": "none"}, "auth"),
        ({"kind": "poll", "settings": {"url": "http://169.254.169.254/"}}, "settings.url"),
        ({"kind": "poll", "settings": {"url": "file:///etc/passwd"}}, "settings.url"),
        ({"kind": "poll", "settings": {"url": "http://a:b@feed.example/"}}, "settings.url"),
        (
            {"kind": "poll", "settings": {"url": "http://feed.example/", "every_s": 1}},
            "settings.every_s",
        ),
        ({"kind": "broker", "settings": {"url": "http://feed.example"}}, "settings.url"),
        ({"code": "a/b"}, "code"),
    ],
    ids=str,
)
def test_a_wrong_feed_is_refused_by_field(desk: Desk, fields: dict[str, Any], wrong: str) -> None:
    answer = feed(desk, **fields)
    assert answer.status == 422, answer
    assert wrong in answer.fields


def test_a_feed_stays_inside_its_keepers_area(desk: Desk) -> None:
    far = desk.world.units["310104-sup"].area_no
    assert feed(desk, area_no=far).status == 403
    assert feed(desk, "acceptor").status == 403
    assert feed(desk, "auditor").status == 403
    made = feed(desk)
    assert made.status == 201
    assert feed(desk).status == 409
    assert desk.get("stranger", "/feeds")["items"] == []
    change = {"version": 1, "state": "paused"}
    assert desk.ask("stranger", "PATCH", f"/feeds/{made['id']}", change).status == 404
    assert desk.ask("acceptor", "PATCH", f"/feeds/{made['id']}", change).status == 403
