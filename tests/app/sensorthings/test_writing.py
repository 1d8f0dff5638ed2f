"""18-088 §10 and §11: create, link, deep insert, update, replace, delete, data arrays."""

from typing import Any

import pytest

from chengyun.kernel.actor import SYSTEM
from chengyun.sensing import verbs
from tests.app.sensorthings.conftest import OM, POINT, ROOT, UNIT, Sta, place, stream, thing
from tests.app.world import NOW, SPOT
from tests.cases.desk import as_owner

SENSOR = {"name": "s", "description": "d", "encodingType": "text/html", "metadata": "m"}
PROPERTY = {"name": "p", "definition": "https://example.org/p", "description": "d"}
FEATURE = {"name": "f", "description": "d", "encodingType": "application/geo+json"}


def alone(sta: Sta) -> dict[str, Any]:
    """One of each entity, made by itself; the datastream by links."""
    made: dict[str, Any] = {
        "Things": sta.post("/Things", thing(properties={"a": [1, {"b": "深"}]})),
        "Locations": sta.post("/Locations", place(properties={"x": 1})),
        "Sensors": sta.post("/Sensors", {**SENSOR, "metadata": {"deep": [1]}}),
        "ObservedProperties": sta.post("/ObservedProperties", {**PROPERTY, "properties": {}}),
        "FeaturesOfInterest": sta.post("/FeaturesOfInterest", {**FEATURE, "feature": POINT}),
    }
    linked = {
        name: {"@iot.id": made[sets]["@iot.id"]}
        for name, sets in (
            ("Thing", "Things"),
            ("Sensor", "Sensors"),
            ("ObservedProperty", "ObservedProperties"),
        )
    }
    body = stream(properties={"q": 1}, observedArea=POINT) | linked
    made["Datastreams"] = sta.post("/Datastreams", body)
    return made


def test_create_entity_comes_back_as_posted(sta: Sta) -> None:
    made = alone(sta)
    assert made["Things"]["properties"] == {"a": [1, {"b": "深"}]}
    assert made["Locations"]["location"] == POINT
    assert made["Sensors"]["metadata"] == {"deep": [1]}
    assert made["ObservedProperties"]["definition"] == "https://example.org/p"
    assert made["FeaturesOfInterest"]["feature"] == POINT
    held = made["Datastreams"]
    assert (held["unitOfMeasurement"], held["properties"]) == (UNIT, {"q": 1})
    assert held["observationType"] == f"{OM}Measurement"
    for name, one in made.items():
        assert sta.get(f"/{name}({one['@iot.id']})") == one
    seen = sta.get(f"/Datastreams({held['@iot.id']})", **{"$expand": "Thing,Sensor"})
    assert seen["Thing"]["@iot.id"] == made["Things"]["@iot.id"]
    assert seen["Sensor"]["name"] == "s"


def test_observations_with_all_they_say(sta: Sta) -> None:
    made = alone(sta)
    path = f"/Datastreams({made['Datastreams']['@iot.id']})/Observations"
    body = {
        "result": 21.5,
        "phenomenonTime": "2026-03-01T00:00:00Z/2026-03-01T01:00:00Z",
        "resultTime": "2026-03-01T01:00:05Z",
        "resultQuality": [{"nameOfMeasure": "q"}],
        "validTime": "2026-03-01T00:00:00Z/2026-03-02T00:00:00Z",
        "parameters": {"wind": 3},
        "FeatureOfInterest": {"@iot.id": made["FeaturesOfInterest"]["@iot.id"]},
    }
    one = sta.post(path, body)
    assert one["phenomenonTime"] == "2026-03-01T00:00:00.000Z/2026-03-01T01:00:00.000Z"
    assert one["resultTime"] == "2026-03-01T01:00:05.000Z"
    for name in ("result", "resultQuality", "validTime", "parameters"):
        assert one[name] == body[name]
    assert sta.get(f"{one['@iot.selfLink']}/FeatureOfInterest")["name"] == "f"
    now = sta.post(path, {"result": 1})
    assert (now["phenomenonTime"], now["resultTime"]) == ("2026-03-02T02:00:00.000Z", None)
    old = sta.post(path, {"result": 2, "phenomenonTime": "2015-03-03T00:00:00Z"})
    assert old["phenomenonTime"] == "2015-03-03T00:00:00.000Z"
    again = sta.ask("POST", path, {"result": 2, "phenomenonTime": "2015-03-03T00:00:00Z"})
    assert (again.status, again["@iot.id"]) == (201, old["@iot.id"])
    assert len(sta.values(path)) == 3


