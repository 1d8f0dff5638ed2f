"""CIM 009 §4.9, §4.10, §5.7.2: which entities a query means."""

import pytest

from tests.app.ngsild.conftest import Broker, vehicle
from tests.app.world import SPOT


def _id(n: int) -> str:
    return f"urn:ngsi-ld:Vehicle:{n}"


@pytest.fixture
def fleet(broker: Broker) -> Broker:
    """Five vehicles, 100 m apart going north, with speeds 51 to 55."""
    for n in range(1, 6):
        place = {"type": "Point", "coordinates": [SPOT[0], SPOT[1] + n * 0.0009]}
        more = {
            "location": {"type": "GeoProperty", "value": place},
            "state": {"type": "Property", "value": ["moving", "idle"][n % 2]},
            "made": {"type": "Property", "value": f"202{n}-01-01T00:00:00Z"},
            "box": {"type": "Property", "value": {"deep": {"n": n}}},
            "ok": {"type": "Property", "value": n > 3},
        }
        if n == 5:
            more["spare"] = {
                "type": "Property",
                "value": "x",
                "by": {"type": "Property", "value": 7},
            }
        broker.post("/entities", vehicle(n, **more))
    return broker


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("speed==51", [1]),
        ("speed!=51", [2, 3, 4, 5]),
        ("speed>53", [4, 5]),
        ("speed>=53", [3, 4, 5]),
        ("speed<52", [1]),
        ("speed<=52.0", [1, 2]),
        ("speed==52..54", [2, 3, 4]),
        ("speed==51,55", [1, 5]),
        ("speed!=51,55", [2, 3, 4]),
        ('state=="idle"', [1, 3, 5]),
        ('state=="idle";speed>52', [3, 5]),
        ('speed==51|speed==52;state=="moving"', [1, 2]),
        ('(speed==51|speed==52);state=="moving"', [2]),
        ("spare", [5]),
        ("!spare", [1, 2, 3, 4]),
        ("spare.by==7", [5]),
        ("box[deep.n]==3", [3]),
        ("ok==true", [4, 5]),
        ("made>2023-06-01T00:00:00Z", [4, 5]),
        ("brand~=^Merc", [1, 2, 3, 4, 5]),
        ("brand!~=^Merc", []),
        ('brand=="mercedes"', []),
        ("isParked==urn:ngsi-ld:OffStreetParking:Downtown1;speed==51", [1]),
        ("isParked.providedBy==urn:ngsi-ld:Person:Bob;speed==52", [2]),
        ("isParked.observedAt>2026-01-01T00:00:00Z;speed==53", [3]),
        ("location", [1, 2, 3, 4, 5]),
        ("none>3", []),
        ('speed>"a"', []),
    ],
)
def test_conditions(fleet: Broker, q: str, found: list[int]) -> None:
    assert fleet.ids(type="Vehicle", q=q) == [_id(n) for n in found]


@pytest.mark.parametrize(
    "q",
    [
        *(
            "speed==",
            "==3",
            "speed==1;",
            "(speed==1",
            "speed>1..2",
            "speed>1,2",
            "a=b",
            "a[",
            "a[b",
        ),
        *(
            "brand~=(a+)+b",
            "brand~=(",
            "speed==1)",
            ";" * 600,
            "(" * 40 + "a" + ")" * 40,
            "'; DROP",
        ),
        "a" * 10_001,
    ],
)
def test_bad_conditions_are_refused(broker: Broker, q: str) -> None:
    answer = broker.ask("GET", "/entities", type="Vehicle", q=q)
    assert answer.status == 400, answer


def test_types_ids_patterns(fleet: Broker) -> None:
    fleet.post("/entities", {**vehicle(9), "type": ["Vehicle", "Taxi"]})
    assert len(fleet.ids(type="Vehicle")) == 6
    assert fleet.ids(type="Taxi") == [_id(9)]
    assert fleet.ids(type="Vehicle;Taxi") == [_id(9)]
    assert len(fleet.ids(type="Taxi,Vehicle")) == 6
    assert fleet.ids(type="Vehicle", id=f"{_id(2)},{_id(3)}") == [_id(2), _id(3)]
    assert fleet.ids(type="Vehicle", idPattern="[45]$") == [_id(4), _id(5)]
    assert fleet.ids(attrs="spare") == [_id(5)]
    assert fleet.ask("GET", "/entities").status == 400
    assert fleet.ask("GET", "/entities?type=Vehicle&idPattern=(").status == 400


def test_scopes(broker: Broker) -> None:
    broker.post("/entities", vehicle(1, scope="/Shanghai/Huangpu"))
    broker.post("/entities", vehicle(2, scope=["/Shanghai", "/Fleet/A"]))
    assert broker.get(f"/entities/{_id(1)}")["scope"] == "/Shanghai/Huangpu"
    assert broker.ids(type="Vehicle", scopeQ="/Shanghai/Huangpu") == [_id(1)]
    assert broker.ids(type="Vehicle", scopeQ="/Shanghai/#") == [_id(1), _id(2)]
    assert broker.ids(type="Vehicle", scopeQ="/Shanghai/+") == [_id(1)]
    assert broker.ids(type="Vehicle", scopeQ="/Shanghai/#;/Fleet/A") == [_id(2)]


def _near(metres: int, least: bool = False) -> dict[str, str]:
    rel = f"near;{'minDistance' if least else 'maxDistance'}=={metres}"
    return {"georel": rel, "geometry": "Point", "coordinates": f"[{SPOT[0]},{SPOT[1]}]"}


