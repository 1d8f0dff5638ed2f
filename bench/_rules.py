"""A hundred kinds of gauges, and rules over them."""

import time
from datetime import datetime

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.text import JsonObject
from chengyun.rules import verbs as rules
from chengyun.rules.models import Place
from chengyun.sensing import verbs
from chengyun.sensing.reads import batches

KINDS = 100
PROPERTY = "bench_level"
_NAME = {"zh": "水位", "en": "level"}
_LONGEST_S = 600


def kind_of(number: int) -> str:
    """The kind of the n-th thing."""
    return f"bench_gauge_{number % KINDS}"


def load_senses(now: datetime) -> None:
    """Declare the kinds: one stream each."""
    stream = {"property": PROPERTY, "low": -1.0, "high": 50.0, "every": 60, "stuck_after": 86_400}
    stream |= {"jump": 20.0, "keep_days": 90, "keep_hours_days": 90}
    content = {
        "properties": [
            {"id": PROPERTY, "name": _NAME, "unit": "m", "result": "number"}
            | {"values": [], "definition": ""}
        ],
        "things": [
            {"id": kind_of(n), "name": _NAME, "owner": "drainage", "streams": [stream]}
            for n in range(KINDS)
        ],
    }
    verbs.load_senses(SYSTEM, now=now, pack="bench", pack_version="1", content=content)


def load_rules(now: datetime, count: int, case: JsonObject | None = None) -> None:
    """Rules in turn over the kinds: half of a value, half of a window. The first of each kind
    reports a case where one is given; readings of the bench stay below all others."""
    declared = [_rule(n, case if n < KINDS else None) for n in range(count)]
    file = {"source": "bench", "effective_from": "2026-01-01", "verified": False, "tables": {}}
    content = {"files": [{**file, "rules": declared}]}
    rules.load_rules(SYSTEM, now=now, pack="bench", pack_version="1", content=content)


def _rule(number: int, case: JsonObject | None) -> JsonObject:
    windowed = number % 2 == 1 and case is None
    taken = {"take": "mean", "over": 300} if windowed else {"take": "value"}
    return {
        "id": f"bench-{number}",
        "name": _NAME,
        "things": [kind_of(number)],
        "inputs": {"level": {"of": PROPERTY, **taken}},
        "figures": {"most": {"value": 12.0 if case else 30.0 + number % 7, "source": "bench"}},
        "levels": [{"severity": 3, "when": "level > most", "until": "level < most - 0.5"}],
        "then": {"case": case} if case else {},
    }


def caught_up() -> None:
    """Wait until the node's process has looked at every reading."""
    last = batches.newest()
    until = time.perf_counter() + _LONGEST_S
    while time.perf_counter() < until:
        place = Place.objects.get(no=1)
        assert not place.failure, place.failure
        if (place.xid, place.seq) >= last:
            return
        time.sleep(0.02)
    raise AssertionError("the rules did not catch up")