@pytest.mark.parametrize(
    ("kind", "results"),
    [
        ("TruthObservation", [True, False]),
        ("CategoryObservation", ["rain", "雪", 7]),
        ("CountObservation", [3, 4]),
        ("Observation", ["x", 2.5, {"a": 1}, [1, 2]]),
    ],
)
def test_result_types(sta: Sta, kind: str, results: list[Any]) -> None:
    made = sta.post("/Things", thing(Datastreams=[stream(kind=kind.removesuffix("Observation"))]))
    body = stream() | {"observationType": f"{OM}{kind}"}
    held = sta.post(f"/Things({made['@iot.id']})/Datastreams", body)
    for n, result in enumerate(results):
        at = f"2026-03-01T00:0{n}:00Z"
        said = {"result": result, "phenomenonTime": at}
        one = sta.post(f"/Datastreams({held['@iot.id']})/Observations", said)
        assert one["result"] == result
        assert type(one["result"]) is type(result) or isinstance(result, int)


def test_deep_insert_is_whole_or_nothing(sta: Sta) -> None:
    before = len(sta.values("/Sensors"))
    bad = stream("bad", Observations=[{"result": "no number"}])
    answer = sta.ask("POST", "/Things", thing(Locations=[place()], Datastreams=[stream(), bad]))
    assert answer.status == 400, answer
    for name in ("Things", "Locations", "Datastreams", "Observations"):
        assert sta.values(f"/{name}") == []
    assert len(sta.values("/Sensors")) == before
    inline = {"result": 1, "FeatureOfInterest": {**FEATURE, "feature": POINT}}
    made = sta.post("/Things", thing(Datastreams=[stream(Observations=[inline])]))
    (one,) = sta.values(f"/Things({made['@iot.id']})/Datastreams", **{"$expand": "Observations"})
    assert sta.get(f"{one['Observations'][0]['@iot.selfLink']}/FeatureOfInterest")["name"] == "f"


def test_historical_location_auto_creation(sta: Sta, station: Any, desk: Any) -> None:
    path = f"/Things({station['@iot.id']})"
    second = sta.post(f"{path}/Locations", place("second"))
    assert [one["name"] for one in sta.values(f"{path}/Locations")] == ["second"]
    third = sta.post("/Locations", place("third"))
    answer = sta.ask("PATCH", path, {"Locations": [{"@iot.id": third["@iot.id"]}]})
    assert answer.status == 200, answer
    assert [one["name"] for one in sta.values(f"{path}/Locations")] == ["third"]
    assert len(sta.values(f"{path}/HistoricalLocations")) == 3
    links = {"Locations": [{"@iot.id": second["@iot.id"]}]}
    sta.post(f"{path}/HistoricalLocations", {"time": "2020-01-01T00:00:00Z", **links})
    assert [one["name"] for one in sta.values(f"{path}/Locations")] == ["third"]
    assert len(sta.values(f"/Locations({second['@iot.id']})/HistoricalLocations")) == 2


def test_update_entity_patch_and_put(sta: Sta) -> None:
    made = alone(sta)
    for name, one in made.items():
        path = f"/{name}({one['@iot.id']})"
        answer = sta.ask("PATCH", path, {"description": "new"})
        assert answer.status == 200, (name, answer)
        assert sta.get(path) == {**one, "description": "new"}
    number = made["Things"]["@iot.id"]
    answer = sta.ask("PUT", f"/Things({number})", {"name": "n", "description": "d"})
    assert answer.status == 200
    assert sta.get(f"/Things({number})/name") == {"name": "n"}
    assert sta.get(f"/Things({number})")["properties"] == {}
    assert sta.ask("PUT", f"/Things({number})", {"name": "n"}).status == 400
    path = f"/Datastreams({made['Datastreams']['@iot.id']})/Observations"
    one = sta.post(path, {"result": 1, "phenomenonTime": "2026-03-01T00:00:00Z"})
    here = one["@iot.selfLink"]
    moved = {"phenomenonTime": "2026-02-20T00:00:00Z", "result": 5, "parameters": {"a": 1}}
    assert sta.ask("PATCH", here, moved).status == 200
    found = sta.get(here)
    assert (found["result"], found["parameters"]) == (5, {"a": 1})
    assert found["phenomenonTime"] == "2026-02-20T00:00:00.000Z"
    assert found["@iot.id"] == one["@iot.id"]
    assert len(sta.values(path)) == 1
    assert sta.ask("PUT", here, {"result": 6}).status == 200
    assert "parameters" not in sta.get(here)
    assert sta.ask("DELETE", here).status == 200
    assert sta.ask("GET", here).status == 404


