"""Feeds we ask: a real HTTP server that answers well, wrongly, slowly, too much, or elsewhere."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from chengyun.app.devices.asking import NotAnswered, address_of, ask
from chengyun.app.devices.polling import ask_one
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.sensing import verbs
from chengyun.sensing.decide.feeds import ANSWER_MAX, PollSettings, pause_after
from chengyun.sensing.models import Feed, HeldMessage, Thing, ThingPlace
from chengyun.sensing.verbs.feeds import create_feed
from chengyun.sensing.verbs.polling import claim_due
from tests.cases.desk import Clock
from tests.sensing import senses

HERE = "127.0.0.1"


@dataclass
class House:
    """Another house: what it answers by path, and what it was asked."""

    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0
    delay: float = 0.0

    def url(self, path: str) -> str:
        return f"http://{HERE}:{self.port}{path}"


@pytest.fixture
def house() -> Iterator[House]:
    made = House()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, dict(self.headers)))
            status, body, headers = made.answers.get(self.path, (404, b"", {}))
            time.sleep(made.delay)
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                # The caller had enough.
                return

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer((HERE, 0), Answering)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def allowed(settings: Any) -> None:
    settings.FEED_HOSTS = frozenset({HERE})
    settings.PRIVATE_FEED_HOSTS = frozenset({HERE})


def declared(url: str, *, protocol: str = "mapped", secret: str = "", **more: Any) -> Feed:
    mapping = more.pop("mapping", MAPPING if protocol == "mapped" else {})
    said = create_feed(
        SYSTEM,
        now=senses.NOW,
        code="weather",
        name="气象",
        kind="poll",
        protocol=protocol,
        hosts={HERE},
        mapping=mapping,
        settings={"url": url, "every_s": 60, **more},
        auth="none",
        area_no=senses.AREA,
        secret=secret,
    )
    bind(SYSTEM.scope())
    return Feed.objects.get(pk=said["id"])


MAPPING = {
    "each": "$.stations[*]",
    "thing": "$.id",
    "time": "$.t",
    "streams": [{"stream": "rain", "value": "$.mm"}],
}


def body(*rows: tuple[str, float]) -> bytes:
    at = senses.NOW.timestamp()
    return json.dumps({"stations": [{"id": i, "t": at, "mm": mm} for i, mm in rows]}).encode()


@pytest.mark.usefixtures("allowed", "things")
def test_a_feed_is_asked_when_it_is_due_and_its_readings_are_taken(house: House) -> None:
    house.answers["/now"] = (200, body(("g0", 1.5), ("g1", 2.5)), {})
    clock = Clock(senses.NOW)
    feed = declared(house.url("/now"), secret="s3", secret_header="X-Key")
    assert [one.id for one in claim_due(clock.now())] == [feed.id]
    assert claim_due(clock.now()) == [], "nobody else gets it meanwhile"
    assert ask_one(feed, clock) == ""
    path, headers = house.asked[0]
    assert path == "/now"
    assert headers["X-Key"] == "s3"
    feed.refresh_from_db()
    assert (feed.failures, feed.last_ok_at) == (0, senses.NOW)
    assert feed.next_at == senses.NOW + timedelta(seconds=60)
    assert not HeldMessage.objects.exists()
    # The same again: known. Something else: told and held.
    house.answers["/now"] = (200, body(("g0", 1.5), ("unheard_of", 1.0)), {})
    assert ask_one(feed, clock) == ""
    assert [one.reason for one in HeldMessage.objects.all()] == ["unknown_stream"]


@pytest.mark.usefixtures("allowed", "things")
@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((500, b"", {}), "answered 500"),
        ((302, b"", {"Location": "http://169.254.169.254/"}), "answered 302"),
        ((200, b"a" * (ANSWER_MAX + 1), {}), "more than"),
    ],
    ids=["broken", "leads elsewhere", "too much"],
)
def test_a_feed_that_answers_wrongly_is_asked_less_often(
    house: House, answer: tuple[int, bytes, dict[str, str]], fault: str
) -> None:
    house.answers["/now"] = answer
    clock = Clock(senses.NOW)
    feed = declared(house.url("/now"))
    for failures, pause in ((1, 120), (2, 240), (3, 480)):
        assert fault in ask_one(feed, clock)
        feed.refresh_from_db()
        assert (feed.failures, feed.next_at) == (failures, clock.at + timedelta(seconds=pause))
        assert fault in feed.last_fault
    assert [path for path, _ in house.asked] == ["/now"] * 3, "nothing else was asked"
    house.answers["/now"] = (200, body(("g0", 1.0)), {})
    assert ask_one(feed, clock) == ""
    feed.refresh_from_db()
    assert feed.failures == 0


@pytest.mark.usefixtures("allowed", "things")
def test_a_feed_that_hangs_is_left(house: House) -> None:
    house.answers["/now"], house.delay = (200, b"{}", {}), 3.0
    feed = declared(house.url("/now"), timeout_s=0.3)
    began = time.monotonic()
    assert "Timeout" in ask_one(feed, Clock(senses.NOW))
    assert time.monotonic() - began < 2


def test_only_listed_hosts_and_only_the_networks_they_are_listed_for(house: House) -> None:
    how = PollSettings(url=house.url("/now"))
    with pytest.raises(NotAnswered, match="not on this node's list"):
        ask(how, "", {"feed.example"}, ())
    with pytest.raises(NotAnswered, match="private network"):
        ask(how, "", {HERE}, ())
    with pytest.raises(NotAnswered, match="private network"):
        address_of("localhost", 80, ())
    with pytest.raises(NotAnswered, match="not found"):
        address_of("no-such-host.invalid", 80, ())
    assert house.asked == []


def test_pauses_grow_and_end_at_an_hour() -> None:
    assert [pause_after(n, 60) for n in (0, 1, 2, 6, 100)] == [60, 120, 240, 3600, 3600]


@pytest.mark.usefixtures("allowed", "things")
def test_a_transit_feed_moves_its_vehicles_forward_only(house: House) -> None:
    new = verbs.NewThing(code="BUS-71", kind="gauge", area_no=senses.AREA)
    assert not verbs.register_things(SYSTEM, now=senses.NOW, items=(new,))["rejects"]
    recorded = json.loads(
        (Path(__file__).parent / "protocols" / "gtfs_realtime.json").read_text(encoding="utf-8")
    )
    bus, earlier = (
        base64.b64decode(case["payload_base64"])
        for case in recorded
        if case["name"] in ("a bus with its speed", "a bus with its own time")
    )
    feed = declared(house.url("/vehicles"), protocol="gtfs_realtime", mapping={"prefix": "BUS-"})
    clock = Clock(senses.NOW.replace(year=2026, month=11, day=23, hour=6, minute=1))
    for payload in (bus, earlier, bus):
        house.answers["/vehicles"] = (200, payload, {})
        assert ask_one(feed, clock) == ""
    bind(SYSTEM.scope())
    thing = Thing.objects.get(code="BUS-71")
    assert (thing.lon, thing.lat) == (121.5, 31.25)
    assert thing.moved_at is not None
    assert thing.moved_at.isoformat() == "2026-11-23T06:00:00+00:00"
    assert ThingPlace.objects.filter(thing_id=thing.id).count() == 2
    # A gauge has no datastream of that name: told, not lost.
    assert [one.reason for one in HeldMessage.objects.all()] == ["unknown_stream"]
