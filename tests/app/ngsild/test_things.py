"""The register's things as entities: what they measure, written and read, now and over time."""

from datetime import timedelta
from typing import Any

import pytest

from chengyun.kernel.actor import SYSTEM
from chengyun.sensing import verbs
from chengyun.sensing.verbs import NewThing
from tests.app.ngsild.conftest import Broker, vehicle
from tests.app.world import NOW, SPOT
from tests.cases.desk import as_owner
from tests.sensing.senses import no, readings

G1 = "urn:ngsi-ld:Thing:g1"
AT = NOW - timedelta(minutes=30)


def said(at: Any) -> str:
    """A time as answers say it."""
    return str(at.isoformat()).replace("+00:00", "Z")


@pytest.fixture
def gauges(broker: Broker) -> Broker:
    """Two gauges: one that said three things, one that never spoke."""
    with as_owner():
        items = tuple(
            NewThing(code=code, kind="gauge", name=code, lon=SPOT[0], lat=SPOT[1])
            for code in ("g1", "g2")
        )
        done = verbs.register_things(SYSTEM, now=NOW, items=items)
        assert not done["rejects"], done
        rows = [(no("g1"), AT + timedelta(minutes=n), 1.0 + n) for n in range(3)]
        rows.append((no("g1", "mode"), AT, "auto"))  # type: ignore[arg-type]
        verbs.take(readings(rows), now=NOW, door="mqtt")
    return broker


def test_a_thing_is_an_entity(gauges: Broker) -> None:
    seen = gauges.get(f"/entities/{G1}")
    assert seen["type"] == ["gauge", "Thing"]
    assert seen["level"] == {
        "type": "Property",
        "value": 3.0,
        "unitCode": "m",
        "observedAt": said(AT + timedelta(minutes=2)),
    }
    assert seen["mode"]["value"] == "auto"
    assert seen["location"]["value"]["coordinates"] == list(SPOT)
    assert seen["name"]["value"] == "g1"
    assert "rain" not in seen


def test_things_are_found_beside_others(gauges: Broker) -> None:
    gauges.post("/entities", vehicle())
    gauges.post("/entities", {"id": "urn:a:1", "type": "gauge", "level": 9})
    assert gauges.ids(type="gauge") == ["urn:a:1", G1, "urn:ngsi-ld:Thing:g2"]
    assert gauges.ids(type="gauge", q="level>2") == ["urn:a:1", G1]
    assert gauges.ids(type="gauge", q="level<5") == [G1]
    assert gauges.ids(type="gauge", attrs="level") == ["urn:a:1", G1]
    assert gauges.ids(id=f"{G1},urn:ngsi-ld:Vehicle:1") == [G1, "urn:ngsi-ld:Vehicle:1"]
    near = {"georel": "near;maxDistance==50", "geometry": "Point", "coordinates": str(list(SPOT))}
    found = gauges.ids(**near)
    assert found == [G1, "urn:ngsi-ld:Thing:g2", "urn:ngsi-ld:Vehicle:1"]
    assert gauges.ids(type="Thing", limit="1", offset="1") == ["urn:ngsi-ld:Thing:g2"]
    assert gauges.get("/types/gauge")["entityCount"] == 3
    assert {"gauge", "Thing", "Vehicle"} <= set(gauges.get("/types")["typeList"])
    assert {"level", "mode"} <= set(gauges.get("/attributes")["attributeList"])


def test_a_written_property_is_a_reading(gauges: Broker) -> None:
    at = said(NOW - timedelta(minutes=1))
    said_now = {"level": {"type": "Property", "value": 4.5, "observedAt": at}}
    assert gauges.ask("PATCH", f"/entities/{G1}/attrs", said_now).status == 204
    seen = gauges.get(f"/entities/{G1}")["level"]
    assert (seen["value"], seen["observedAt"]) == (4.5, at)
    part = {"value": 4.6, "observedAt": said(NOW)}
    assert gauges.ask("PATCH", f"/entities/{G1}/attrs/level", part).status == 204
    assert gauges.get(f"/entities/{G1}")["level"]["value"] == 4.6
    more = {"id": G1, "type": "gauge", "rain": {"type": "Property", "value": 0.4}}
    gauges.post("/entityOperations/upsert?options=update", [more], 204)
    assert gauges.get(f"/entities/{G1}")["rain"]["value"] == 0.4


@pytest.mark.parametrize(
    "change",
    [
        {"name": {"type": "Property", "value": "x"}},
        {"unknown": {"type": "Property", "value": 1}},
        {"level": {"type": "Property", "value": "high"}},
        {"level": {"type": "Property", "value": 1, "observedAt": "2090-01-01T00:00:00Z"}},
        {"level": {"type": "Property", "value": 1, "datasetId": "urn:x:y"}},
        {"location": {"type": "Point", "coordinates": [0, 0]}},
    ],
)
def test_what_is_no_reading_is_refused_with_its_reason(
    gauges: Broker, change: dict[str, Any]
) -> None:
    before = gauges.get(f"/entities/{G1}")
    answer = gauges.ask("POST", f"/entities/{G1}/attrs", change)
    assert answer.status == 207, answer
    assert answer["notUpdated"][0]["reason"]
    assert gauges.get(f"/entities/{G1}") == before


def test_the_register_keeps_its_things(gauges: Broker) -> None:
    assert gauges.ask("DELETE", f"/entities/{G1}").status == 409
    assert gauges.ask("DELETE", f"/entities/{G1}/attrs/level").status == 409
    assert gauges.ask("POST", "/entities", {**vehicle(), "id": G1}).status == 409
    other = gauges.ask("POST", "/entities", {**vehicle(), "id": "urn:ngsi-ld:Thing:new"})
    assert other.status == 400
    assert gauges.ask("GET", "/entities/urn:ngsi-ld:Thing:none").status == 404
    assert gauges.ask("GET", f"/entities/{G1}", who="stranger").status == 404
    level = {"level": {"type": "Property", "value": 1}}
    assert gauges.ask("PATCH", f"/entities/{G1}/attrs", level, who="collector").status == 403
    assert gauges.ask("PATCH", f"/entities/{G1}/attrs", level, who="stranger").status == 404


def test_a_thing_over_time(gauges: Broker) -> None:
    path = f"/temporal/entities/{G1}"
    span = {"timerel": "after", "timeAt": said(AT + timedelta(minutes=1))}
    held = gauges.get(path, **span)
    assert [one["value"] for one in held["level"]] == [3.0, 2.0]
    assert held["level"][0]["instanceId"].startswith("urn:ngsi-ld:Instance:")
    assert [one["value"] for one in gauges.get(path, lastN="1")["level"]] == [3.0]
    values = gauges.get(path, options="temporalValues", attrs="level")
    assert values["level"]["values"][0] == [3.0, said(AT + timedelta(minutes=2))]
    figures = gauges.get(
        path,
        options="aggregatedValues",
        attrs="level",
        aggrMethods="avg,max,totalCount",
        aggrPeriodDuration="PT2M",
        timerel="between",
        timeAt=said(AT),
        endTimeAt=said(AT + timedelta(minutes=4)),
    )["level"]
    assert [row[0] for row in figures["avg"]] == [1.5, 3.0]
    assert [row[0] for row in figures["totalCount"]] == [2, 1]
    both = gauges.get("/temporal/entities", type="gauge", **span)
    assert [one["id"] for one in both if "level" in one] == [G1]
