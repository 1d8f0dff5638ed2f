"""What subscribers are told, by a real HTTP listener, of what was really committed."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from chengyun.app.ngsild.agreeing import content_of
from chengyun.app.ngsild.notifying import look, send
from chengyun.app.ngsild.terms import DEFAULT, PLAIN
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.problems import Conflict
from chengyun.kernel.scope import bind
from chengyun.people.models import User
from chengyun.people.reads.actors import actor_for, forget_actors
from chengyun.sensing import verbs
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.reads.subscriptions import subscription
from chengyun.sensing.verbs import NewThing
from chengyun.sensing.verbs.delivering import MOST_TRIES, claim_deliveries
from chengyun.sensing.verbs.storing import forget_days
from chengyun.sensing.verbs.subscribing import forget_changes, forget_past
from tests.app.ngsild.conftest import POINT
from tests.app.ngsild.test_subscriptions import HERE, NAME, V1, hosts, said
from tests.app.world import NOW, SPOT, build
from tests.sensing.senses import declare, no, readings

__all__ = ["hosts"]


@dataclass
class House:
    """A subscriber: what it was told, and how it answers."""

    told: list[tuple[dict[str, str], Any]] = field(default_factory=list)
    status: int = 200
    port: int = 0


@pytest.fixture
def house() -> Iterator[House]:
    made = House()

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.told.append((dict(self.headers), json.loads(body)))
            self.send_response(made.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer((HERE, 0), Hearing)
    made.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()


@dataclass
class City:
    """Somebody who may keep entities there, and somebody who sees none of it."""

    leader: Actor
    house: House
    at: Any = NOW

    def subscribe(self, **more: Any) -> None:
        """A subscription of the leader to this house."""
        note = more.pop("notification", {})
        endpoint = {"uri": f"http://{HERE}:{self.house.port}/told", **note.pop("endpoint", {})}
        body = said(notification={"endpoint": endpoint, **note}, **more)
        interval = body.get("timeInterval")
        verbs.subscribe(
            self.leader,
            now=self.at,
            uri=NAME,
            content=content_of(body, PLAIN),
            active=True,
            expires_at=None,
            next_at=self.at + timedelta(seconds=interval) if interval else None,
        )

    def say(self, value: Any, name: str = V1, **more: Any) -> None:
        """The speed of a vehicle, which is made if it is not there."""
        attrs = {
            DEFAULT + "speed": [{"type": "Property", "value": value}],
            "https://uri.etsi.org/ngsi-ld/location": [{"type": "GeoProperty", "value": POINT}],
            **more,
        }
        try:
            verbs.make_context_entity(
                self.leader,
                now=self.at,
                uri=name,
                types=(f"{DEFAULT}Vehicle",),
                scopes=(),
                attrs=attrs,
            )
        except Conflict:
            verbs.change_context_entity(
                self.leader, now=self.at, uri=name, said=attrs, mode="append"
            )

    def pass_on(self) -> list[Any]:
        """Look once, send what is due; what the house was told of it."""
        before = len(self.house.told)
        look(self.at)
        with transaction.atomic():
            bind(SYSTEM.scope())
            due = claim_deliveries(self.at, 10)
        for row in due:
            send(row, self.at)
        return [body for _, body in self.house.told[before:]]


@pytest.fixture
def living(
    transactional_db: None, hosts: None, settings: Any, tmp_path: Path, house: House
) -> Iterator[City]:
    settings.DATA_DIR = tmp_path
    for forget in (forget_streams, forget_days, forget_actors):
        forget()
    build()
    declare()
    leader = actor_for(User.objects.get(username="leader"), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sensing_contextcursor SET change_xid = 0, batch_xid = 0")
    look(NOW)
    yield City(leader, house)
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE sensing_observation, sensing_batch, sensing_newest, sensing_contextentity,"
            " sensing_contextchange, sensing_contextsubscription CASCADE"
        )
    for forget in (forget_streams, forget_days, forget_actors):
        forget()


def test_a_change_is_told_once(living: City) -> None:
    living.subscribe(notification={"format": "keyValues", "attributes": ["speed"]})
    living.say(3)
    (one,) = living.pass_on()
    assert (one["type"], one["subscriptionId"]) == ("Notification", NAME)
    assert one["data"] == [{"id": V1, "type": "Vehicle", "speed": 3}]
    assert living.pass_on() == []
    headers = living.house.told[0][0]
    assert headers["Content-Type"] == "application/json"
    assert "json-ld#context" in headers["Link"]
    held = subscription(SYSTEM, NAME)
    assert held is not None
    assert (held.sent, held.failed, held.last_ok_at) == (1, 0, NOW)


def test_what_is_not_meant_is_not_told(living: City) -> None:
    near = {"georel": "near;maxDistance==9", "geometry": "Point", "coordinates": list(SPOT)}
    living.subscribe(q="speed>10", watchedAttributes=["speed"], geoQ=near)
    living.say(3)
    assert living.pass_on() == []
    living.say(12)
    assert len(living.pass_on()) == 1
    verbs.change_context_entity(
        living.leader,
        now=NOW,
        uri=V1,
        said={f"{DEFAULT}brand": [{"type": "Property", "value": "x"}]},
        mode="append",
    )
    assert living.pass_on() == []


def test_readings_of_things_are_told(living: City) -> None:
    living.subscribe(
        entities=[{"type": "gauge"}],
        q="level>2",
        notification={"endpoint": {"accept": "application/ld+json"}},
    )
    items = (NewThing(code="g1", kind="gauge", lon=SPOT[0], lat=SPOT[1]),)
    verbs.register_things(SYSTEM, now=NOW, items=items)
    verbs.take(readings([(no("g1"), NOW, 1.0)]), now=NOW, door="mqtt")
    assert living.pass_on() == []
    living.at += timedelta(minutes=1)
    verbs.take(readings([(no("g1"), living.at, 3.0)]), now=living.at, door="mqtt")
    (one,) = living.pass_on()
    assert one["data"][0]["level"]["value"] == 3.0
    assert "@context" in one


def test_who_does_not_take_it_is_told_again(living: City) -> None:
    living.subscribe()
    living.house.status = 503
    living.say(1)
    assert len(living.pass_on()) == 1
    assert living.pass_on() == []
    living.at += timedelta(seconds=10)
    living.house.status = 204
    assert len(living.pass_on()) == 1
    held = subscription(SYSTEM, NAME)
    assert held is not None
    assert (held.sent, held.failed, held.last_fault) == (2, 1, "")
    living.house.status = 500
    living.say(2)
    for _ in range(MOST_TRIES + 3):
        living.pass_on()
        living.at += timedelta(days=1)
    held = subscription(SYSTEM, NAME)
    assert held is not None
    assert held.failed == 1 + MOST_TRIES
    assert "500" in held.last_fault


def test_throttled_and_timed(living: City) -> None:
    living.subscribe(throttling=60)
    living.say(1)
    assert len(living.pass_on()) == 1
    living.at += timedelta(seconds=10)
    living.say(2)
    assert living.pass_on() == []
    living.at += timedelta(seconds=60)
    (one,) = living.pass_on()
    assert one["data"][0]["speed"]["value"] == 2
    verbs.unsubscribe(living.leader, now=living.at, uri=NAME)
    living.subscribe(timeInterval=30)
    assert living.pass_on() == []
    living.at += timedelta(seconds=31)
    assert [one["id"] for one in living.pass_on()[0]["data"]] == [V1]
    assert living.pass_on() == []


def test_triggers(living: City) -> None:
    living.subscribe(notificationTrigger=["entityDeleted"])
    living.say(1)
    assert living.pass_on() == []
    verbs.delete_context_entity(living.leader, now=living.at, uri=V1)
    (one,) = living.pass_on()
    assert one["data"][0]["id"] == V1
    assert one["data"][0]["deletedAt"]


def test_only_what_the_owner_may_see_is_told(living: City) -> None:
    living.subscribe()
    User.objects.filter(username="leader").update(is_active=False)
    forget_actors()
    living.say(1)
    assert living.pass_on() == []


def test_two_lookers_do_not_tell_twice(living: City) -> None:
    living.subscribe()
    living.say(1)
    with transaction.atomic():
        bind(SYSTEM.scope())
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM sensing_contextcursor WHERE no = 1 FOR UPDATE")
        found: list[int] = []
        beside = threading.Thread(target=lambda: found.append(_looked(living)))
        beside.start()
        beside.join(20)
    assert found == [0]
    assert len(living.pass_on()) == 1


def _looked(living: City) -> int:
    try:
        return look(living.at)
    finally:
        connection.close()


def test_changes_are_forgotten(living: City) -> None:
    living.say(1)
    with transaction.atomic():
        bind(SYSTEM.scope())
        assert forget_changes(NOW, 10) == forget_past(NOW, 10) == 0
        assert forget_changes(NOW + timedelta(days=3), 10) == 1
        assert forget_past(NOW + timedelta(days=1_100), 10) == 2


def test_of_two_who_make_it_at_once_one_is_told_it_is_there(living: City) -> None:
    together = threading.Barrier(2)
    said: list[str] = []

    def make() -> None:
        together.wait()
        try:
            verbs.make_context_entity(
                living.leader, now=NOW, uri=V1, types=(f"{DEFAULT}Vehicle",), scopes=(), attrs={}
            )
            said.append("made")
        except Conflict as refused:
            said.append(refused.code)
        finally:
            connection.close()

    for _ in range(5):
        hands = [threading.Thread(target=make) for _ in range(2)]
        for one in hands:
            one.start()
        for one in hands:
            one.join()
        verbs.delete_context_entity(living.leader, now=NOW, uri=V1, past=True)
    assert sorted(said) == ["AlreadyExists"] * 5 + ["made"] * 5