@pytest.mark.parametrize("name", ["Things", "Sensors", "ObservedProperties", "Datastreams"])
def test_delete_takes_what_cannot_be_without_it(sta: Sta, name: str) -> None:
    made = alone(sta)
    stream_ = made["Datastreams"]["@iot.id"]
    sta.post(f"/Datastreams({stream_})/Observations", {"result": 1})
    assert sta.ask("DELETE", made[name]["@iot.selfLink"]).status == 200
    assert sta.ask("GET", made[name]["@iot.selfLink"]).status == 404
    assert sta.ask("DELETE", made[name]["@iot.selfLink"]).status == 404
    assert sta.values("/Datastreams") == [] == sta.values("/Observations")


def test_delete_location_and_feature(sta: Sta, station: Any) -> None:
    (here,) = sta.values(f"/Things({station['@iot.id']})/Locations")
    assert sta.ask("DELETE", here["@iot.selfLink"]).status == 200
    assert sta.values(f"/Things({station['@iot.id']})/Locations") == []
    assert sta.values("/HistoricalLocations") == []


def test_create_observations_data_array(sta: Sta, station: Any) -> None:
    number = sta.values("/Datastreams")[0]["@iot.id"]
    body = [
        {
            "Datastream": {"@iot.id": number},
            "components": ["phenomenonTime", "result"],
            "dataArray@iot.count": 3,
            "dataArray": [
                ["2026-03-01T05:00:00Z", 20],
                ["2026-03-01T06:00:00Z", "warm"],
                ["2026-03-01T07:00:00Z", 22],
            ],
        },
        {
            "Datastream": {"@iot.id": 99999},
            "components": ["result"],
            "dataArray": [[1]],
        },
    ]
    answer = sta.ask("POST", "/CreateObservations", body)
    assert answer.status == 201
    first, bad, third, unknown = answer.body
    assert (sta.get(first)["result"], sta.get(third)["result"]) == (20, 22)
    assert bad.startswith("error")
    assert unknown.startswith("error")
    assert first.startswith(f"{ROOT}/Observations(")


NO_THING = stream()
WRONG: list[tuple[str, Any]] = [
    *(("/Things", body) for body in ([], "x", 1, None, {}, {"name": "x"}, thing(""))),
    *(("/Things", {**thing(), **more}) for more in ({"colour": 1}, {"properties": []})),
    ("/Things", thing(Locations={})),
    ("/Things", thing(Locations=[{"@iot.id": "x"}])),
    ("/Things", thing(Locations=[place(location={"type": "Point", "coordinates": [999, 1]})])),
    ("/Things", thing(Locations=[place(location={"type": "Point"})])),
    ("/Things", thing(Datastreams=[{"name": "x"}])),
    ("/Locations", place(encodingType="application/vnd.sqlite")),
    ("/Datastreams", NO_THING),
    ("/Datastreams", {**NO_THING, "unitOfMeasurement": {}}),
    ("/Observations", {"result": 1}),
    ("/HistoricalLocations", {"time": "2020-01-01T00:00:00Z"}),
    ("/CreateObservations", {}),
    ("/CreateObservations", [{"Datastream": {"@iot.id": 1}, "components": ["x"]}]),
]


@pytest.mark.parametrize(("path", "body"), WRONG)
def test_wrong_bodies_are_400(sta: Sta, path: str, body: Any) -> None:
    answer = sta.ask("POST", path, body)
    assert answer.status == 400, answer
    assert answer.kind == "application/problem+json"


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{", b"\xff\xfe", b'{"name":"a\\u0000","description":"x"}'),
        *(b'{"name":NaN}', b"[" * 5000, b'{"name":"x","description":"\xed\xa0\x80"}'),
        b'{"name":1e999,"description":"d"}',
    ],
)
def test_broken_json_is_400(sta: Sta, raw: bytes) -> None:
    assert sta.ask("POST", "/Things", raw=raw).status == 400