def test_places(fleet: Broker) -> None:
    assert fleet.ids(type="Vehicle", **_near(250)) == [_id(1), _id(2)]
    assert fleet.ids(type="Vehicle", **_near(250, least=True)) == [_id(3), _id(4), _id(5)]
    x, y = SPOT
    ring = [
        [x - 0.01, y],
        [x + 0.01, y],
        [x + 0.01, y + 0.002],
        [x - 0.01, y + 0.002],
        [x - 0.01, y],
    ]
    box = {"geometry": "Polygon", "coordinates": str([ring])}
    assert fleet.ids(type="Vehicle", georel="within", **box) == [_id(1), _id(2)]
    assert fleet.ids(type="Vehicle", georel="disjoint", **box) == [_id(3), _id(4), _id(5)]
    assert fleet.ids(type="Vehicle", georel="equals", geometry="Point", coordinates="[0,0]") == []
    for bad in (
        {"georel": "near", "geometry": "Point", "coordinates": "[0,0]"},
        {"georel": "within"},
        {"georel": "within", "geometry": "Circle", "coordinates": "[0,0]"},
        {"georel": "within", "geometry": "Point", "coordinates": "[0,"},
        {"georel": "within", "geometry": "Point", "coordinates": "[1e999,0]"},
    ):
        assert fleet.ask("GET", "/entities", type="Vehicle", **bad).status == 400


def test_pages_and_counts(fleet: Broker) -> None:
    first = fleet.ask("GET", "/entities", type="Vehicle", limit="2", count="true")
    assert [one["id"] for one in first.body] == [_id(1), _id(2)]
    assert first.headers["NGSILD-Results-Count"] == "5"
    assert 'rel="next"' in first.headers["Link"]
    last = fleet.ask("GET", "/entities", type="Vehicle", limit="2", offset="4")
    assert [one["id"] for one in last.body] == [_id(5)]
    assert 'rel="prev"' in last.headers["Link"]
    assert 'rel="next"' not in last.headers["Link"]
    none = fleet.ask("GET", "/entities", type="Vehicle", limit="0", count="true")
    assert (none.body, none.headers["NGSILD-Results-Count"]) == ([], "5")
    for bad in ({"limit": "-1"}, {"limit": "0"}, {"limit": "9999"}, {"offset": "x"}):
        assert fleet.ask("GET", "/entities", type="Vehicle", **bad).status in (400, 403), bad


def test_a_posted_query_means_the_same(fleet: Broker) -> None:
    body = {
        "type": "Query",
        "entities": [{"type": "Vehicle", "idPattern": "[1-4]$"}, {"type": "None"}],
        "attrs": ["speed"],
        "q": "speed>51",
        "geoQ": {"georel": "near;maxDistance==350", "geometry": "Point", "coordinates": list(SPOT)},
    }
    answer = fleet.post("/entityOperations/query", body, 200)
    assert [one["id"] for one in answer.body] == [_id(2), _id(3)]
    assert answer.body[0].keys() == {"id", "type", "speed"}
    for bad in (
        {"type": "Query"},
        {"type": "X", "attrs": ["a"]},
        {"type": "Query", "entities": [{}]},
    ):
        assert fleet.ask("POST", "/entityOperations/query", bad).status == 400


def test_types_and_attributes_are_listed(fleet: Broker) -> None:
    assert "Vehicle" in fleet.get("/types")["typeList"]
    one = fleet.get("/types/Vehicle")
    assert one["entityCount"] == 5
    assert {"attributeName", "attributeTypes"} <= one["attributeDetails"][0].keys()
    rows = fleet.get("/types", details="true")
    assert next(row for row in rows if row["typeName"] == "Vehicle")["attributeNames"]
    assert "spare" in fleet.get("/attributes")["attributeList"]
    held = fleet.get("/attributes/isParked")
    assert (held["attributeCount"], held["attributeTypes"]) == (5, ["Relationship"])
    assert held["typeNames"] == ["Vehicle"]
    assert fleet.ask("GET", "/types/None").status == 404
    assert fleet.ask("GET", "/attributes/none").status == 404


def test_batches(broker: Broker) -> None:
    made = broker.post("/entityOperations/create", [vehicle(1), vehicle(2)])
    assert made.body == [_id(1), _id(2)]
    mixed = broker.post("/entityOperations/create", [vehicle(2), vehicle(3), {"id": "x"}], 207)
    assert mixed["success"] == [_id(3)]
    assert [one["entityId"] for one in mixed["errors"]] == [_id(2), "x"]
    assert mixed["errors"][0]["error"]["status"] == 409
    fresh = {"id": _id(1), "type": "Vehicle", "doors": {"type": "Property", "value": 1}}
    broker.post("/entityOperations/upsert?options=update", [fresh], 204)
    assert {"doors", "speed"} <= broker.get(f"/entities/{_id(1)}").keys()
    up = broker.post("/entityOperations/upsert", [fresh, vehicle(4)])
    assert up.body == [_id(4)]
    assert broker.get(f"/entities/{_id(1)}").keys() == {"id", "type", "doors"}
    more = {"id": _id(1), "doors": {"type": "Property", "value": 2}}
    broker.post("/entityOperations/update", [more], 204)
    lost = broker.post("/entityOperations/update", [more, {**more, "id": "urn:x:none"}], 207)
    assert lost["success"] == [_id(1)]
    broker.post("/entityOperations/merge", [more], 204)
    done = broker.post("/entityOperations/delete", [_id(1), "urn:x:none"], 207)
    assert done["success"] == [_id(1)]
    broker.post("/entityOperations/delete", [_id(2)], 204)
    for bad in ([], {}, [{}] * 1001):
        assert broker.ask("POST", "/entityOperations/create", bad).status in (400, 413)
