"""18-088 §9.2 and §9.3, resource paths and request data: by requirement."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.app.sensorthings.conftest import ROOT, Sta, stream, thing

SETS = (
    *("Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors"),
    *("ObservedProperties", "Observations", "FeaturesOfInterest"),
)


def test_resource_path_service_root(sta: Sta) -> None:
    body = sta.get("")
    assert body["value"] == [{"name": name, "url": f"{ROOT}/{name}"} for name in SETS]
    said = body["serverSettings"]["conformance"]
    assert "http://www.opengis.net/spec/iot_sensing/1.1/datamodel" in said
    assert sta.get("/") == body


def test_anonymous_is_401(sta: Sta) -> None:
    for path in ("", "/", "/Things", "/Things(1)", "/nowhere"):
        assert sta.ask("GET", path, who=None).status == 401
    assert sta.ask("POST", "/Things", thing(), who=None).status == 401


@pytest.mark.parametrize("name", SETS)
def test_resource_path_to_entities(sta: Sta, station: Any, name: str) -> None:
    found = sta.values(f"/{name}")
    assert found
    for one in found:
        assert one["@iot.selfLink"].startswith(f"{ROOT}/{name}(")
        again = sta.get(one["@iot.selfLink"])
        assert again == one
        for key, href in one.items():
            if key.endswith("@iot.navigationLink"):
                assert sta.ask("GET", href).status == 200
        for key in one:
            if "@" not in key and one[key] is not None:
                inner = sta.get(f"{one['@iot.selfLink']}/{key}")
                assert inner == {key: one[key]}
                assert sta.ask("GET", f"{one['@iot.selfLink']}/{key}/$value").status == 200
    refs = sta.values(f"/{name}/$ref")
    assert [set(one) for one in refs] == [{"@iot.selfLink"}] * len(refs)
    assert [one["@iot.selfLink"] for one in refs] == [one["@iot.selfLink"] for one in found]


def test_resource_path_nested(sta: Sta, station: Any) -> None:
    number = station["@iot.id"]
    (one,) = sta.values(f"/Things({number})/Datastreams")
    path = f"/Things({number})/Datastreams({one['@iot.id']})/Observations"
    found = sta.values(path)
    assert sorted(o["result"] for o in found) == [0, 1, 10, 11]
    back = f"/Observations('{found[0]['@iot.id']}')/Datastream/Thing/name"
    assert sta.get(back) == {"name": "gauge"}
    assert sta.ask("GET", f"{back}/$value").body == b"gauge"
    feature = sta.get(f"/Observations('{found[0]['@iot.id']}')/FeatureOfInterest")
    assert feature["feature"] == {"type": "Point", "coordinates": [121.005, 31.005]}
    assert len(sta.values(f"/FeaturesOfInterest({feature['@iot.id']})/Observations")) == 4
    (place,) = sta.values(f"/Things({number})/Locations")
    assert [t["name"] for t in sta.values(f"/Locations({place['@iot.id']})/Things")] == ["gauge"]
    (past,) = sta.values(f"/Things({number})/HistoricalLocations")
    assert sta.get(f"/HistoricalLocations({past['@iot.id']})/Thing")["@iot.id"] == number
    assert sta.get(f"/Things({number})/properties/depth") == {"depth": 4}


@pytest.mark.parametrize(
    "path",
    [
        *("/Nothing", "/Things(99999)", "/Things(99999)/Datastreams", "/Things('x')"),
        *("/Things(1)(2)", "/Things(99999999999999999999)", "/Observations('1_2')", "/$metadata"),
        *("/Observations('x')", "/Things(1;DROP)", "/Things/name", "/Things(1)/nothing"),
        "/Observations('1_99999999999999999')",
    ],
)
def test_unknown_is_404(sta: Sta, path: str) -> None:
    answer = sta.ask("GET", path)
    assert answer.status == 404, answer
    assert answer.kind == "application/problem+json"


def test_expand_nested_with_options(sta: Sta, station: Any) -> None:
    (one,) = sta.values(
        "/Things",
        **{
            "$expand": "Datastreams($expand=Observations($filter=result ge 1;$orderby=result desc;"
            "$top=2;$count=true;$select=result),Sensor($select=name);$select=name),"
            "Locations/HistoricalLocations",
            "$select": "name,id",
        },
    )
    assert one["@iot.id"] == station["@iot.id"]
    (held,) = one["Datastreams"]
    assert held["Observations"] == [{"result": 11}, {"result": 10}]
    assert held["Observations@iot.count"] == 3
    more = sta.get(held["Observations@iot.nextLink"])
    assert more["value"] == [{"result": 1}]
    assert held["Sensor"] == {"name": "thermometer"}
    assert len(one["Locations"][0]["HistoricalLocations"]) == 1


def test_pages_are_stable_and_whole(sta: Sta) -> None:
    for n in range(7):
        sta.post("/Things", thing(f"t{n}"))
    for query in ({"$top": "3"}, {"$top": "3", "$orderby": "name desc"}):
        seen: list[str] = []
        body = sta.get("/Things", **query, **{"$count": "true"})
        while True:
            assert body["@iot.count"] == 7
            seen += [one["name"] for one in body["value"]]
            if "@iot.nextLink" not in body:
                break
            body = sta.get(body["@iot.nextLink"])
        assert sorted(seen) == [f"t{n}" for n in range(7)]
    assert seen == [f"t{n}" for n in range(6, -1, -1)]
    assert [t["name"] for t in sta.values("/Things", **{"$skip": "5"})] == ["t5", "t6"]
    assert sta.get("/Things", **{"$top": "0", "$count": "true"})["value"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"$top": "-1"},
        {"$top": "x"},
        {"$skip": "1.5"},
        {"$count": "yes"},
        {"$select": "nothing"},
        {"$expand": "Nothing"},
        {"$expand": "Datastreams($top=x)"},
        {"$expand": "Datastreams("},
        {"$orderby": "nothing"},
        {"$orderby": "Datastreams"},
        {"$unknown": "1"},
        {"name": "x"},
        {"$filter": ""},
        {"$skiptoken": "x"},
        {"$skiptoken": "WyJ4Il0"},
        {"$resultFormat": "dataArray"},
        {"aggregate": "mean"},
    ],
)
def test_wrong_options_are_400(sta: Sta, query: dict[str, str]) -> None:
    answer = sta.ask("GET", "/Things", **query)
    assert answer.status == 400, (query, answer)
    assert answer["detail"]


def test_data_array(sta: Sta, station: Any) -> None:
    number = sta.values("/Datastreams")[0]["@iot.id"]
    body = sta.get("/Observations", **{"$resultFormat": "dataArray", "$select": "result,id"})
    (part,) = body["value"]
    assert part["components"] == ["result", "id"]
    assert part["Datastream@iot.navigationLink"] == f"{ROOT}/Datastreams({number})"
    assert part["dataArray@iot.count"] == 4
    assert sorted(row[0] for row in part["dataArray"]) == [0, 1, 10, 11]


def test_aggregates_by_window(sta: Sta, station: Any) -> None:
    number = sta.values("/Datastreams")[0]["@iot.id"]
    path = f"/Datastreams({number})/Observations"
    (whole,) = sta.values(path, aggregate="count,min,max,mean,sum,p50,first,last")
    assert whole["result"] == {
        "count": 4,
        "min": 0.0,
        "max": 11.0,
        "mean": 5.5,
        "sum": 22.0,
        "p50": 5.5,
        "first": 0.0,
        "last": 11.0,
    }
    days = sta.values(path, aggregate="mean", window="P1D")
    assert [(d["phenomenonTime"], d["result"]["mean"]) for d in days] == [
        ("2026-03-01T00:00:00.000Z/2026-03-02T00:00:00.000Z", 0.5),
        ("2026-03-02T00:00:00.000Z/2026-03-03T00:00:00.000Z", 10.5),
    ]
    here = sta.values(path, aggregate="mean", window="P1D", timezone="Asia/Shanghai")
    assert [d["result"]["mean"] for d in here] == [5.5]
    bounded = sta.values(path, aggregate="count", **{"$filter": "result gt 0"})
    assert bounded[0]["result"]["count"] == 3
    for wrong in (
        {"aggregate": "median()"},
        {"aggregate": "mean", "window": "P1M"},
        {"aggregate": "mean", "window": "PT1H", "timezone": "No/Where' OR 1"},
    ):
        assert sta.ask("GET", path, **wrong).status == 400


def test_out_of_scope_is_404_and_in_no_list(sta: Sta, station: Any) -> None:
    number = station["@iot.id"]
    sets = {name: sta.values(f"/{name}") for name in SETS}
    for name, rows in sets.items():
        if name == "ObservedProperties":
            continue  # what is measured is no secret
        seen = [one["@iot.id"] for one in sta.get(f"/{name}", who="stranger")["value"]]
        for one in rows:
            if name == "Sensors" and one["name"] == "gauge":
                continue  # a kind that a pack declares
            assert one["@iot.id"] not in seen, name
            assert sta.ask("GET", one["@iot.selfLink"], who="stranger").status == 404
    for method in ("PATCH", "DELETE"):
        path = f"/Things({number})"
        assert sta.ask(method, path, {"name": "x"}, who="stranger").status == 404
    assert sta.ask("POST", f"/Things({number})/Datastreams", stream(), who="stranger").status == 404


def test_no_query_more_for_more_rows(sta: Sta) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            sta.get(
                "/Things",
                **{
                    "$expand": "Datastreams($expand=Observations,Sensor),Locations",
                    "$count": "true",
                },
            )
        return len(queries)

    sta.post("/Things", thing(Datastreams=[stream(), stream("two")]))
    few = asked()
    for n in range(5):
        sta.post("/Things", thing(f"t{n}", Datastreams=[stream(), stream("two")]))
    assert asked() == few
