"""What every protocol must pass: its recorded payloads, and whatever a stranger may send."""

import base64
import json
import math
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.sensing.decide.points import EPOCH, POINTS_MAX, Malformed, Message, Point, instant
from chengyun.sensing.protocols import protocols

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
NOW_US = int((NOW - EPOCH).total_seconds() * 1_000_000)
MAPPING = {
    "each": "$.items[*]",
    "thing": "$.id",
    "time": "$.t",
    "lon": "$.x",
    "lat": "$.y",
    "streams": [{"stream": "level", "value": "$.v", "optional": True}],
}


def recorded() -> list[Any]:
    """Every recorded payload: protocol, case."""
    found = []
    for path in sorted(HERE.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            found.append(pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}"))
    return found


def message(case: dict[str, Any]) -> Message:
    raw = case.get("payload_base64")
    payload = base64.b64decode(raw) if raw else case["payload"].encode()
    return Message(case["thing"], case["stream"], payload, NOW_US)


def test_every_protocol_has_recordings_good_and_bad() -> None:
    for name in protocols:
        cases = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
        assert any("points" in case for case in cases), name
        assert sum("refused" in case for case in cases) >= 5, name


@pytest.mark.parametrize(("protocol", "case"), recorded())
def test_a_recorded_payload_is_read_as_it_was_meant(protocol: str, case: dict[str, Any]) -> None:
    decode, mapping = protocols[protocol], case.get("mapping", {})
    if "refused" in case:
        with pytest.raises(Malformed) as refused:
            decode(message(case), mapping)
        assert refused.value.code == case["refused"], refused.value.reason
        assert refused.value.reason
        return
    found = list(decode(message(case), mapping))
    wanted = [
        Point(
            one["thing"],
            one["stream"],
            instant(one["at"]),
            one["value"],
            one.get("unit", ""),
            one.get("lon"),
            one.get("lat"),
        )
        for one in case["points"]
    ]
    assert [(p.thing, p.stream, p.at_us, p.unit) for p in found] == [
        (p.thing, p.stream, p.at_us, p.unit) for p in wanted
    ]
    for point, same in zip(found, wanted, strict=True):
        assert (
            point.value == pytest.approx(same.value)
            if not isinstance(same.value, str)
            else point.value == same.value
        )
        if same.lon is not None:
            assert (point.lon, point.lat) == pytest.approx((same.lon, same.lat))


def sane(points: Any) -> None:
    for point in points:
        assert isinstance(point.thing, str)
        assert isinstance(point.stream, str)
        assert isinstance(point.at_us, int)
        assert isinstance(point.value, str) or math.isfinite(point.value)
        assert (point.lon is None) == (point.lat is None)


@pytest.mark.parametrize("protocol", sorted(protocols))
@given(payload=st.binary(max_size=300), stream=st.sampled_from(["", "batch", "level"]))
def test_any_bytes_are_read_or_refused(protocol: str, payload: bytes, stream: str) -> None:
    with suppress(Malformed):
        sane(protocols[protocol](Message("SH-12", stream, payload, NOW_US), MAPPING))


LEAF = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["2026-11-23T06:00:00Z", "level", "SH-12", "' OR 1=1 --"]),
)
NAMES = st.sampled_from(
    [
        *("value", "time", "unit", "stream", "v", "t", "u", "s", "n", "bn", "bt", "bv", "vb", "vs"),
        *("items", "id", "x", "y", "camera", "event", "count", "confidence", "level"),
    ]
)
ANYTHING = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)


@pytest.mark.parametrize("protocol", sorted(set(protocols) - {"gtfs_realtime"}))
@given(value=ANYTHING, stream=st.sampled_from(["", "batch", "level"]))
def test_any_json_is_read_or_refused(protocol: str, value: Any, stream: str) -> None:
    payload = json.dumps(value).encode()
    with suppress(Malformed):
        sane(protocols[protocol](Message("SH-12", stream, payload, NOW_US), MAPPING))


@pytest.mark.parametrize("protocol", sorted(set(protocols) - {"gtfs_realtime"}))
def test_ten_megabytes_are_read_or_refused_in_a_moment(protocol: str) -> None:
    many = [{"stream": "level", "n": "level", "value": 1, "time": 1}] * (10_000_000 // 60)
    for payload in (b"[" * 10_000_000, b'"' + b"a" * 10_000_000 + b'"', json.dumps(many).encode()):
        with pytest.raises(Malformed):
            protocols[protocol](Message("SH-12", "batch", payload, NOW_US), MAPPING)


@pytest.mark.parametrize("protocol", ["mqtt_json", "senml"])
def test_a_message_holds_so_many_values_and_no_more(protocol: str) -> None:
    record = {"n": "level", "v": 1, "t": 1} if protocol == "senml" else {"stream": "a", "value": 1}
    for count, right in ((POINTS_MAX, True), (POINTS_MAX + 1, False)):
        payload = json.dumps([record] * count).encode()
        one = Message("SH-12", "batch", payload, NOW_US)
        if right:
            assert len(protocols[protocol](one, {})) == count
        else:
            with pytest.raises(Malformed, match=str(POINTS_MAX)):
                protocols[protocol](one, {})
