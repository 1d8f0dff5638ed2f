"""Another house's broker: its message is acknowledged only once it is ours."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from chengyun.app.devices import outside
from chengyun.app.devices.asking import NotAnswered
from chengyun.app.devices.keys import INTAKE_USER
from chengyun.app.devices.outside import Listener
from chengyun.sensing.decide.points import Message
from chengyun.sensing.models import Feed
from tests.faults.devices import Person
from tests.faults.test_devices_kill9 import broker

pytestmark = pytest.mark.faults


class Taking:
    """Stands where readings are committed; refuses while told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, bytes]] = []
        self.broken = False
        self.tries = 0

    def __call__(self, messages: Sequence[Message], *_: Any) -> None:
        self.tries += 1
        if self.broken:
            raise OperationalError("the database is away")
        self.taken += [(one.thing, one.stream, one.payload) for one in messages]


@pytest.fixture
def taking(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Taking:
    made = Taking()
    monkeypatch.setattr(outside, "take_in", made)
    monkeypatch.setattr(outside, "note_asked", lambda *_, **__: None)
    monkeypatch.setattr(outside, "secret_of", lambda feed: feed.name)
    settings.FEED_HOSTS = settings.PRIVATE_FEED_HOSTS = frozenset({"127.0.0.1"})
    return made


def feed(address: str, password: str) -> Feed:
    how = {"url": address, "topic": "site/{thing}/up/{stream}", "client_id": "chengyun"}
    return Feed(
        id=uuid4(),
        code="site",
        name=password,
        kind="broker",
        protocol="mqtt_json",
        settings={**how, "username": INTAKE_USER},
        area_no=1,
    )


def wait_for(what: Any, seconds: float = 15.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.05)


def test_what_could_not_be_committed_comes_again(tmp_path: Path, taking: Taking) -> None:
    with broker(tmp_path, "process-death") as (address, keys, _):
        listener = Listener(feed(address, keys.intake))
        listener.start()
        said = Person(address, INTAKE_USER, keys.intake, client_id="speaker").enter()
        # Until the subscription stands the broker has nobody to keep messages for.
        wait_for(lambda: said.say("site/P1/up/level", "0") and taking.taken)
        taking.taken.clear()
        assert said.say("site/P1/up/level", "1")
        wait_for(lambda: taking.taken == [("P1", "level", b"1")])
        taking.broken = True
        assert said.say("site/P1/up/level", "2")
        wait_for(lambda: taking.tries >= 4)
        taking.broken = False
        wait_for(lambda: ("P1", "level", b"2") in taking.taken)
        taking.broken = True
        assert said.say("site/P1/up/level", "3")
        tries = taking.tries
        wait_for(lambda: taking.tries > tries)
        listener.stop()
        taking.broken = False
        again = Listener(feed(address, keys.intake))
        again.start()
        # This broker waits 30 seconds before it gives a message again.
        wait_for(lambda: ("P1", "level", b"3") in taking.taken, 60)
        for known in (b"1", b"2"):
            assert taking.taken.count(("P1", "level", known)) == 1, "acknowledged, so not again"
        again.stop()
        said.leave()


def test_only_listed_hosts_are_heard(taking: Taking, settings: Any) -> None:
    settings.FEED_HOSTS = frozenset({"mqtt.example"})
    with pytest.raises(NotAnswered, match="list of hosts"):
        Listener(feed("mqtt://127.0.0.1:1", "")).start()
    settings.FEED_HOSTS, settings.PRIVATE_FEED_HOSTS = frozenset({"127.0.0.1"}), frozenset()
    with pytest.raises(NotAnswered, match="private network"):
        Listener(feed("mqtt://127.0.0.1:1", "")).start()
    assert threading.active_count() < 20
