"""Packs in use by area: off and on, kept at a version, who may decide, and what the doors say."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.areas import at_level
from chengyun.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from chengyun.rules import verbs
from chengyun.rules.models import PackUse, RuleVersion, Signal
from chengyun.sensing import verbs as sensing
from chengyun.sensing.models import Thing
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs import NewThing
from chengyun.sensing.verbs.storing import forget_days
from tests.app.world import NOW, SPOT, World
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import Desk
from tests.rules.declared import flood, load
from tests.sensing.senses import declare, no, readings

__all__ = ["city", "clock", "desk", "world"]
DASHBOARD = {
    "id": "water",
    "title": {"zh": "水", "en": "Water"},
    "posts": [],
    "items": [
        {
            "id": "signals",
            "title": {"zh": "信号", "en": "Signals"},
            "show": "card",
            "signals": {"rules": [], "worst": 4},
            "streams": None,
            "cases": None,
            "layers": [],
            "wide": 3,
            "steps": [],
        },
        {
            "id": "level",
            "title": {"zh": "水位", "en": "Level"},
            "show": "card",
            "signals": None,
            "streams": {"kind": "gauge", "property": "level", "take": "max", "over": 86400},
            "cases": None,
            "layers": [],
            "wide": 3,
            "steps": [],
        },
        {
            "id": "course",
            "title": {"zh": "水位", "en": "Level"},
            "show": "chart",
            "signals": None,
            "streams": {"kind": "gauge", "property": "level", "take": "max", "over": 86400},
            "cases": None,
            "layers": [],
            "wide": 6,
            "steps": [],
        },
        {
            "id": "cases",
            "title": {"zh": "案件", "en": "Cases"},
            "show": "card",
            "signals": None,
            "streams": None,
            "cases": {"kinds": ["GBT30428.2/event/*"], "open": True},
            "layers": [],
            "wide": 3,
            "steps": [],
        },
    ],
}
CONTENT: dict[str, Any] = {
    "title": {"zh": "测试", "en": "Test"},
    "description": None,
    "kind": "scenario",
    "owner": None,
    "source": "a test",
    "requires": [],
    "brings": {"rules": 1},
    "rules": ["flood-level"],
    "figures": [
        {
            "rule": "flood-level",
            "word": "most",
            "title": None,
            "value": 0.5,
            "unit": "m",
            "source": "a test",
            "verified": False,
            "empty": False,
        }
    ],
    "dashboards": [DASHBOARD],
}


@pytest.fixture(autouse=True)
def all_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chengyun.sensing.reads.batches.DONE", "true")


@pytest.fixture
def gauges(world: World) -> Iterator[list[Thing]]:
    forget_streams()
    forget_days()
    declare()
    items = tuple(
        NewThing(code=code, kind="gauge", lon=SPOT[0] + east, lat=SPOT[1])
        for code, east in (("here", 0.0), ("there", 0.05))
    )
    assert not sensing.register_things(SYSTEM, now=NOW, items=items)["rejects"]
    load(flood())
    taken_up("1.0.0")
    yield list(Thing.objects.order_by("code"))
    forget_streams()
    forget_days()


def taken_up(version: str, later: int = 0, **more: Any) -> dict[str, Any]:
    now = NOW + timedelta(hours=later)
    content = {**CONTENT, **more}
    return verbs.load_pack(SYSTEM, now=now, pack="test", version=version, content=content)


def say(minute: float, value: float) -> None:
    at = NOW + timedelta(minutes=minute)
    rows = [(no(code), at, value) for code in ("here", "there")]
    sensing.take(readings(rows), now=at, door="test")
    verbs.step(at)


def district(thing: Thing) -> int:
    found = at_level(thing.area_no, "district")
    assert found is not None
    return found


def use(on: bool, area_no: int, actor: Any = SYSTEM, pack: str = "test") -> Any:
    return verbs.use_pack(actor, now=NOW, pack=pack, area_no=area_no, on=on)


def keep(version: str | None, area_no: int) -> Any:
    return verbs.keep_pack(SYSTEM, now=NOW, pack="test", area_no=area_no, version=version)


def open_at() -> set[str]:
    return set(Signal.objects.filter(closed_at=None).values_list("thing_code", flat=True))


def test_a_pack_is_off_in_one_district_alone(gauges: list[Thing]):
    use(False, district(gauges[0]))
    say(0, 0.8)
    assert open_at() == {"there"}


def test_switched_off_its_open_signals_there_end(gauges: list[Thing]):
    say(0, 0.8)
    assert open_at() == {"here", "there"}
    use(False, district(gauges[0]))
    say(1, 0.8)
    assert open_at() == {"there"}


def test_switched_on_again_it_looks_again(gauges: list[Thing]):
    use(False, district(gauges[0]))
    say(0, 0.8)
    use(True, district(gauges[0]))
    say(1, 0.8)
    assert open_at() == {"here", "there"}
    assert not PackUse.objects.exists()


def test_inside_an_area_that_is_off_nobody_switches_it_on(gauges: list[Thing]):
    use(False, district(gauges[0]))
    with pytest.raises(Conflict):
        use(True, gauges[0].area_no)


def test_an_area_keeps_the_version_before(gauges: list[Thing]):
    load(flood(figures={"most": {"value": 2.0, "unit": "m", "source": "a test"}}), version="1.1.0")
    taken_up("1.1.0", 1)
    load_versions_are_numbers()
    keep("1.0.0", district(gauges[0]))
    say(0, 0.8)
    assert open_at() == {"here"}
    assert Signal.objects.get().rule_version == 1
    keep(None, district(gauges[0]))
    say(1, 0.8)
    assert open_at() == set()


def load_versions_are_numbers() -> None:
    # What `declared.load` calls version 1 is 1.0.0 of the pack.
    RuleVersion.objects.filter(pack_version="1").update(pack_version="1.0.0")


def test_a_rule_that_the_kept_version_lacks_does_not_look(gauges: list[Thing]):
    load_versions_are_numbers()
    load(flood(), {**flood(), "id": "new-rule"}, version="1.1.0")
    taken_up("1.1.0", 1)
    keep("1.0.0", district(gauges[0]))
    say(0, 0.8)
    found = set(Signal.objects.values_list("rule_id", "thing_code"))
    assert found == {("flood-level", "here"), ("flood-level", "there"), ("new-rule", "there")}


def test_versions_and_packs_that_are_none_are_refused(gauges: list[Thing]):
    with pytest.raises(Invalid, match=r"1\.0\.0"):
        keep("9.9.9", district(gauges[0]))
    with pytest.raises(NotFound):
        use(False, district(gauges[0]), pack="nosuch")
    with pytest.raises(NotFound):
        use(False, 281_474_976_710_655)


def test_who_decides_has_a_leading_post_over_the_area(gauges: list[Thing], world: World):
    leader = world.actor("shift_leader")
    mine = next(one for one in gauges if district(one) == leader.grants[0].area_no)
    other = next(one for one in gauges if one != mine)
    use(False, district(mine), actor=leader)
    with pytest.raises(Forbidden):
        use(False, district(other), actor=leader)
    with pytest.raises(Forbidden):
        use(False, district(mine), actor=world.actor("acceptor"))


def test_the_same_pack_again_changes_nothing(gauges: list[Thing]):
    assert not taken_up("1.0.0")["changed"]
    assert taken_up("1.0.0", source="another")["changed"]


def test_the_doors_list_packs_and_decide(gauges: list[Thing], desk: Desk, world: World):
    mine = world.actor("shift_leader").grants[0].area_no
    area = next(district(one) for one in gauges if district(one) == mine)
    line = desk.get("acceptor", "/packs")["items"][0]
    assert (line["pack"], line["version"], line["unverified"], line["uses"]) == (
        *("test", "1.0.0", 1),
        [],
    )
    assert desk.get("acceptor", "/packs/test")["figures"][0]["word"] == "most"
    assert desk.ask("acceptor", "GET", "/packs/nosuch").status == 404
    asked = {"area_no": area, "on": False, "note": "drill"}
    assert desk.ask("acceptor", "POST", "/packs/test/switch", asked).status == 403
    assert desk.ask("shift_leader", "POST", "/packs/test/switch", asked).status == 200
    use = desk.get("acceptor", "/packs/test")["uses"][0]
    assert (use["area_no"], use["off"], use["note"]) == (area, True, "drill")
    assert desk.ask("acceptor", "POST", "/packs/test/keep", {"area_no": area}).status == 403
    assert desk.ask("acceptor", "POST", "/packs/test/switch", {"on": 1}).status == 422


def test_a_dashboard_shows_what_is_in_sight(gauges: list[Thing], desk: Desk):
    say(0, 0.8)
    assert [one["id"] for one in desk.get("acceptor", "/dashboards")["items"]] == ["water"]
    assert len(desk.get("acceptor", "/dashboards/water")["items"]) == 4
    assert desk.ask("acceptor", "GET", "/dashboards/nosuch").status == 404
    found = desk.get("acceptor", "/dashboards/water/figures")["items"]
    assert found["signals"]["value"] == 1
    assert (found["level"]["value"], found["level"]["unit"], found["level"]["count"]) == (
        *(0.8, "m"),
        1,
    )
    assert found["course"]["course"][0]["value"] == 0.8
    assert found["cases"]["value"] == 0


def test_a_pack_that_is_off_offers_no_dashboard(gauges: list[Thing], desk: Desk, world: World):
    area = world.actor("acceptor").grants[0].area_no
    use(False, area)
    assert desk.get("acceptor", "/dashboards")["items"] == []
