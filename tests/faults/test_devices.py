"""The devices' door of a running node: who gets in, who speaks for whom, what becomes of it."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from chengyun.app.supervisor.node import running
from tests.faults import readings
from tests.faults.conftest import Town, _cy, _run, wait_for
from tests.faults.devices import Person

pytestmark = pytest.mark.faults

Keys = dict[str, list[str]]


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Keys]]:
    """A node of its own with gauges, quick at the price of power cuts."""
    data = tmp_path_factory.mktemp("street") / "data"
    words = ("--no-demo", "--no-simulate", "--no-screens", "--puback", "process-death")
    _cy("up", "--detach", "--port", "0", *words, data=data)
    try:
        node = running(data)
        yield Town(node, {}), _run(node, "gauges")
    finally:
        _cy("down", data=data)


@pytest.fixture
def person(street: tuple[Town, Keys]) -> Iterator[Any]:
    """Somebody who knocks: by default the first gauge with its own password."""
    town, keys = street
    entered: list[Person] = []

    def knock(code: str = "g0", **other: Any) -> Person:
        password = other.pop("password") if "password" in other else keys[code][0]
        made = Person(town.node.state.mqtt, code, password, **other)
        entered.append(made)
        return made.enter()

    yield knock
    for one in entered:
        one.leave()


def stored(town: Town, name: str) -> list[list[Any]]:
    return readings.stored(town.node).get(name, [])


def held(town: Town, code: str) -> dict[str, int]:
    return readings.held(town.node, code)


def now_s() -> float:
    return time.time()


def test_what_a_device_says_is_stored_and_what_is_wrong_is_held(
    street: tuple[Town, Keys], person: Any
) -> None:
    town, _ = street
    gauge, second = person("g1"), int(now_s()) - 100
    good = [
        ("level", "1.5"),
        ("level", {"value": 150, "unit": "cm", "time": second}),
        ("batch", {"level": 1.25, "rain": 2, "time": second + 1}),
        ("batch", [{"n": "mode", "vs": "auto", "t": second + 2}]),
        ("open", "true"),
    ]
    bad = {
        "no_json": ("level", "NaN"),
        "wrong_unit": ("level", {"value": 3, "unit": "Cel", "time": second + 3}),
        "clock_ahead": ("level", {"value": 3, "time": second + 86_400}),
        "clock_behind": ("level", {"value": 3, "time": "1999-12-31T23:59:59Z"}),
        "unknown_stream": ("colour", "3"),
        "unknown_field": ("level", {"value": 3, "sql": "'; DROP TABLE sensing_thing; --"}),
        "bad_value": ("level", '"high"'),
    }
    for topic, body in (*good, *bad.values()):
        assert gauge.say(f"things/g1/{topic}", body)
    wait_for(lambda: len(held(town, "g1")) == len(bad))
    assert held(town, "g1") == dict.fromkeys(bad, 1)
    wait_for(lambda: len(stored(town, "g1/level")) == 3)
    assert [second * 1_000_000, 1.5] in stored(town, "g1/level")
    assert [(second + 1) * 1_000_000, 1.25] in stored(town, "g1/level")
    assert stored(town, "g1/rain") == [[(second + 1) * 1_000_000, 2.0]]
    assert stored(town, "g1/mode") == [[(second + 2) * 1_000_000, "auto"]]
    assert [row[1] for row in stored(town, "g1/open")] == [1.0]
    undated = [at for at, value in stored(town, "g1/level") if at > (second + 50) * 1_000_000]
    assert len(undated) == 1
    assert abs(undated[0] / 1e6 - now_s()) < 60


def test_the_same_again_is_known(street: tuple[Town, Keys], person: Any) -> None:
    town, _ = street
    gauge, second = person("g2"), int(now_s()) - 50
    for _ in range(3):
        assert gauge.say("things/g2/level", {"value": 2, "time": second})
    assert gauge.say("things/g2/rain", {"value": 1, "time": second})
    wait_for(lambda: stored(town, "g2/rain"))
    assert stored(town, "g2/level") == [[second * 1_000_000, 2.0]]


@pytest.mark.parametrize(
    "other",
    [
        {"password": "cyd_" + "a" * 43},
        {"password": ""},
        {"client_id": "g1"},
        {"client_id": "g0x"},
        {"client_id": "g0/#"},
        {"client_id": "+"},
    ],
    ids=str,
)
def test_nobody_enters_as_somebody_else(person: Any, other: dict[str, str]) -> None:
    assert not person("g0", **other).inside


@pytest.mark.parametrize("code", ["intake", "warden", "nobody", "g0' OR '1'='1", "#", ""])
def test_no_other_name_opens(street: tuple[Town, Keys], person: Any, code: str) -> None:
    assert not person(code, password=street[1]["g0"][0]).inside


def test_a_second_session_of_a_device_has_its_own_name(person: Any) -> None:
    first, second = person("g0"), person("g0", client_id="g0:backup")
    assert first.inside
    assert second.inside


@pytest.mark.parametrize(
    "topic",
    [
        "things/g3/level",
        "things/g0/level/more",
        "things/g0",
        "things//level",
        "commands/g0/x",
        "$SYS/broker/load",
        "$SYS/REQ/SERVER/PING",
        "$JS/API/STREAM/DELETE/$MQTT_msgs",
        "$MQTT/msgs/things/g3/level",
        "anything",
    ],
)
def test_a_device_speaks_for_itself_alone(
    street: tuple[Town, Keys], person: Any, topic: str
) -> None:
    town, _ = street
    before = len(stored(town, "g3/level"))
    intruder = person("g0")
    intruder.say(topic, "5")
    intruder.say(topic, "5", retain=True)
    # Whatever the broker answered: nothing of it arrives, and the rightful speaker still does.
    rightful = person("g3")
    assert rightful.say("things/g3/level", "1")
    wait_for(lambda: len(stored(town, "g3/level")) == before + 1)
    assert all(value == 1.0 for _, value in stored(town, "g3/level"))


def test_wildcards_in_a_topic_end_the_connection(person: Any) -> None:
    client = person("g0")
    for level in ("#", "+"):
        with pytest.raises(ValueError, match="wildcard"):
            client.client.publish(f"things/{level}/level", "1", qos=1)


@pytest.mark.parametrize(
    "topic",
    [
        *("#", "+/+/+", "things/#", "things/g0/level", "things/g3/+", "commands/#"),
        *("commands/g3/#", "commands/+/x", "$SYS/#", "$MQTT/#", "$MQTT/msgs/#", "$JS/#"),
        "$share/all/things/#",
    ],
)
def test_a_device_hears_its_own_commands_alone(person: Any, topic: str) -> None:
    assert person("g0").listen(topic) >= 128
    assert person("g0").listen("commands/g0/#") == 1


def test_a_will_speaks_only_where_its_device_may(street: tuple[Town, Keys], person: Any) -> None:
    town, _ = street
    before = len(stored(town, "g5/level"))
    foreign = person("g4", will=("things/g5/level", b"9"))
    foreign.vanish()
    own = person("g4", client_id="g4:b", will=("things/g4/level", b"3"))
    own.vanish()
    wait_for(lambda: [row[1] for row in stored(town, "g4/level")] == [3.0], 120)
    assert len(stored(town, "g5/level")) == before


def test_ten_megabytes_close_the_door_on_the_speaker(
    street: tuple[Town, Keys], person: Any
) -> None:
    town, _ = street
    loud = person("g6")
    assert not loud.say("things/g6/level", b"1" * 10_000_000)
    assert loud.wait(lambda: not loud.inside)
    again = person("g6", client_id="g6:again")
    assert again.say("things/g6/level", "2")
    wait_for(lambda: [row[1] for row in stored(town, "g6/level")] == [2.0])


def test_quality_0_and_2_arrive_too(street: tuple[Town, Keys], person: Any) -> None:
    town, _ = street
    gauge, second = person("g7"), int(now_s()) - 50
    gauge.say("things/g7/level", {"value": 1, "time": second}, 0)
    gauge.say("things/g7/level", {"value": 2, "time": second + 1}, 2)
    wait_for(lambda: len(stored(town, "g7/level")) == 2)
    assert sorted(row[1] for row in stored(town, "g7/level")) == [1.0, 2.0]


def test_a_revoked_credential_closes_the_door_at_once(
    street: tuple[Town, Keys], person: Any
) -> None:
    town, keys = street
    device = person("g8")
    assert device.say("things/g8/level", "1")
    said = town.node.manage("device_key", "--revoke", keys["g8"][1])
    assert said == 0
    revoked = time.monotonic()
    assert device.wait(lambda: not device.inside, 5)
    assert time.monotonic() - revoked < 3
    assert not person("g8", client_id="g8:again").inside


def test_who_says_too_much_is_let_out_and_loses_nothing(
    street: tuple[Town, Keys], person: Any
) -> None:
    town, _ = street
    mad, begin = person("g9"), int(now_s() * 1_000_000) - 100_000_000
    for number in range(4_000):
        body = {"value": number % 10, "time": (begin + number * 1_000) / 1_000}
        mad.client.publish("things/g9/level", json.dumps(body), qos=1)
    assert mad.wait(lambda: not mad.inside, 60), "nobody stopped it"
    acknowledged = len(mad.acknowledged)
    assert acknowledged > 1_000
    wait_for(lambda: len(stored(town, "g9/level")) >= acknowledged)
    assert not person("g9", client_id="g9:again").inside, "it must stay out for a while"
    assert person("g0").inside


def test_the_same_door_answers_over_http(street: tuple[Town, Keys]) -> None:
    town, keys = street
    parts = urlsplit(town.node.address)
    second = int(datetime.now(UTC).timestamp()) - 20

    def post(token: str, body: bytes) -> tuple[int, bytes]:
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        with suppress(BrokenPipeError, ConnectionResetError):
            # Too large a body is refused before it has been sent.
            line.request("POST", "/api/v1/device/readings", body, headers)
        answer = line.getresponse()
        return answer.status, answer.read()

    body = b'{"level": 4, "time": %d}' % second
    assert post(keys["g10"][0], body)[0] == 201
    assert stored(town, "g10/level") == [[second * 1_000_000, 4.0]]
    status, said = post(keys["g10"][0], body)
    assert status == 201
    assert b'"duplicates":1' in said
    assert post("cyd_" + "a" * 43, body)[0] == 401
    assert post(keys["g10"][0], b'{"level": "a lot"}')[0] == 422
    assert post(keys["g10"][0], b"1" * 10_000_000)[0] == 413
    assert held(town, "g10") == {"bad_value": 1}