@pytest.mark.parametrize(
    "said",
    [
        *({"result": None}, {"result": {}}, {"result": "x"}, {"result": True}, {}),
        *({"result": 1, "phenomenonTime": "yesterday"}, {"result": 1, "phenomenonTime": 5}),
        {"result": 1, "phenomenonTime": "2026-03-01T01:00:00Z/2026-03-01T00:00:00Z"},
        {"result": 1, "phenomenonTime": "2030-01-01T00:00:00Z"},
        {"result": 1, "phenomenonTime": "1999-01-01T00:00:00Z"},
        {"result": 1, "phenomenonTime": "0001-01-01T00:00:00+14:00"},
        {"result": 1, "parameters": [1]},
        {"result": 1, "FeatureOfInterest": 5},
    ],
)
def test_wrong_observations_are_400(sta: Sta, station: Any, said: Any) -> None:
    number = sta.values("/Datastreams")[0]["@iot.id"]
    answer = sta.ask("POST", f"/Datastreams({number})/Observations", said)
    assert answer.status == 400, answer
    assert len(sta.values(f"/Datastreams({number})/Observations")) == 4


def test_links_to_what_is_not_there(sta: Sta) -> None:
    made = alone(sta)
    for name in ("Thing", "Sensor", "ObservedProperty"):
        body = stream(Thing={"@iot.id": made["Things"]["@iot.id"]}) | {name: {"@iot.id": 987_654}}
        assert sta.ask("POST", "/Datastreams", body).status in (400, 404)
    here = f"/Datastreams({made['Datastreams']['@iot.id']})/Observations"
    body = {"result": 1, "FeatureOfInterest": {"@iot.id": 987_654}}
    assert sta.ask("POST", here, body).status in (400, 404)


def test_who_has_no_post_over_things_may_not_make_them(sta: Sta, station: Any) -> None:
    for who in ("acceptor", "handler", "auditor", "evaluator"):
        assert sta.ask("POST", "/Things", thing(), who=who).status == 403
    path = f"/Things({station['@iot.id']})"
    assert sta.ask("PATCH", path, {"name": "x"}, who="acceptor").status == 403
    assert sta.ask("DELETE", path, who="acceptor").status == 403


def test_the_register_s_things_are_read_and_not_deleted(sta: Sta) -> None:
    with as_owner():
        item = verbs.NewThing(code="g1", kind="gauge", lon=SPOT[0], lat=SPOT[1])
        assert not verbs.register_things(SYSTEM, now=NOW, items=(item,))["rejects"]
    (one,) = sta.values("/Things", **{"$expand": "Datastreams($expand=Sensor),Locations"})
    assert one["properties"]["code"] == "g1"
    assert one["Locations"][0]["location"]["coordinates"] == list(SPOT)
    level = next(d for d in one["Datastreams"] if d["properties"]["code"] == "level")
    assert level["Sensor"]["name"] == "gauge"
    assert level["unitOfMeasurement"]["symbol"] == "m"
    for href in (one["@iot.selfLink"], level["@iot.selfLink"], level["Sensor"]["@iot.selfLink"]):
        assert sta.ask("DELETE", href).status == 409
    made = sta.post(f"/Datastreams({level['@iot.id']})/Observations", {"result": 1.25})
    assert made["result"] == 1.25


def test_methods(sta: Sta, station: Any) -> None:
    assert sta.ask("POST", f"/Things({station['@iot.id']})", thing()).status == 405
    assert sta.ask("DELETE", "/Things").status == 405
    assert sta.ask("GET", "/CreateObservations").status == 405
    assert sta.ask("PATCH", "/Things", {}).status == 405


def test_a_key_makes_a_post_once(sta: Sta) -> None:
    client = sta.desk.client("leader")
    headers = {"X-CSRFToken": "c" * 32, "Idempotency-Key": "k1"}
    said = [
        client.post("/sta/v1.1/Things", thing(), content_type="application/json", headers=headers)
        for _ in range(2)
    ]
    assert [one.status_code for one in said] == [201, 201]
    assert len({one["Location"] for one in said}) == 1
