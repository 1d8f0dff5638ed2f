"""CIM 009 §5.6.11 to §5.7.4: what was said of entities, when."""

from datetime import timedelta

import pytest

from tests.app.ngsild.conftest import Broker, vehicle

V1 = "urn:ngsi-ld:Vehicle:1"
PATH = f"/temporal/entities/{V1}"


def speeds(*pairs: tuple[int, str]) -> list[dict[str, object]]:
    """Instances of one attribute."""
    return [{"type": "Property", "value": value, "observedAt": at} for value, at in pairs]


HOURS = speeds(*((10 * n, f"2026-02-01T0{n}:00:00Z") for n in range(1, 6)))


@pytest.fixture
def told(broker: Broker) -> Broker:
    """A vehicle of which only the past is known."""
    body = {"id": V1, "type": "Vehicle", "speed": HOURS}
    made = broker.post("/temporal/entities", body)
    assert made.headers["Location"] == f"/ngsi-ld/v1{PATH}"
    return broker


def test_the_past_is_told_and_read(told: Broker) -> None:
    assert told.ask("GET", f"/entities/{V1}").status == 404
    held = told.get(PATH)
    assert [one["value"] for one in held["speed"]] == [50, 40, 30, 20, 10]
    more = speeds((60, "2026-02-01T06:00:00Z"))
    told.post("/temporal/entities", {"id": V1, "type": "Vehicle", "speed": more}, 204)
    told.post(f"{PATH}/attrs", {"speed": speeds((70, "2026-02-01T07:00:00Z"))}, 204)
    assert [one["value"] for one in told.get(PATH, lastN="2")["speed"]] == [70, 60]


@pytest.mark.parametrize(
    ("span", "found"),
    [
        ({"timerel": "before", "timeAt": "2026-02-01T03:00:00Z"}, [20, 10]),
        ({"timerel": "after", "timeAt": "2026-02-01T04:00:00Z"}, [50, 40]),
        (
            {
                "timerel": "between",
                "timeAt": "2026-02-01T02:00:00Z",
                "endTimeAt": "2026-02-01T04:00:00Z",
            },
            [30, 20],
        ),
        ({"timerel": "after", "timeAt": "2026-02-01T04:00:00+08:00", "lastN": "1"}, [50]),
    ],
)
def test_spans(told: Broker, span: dict[str, str], found: list[int]) -> None:
    assert [one["value"] for one in told.get(PATH, **span)["speed"]] == found
    (one,) = told.get("/temporal/entities", type="Vehicle", **span)
    assert [each["value"] for each in one["speed"]] == found


def test_values_and_figures(told: Broker) -> None:
    values = told.get(PATH, options="temporalValues")["speed"]
    assert values["values"][0] == [50, "2026-02-01T05:00:00Z"]
    span = {"timerel": "after", "timeAt": "2026-02-01T01:00:00Z", "options": "aggregatedValues"}
    methods = "sum,sumsq,avg,min,max,stddev,totalCount,distinctCount"
    figures = told.get(PATH, **span, aggrMethods=methods)["speed"]
    said = {name: figures[name][0][0] for name in methods.split(",")}
    assert said == {
        "sum": 150,
        "sumsq": 5500,
        "avg": 30,
        "min": 10,
        "max": 50,
        "stddev": pytest.approx(200**0.5),
        "totalCount": 5,
        "distinctCount": 5,
    }
    hours = told.get(PATH, **span, aggrMethods="max", aggrPeriodDuration="PT2H")["speed"]["max"]
    assert [row[0] for row in hours] == [20, 40, 50]
    assert hours[0][1:] == ["2026-02-01T01:00:00Z", "2026-02-01T03:00:00Z"]


@pytest.mark.parametrize(
    "bad",
    [
        {"timerel": "during", "timeAt": "2026-02-01T01:00:00Z"},
        {"timerel": "before"},
        {"timerel": "before", "timeAt": "yesterday"},
        {"timerel": "between", "timeAt": "2026-02-01T01:00:00Z"},
        {
            "timerel": "between",
            "timeAt": "2026-02-01T01:00:00Z",
            "endTimeAt": "2026-01-01T01:00:00Z",
        },
        {"timeproperty": "never"},
        {"lastN": "0"},
        {"lastN": "-3"},
        {"options": "aggregatedValues"},
        {"options": "aggregatedValues", "aggrMethods": "median"},
        {"options": "aggregatedValues", "aggrMethods": "avg", "aggrPeriodDuration": "an hour"},
        {"options": "aggregatedValues", "aggrMethods": "avg", "aggrPeriodDuration": "PT0.001S"},
    ],
)
def test_bad_spans_are_refused(told: Broker, bad: dict[str, str]) -> None:
    assert told.ask("GET", PATH, **bad).status == 400, bad


def test_a_query_needs_a_time(told: Broker) -> None:
    assert told.ask("GET", "/temporal/entities?type=Vehicle").status == 400
    body = {
        "type": "Query",
        "entities": [{"type": "Vehicle"}],
        "temporalQ": {"timerel": "before", "timeAt": "2026-02-01T02:00:00Z"},
    }
    (one,) = told.post("/temporal/entityOperations/query", body, 200).body
    assert [each["value"] for each in one["speed"]] == [10]
    body.pop("temporalQ")
    assert told.ask("POST", "/temporal/entityOperations/query", body).status == 400


def test_instances_are_corrected_and_removed(told: Broker) -> None:
    first = told.get(PATH, lastN="1")["speed"][0]["instanceId"]
    path = f"{PATH}/attrs/speed/{first}"
    fresh = {"speed": speeds((55, "2026-02-01T05:30:00Z"))}
    assert told.ask("PATCH", path, fresh).status == 204
    seen = told.get(PATH, lastN="1")["speed"][0]
    assert (seen["value"], seen["observedAt"]) == (55, "2026-02-01T05:30:00Z")
    assert told.ask("DELETE", path).status == 204
    assert told.ask("DELETE", path).status == 404
    assert told.ask("DELETE", f"{PATH}/attrs/speed/urn:x:y").status == 404
    assert told.get(PATH, lastN="1")["speed"][0]["value"] == 40
    assert told.ask("DELETE", f"{PATH}/attrs/speed").status == 204
    assert "speed" not in told.get(PATH)
    assert told.ask("DELETE", PATH).status == 204
    assert told.ask("GET", PATH).status == 404


def test_changes_of_an_entity_are_its_past(broker: Broker) -> None:
    clock = broker.desk.clock
    began = clock.now()
    broker.post("/entities", vehicle())
    for n in range(3):
        clock.at += timedelta(minutes=1)
        said = {"speed": {"type": "Property", "value": n}}
        assert broker.ask("PATCH", f"/entities/{V1}/attrs", said).status == 204
    span = {"timerel": "after", "timeAt": began.isoformat(), "timeproperty": "modifiedAt"}
    held = broker.get(PATH, attrs="speed", **span)
    assert [one["value"] for one in held["speed"]] == [2, 1, 0, 51]
    clock.at += timedelta(minutes=1)
    assert broker.ask("DELETE", f"/entities/{V1}").status == 204
    gone = broker.get(PATH, attrs="speed", **span)["speed"]
    assert len(gone) == 5
    assert gone[0]["deletedAt"]
    assert broker.ask("GET", f"/entities/{V1}").status == 404
