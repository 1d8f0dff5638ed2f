"""CIM 009 §5.6 and §5.7: entities and attributes made, changed, shown and deleted."""

from typing import Any

import pytest

from tests.app.ngsild.conftest import LD, POINT, Broker, vehicle

ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"
V1 = "urn:ngsi-ld:Vehicle:1"
FAR = {"type": "Point", "coordinates": [999, 0]}
PATHS = (
    *("/entities?type=Vehicle", f"/entities/{V1}", "/types", "/attributes", "/subscriptions"),
    *(
        "/jsonldContexts",
        "/temporal/entities?type=Vehicle&timerel=before&timeAt=2026-01-01T00:00:00Z",
    ),
)


def test_anonymous_is_401(broker: Broker) -> None:
    for path in PATHS:
        assert broker.ask("GET", path, who=None).status == 401
    for path in ("/entities", "/entityOperations/create", "/subscriptions", "/temporal/entities"):
        assert broker.ask("POST", path, vehicle(), who=None).status == 401


def test_out_of_scope_is_404_and_in_no_list(broker: Broker) -> None:
    broker.post("/entities", vehicle())
    assert broker.ask("GET", f"/entities/{V1}", who="stranger").status == 404
    assert broker.get("/entities", who="stranger", type="Vehicle") == []
    assert broker.get("/types", who="stranger")["typeList"] == []
    held = f"/temporal/entities/{V1}"
    assert broker.ask("GET", held, who="stranger").status == 404
    for method, path in (
        ("DELETE", f"/entities/{V1}"),
        ("DELETE", held),
        ("DELETE", f"/entities/{V1}/attrs/speed"),
    ):
        assert broker.ask(method, path, who="stranger").status == 404
    patch = {"speed": {"type": "Property", "value": 1}}
    assert broker.ask("PATCH", f"/entities/{V1}/attrs", patch, who="stranger").status == 404


def test_an_entity_comes_back_as_it_was_said(broker: Broker) -> None:
    made = broker.post("/entities", vehicle())
    assert made.headers["Location"] == f"/ngsi-ld/v1/entities/{V1}"
    answer = broker.ask("GET", f"/entities/{V1}")
    assert answer.body == vehicle()
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["Link"]
    held = broker.ask("GET", f"/entities/{V1}", headers={"Accept": LD})
    assert held.headers["Content-Type"] == LD
    assert str(held.body["@context"]).startswith("https://uri.etsi.org/ngsi-ld/v1/")
    seen = broker.get(f"/entities/{V1}", options="sysAttrs")
    assert seen["createdAt"] == seen["speed"]["createdAt"]


def test_forms_of_an_answer(broker: Broker) -> None:
    title = {"type": "LanguageProperty", "languageMap": {"zh": "车", "en": "car"}}
    json = {"type": "JsonProperty", "json": {"a": None}}
    kind = {"type": "VocabProperty", "vocab": "Lorry"}
    broker.post("/entities", vehicle(title=title, raw=json, category=kind))
    plain = broker.get(f"/entities/{V1}", options="keyValues")
    assert plain["speed"] == 51
    assert plain["location"] == POINT
    assert plain["title"] == {"languageMap": {"zh": "车", "en": "car"}}
    assert plain["raw"] == {"json": {"a": None}}
    assert plain["category"] == {"vocab": "Lorry"}
    concise = broker.get(f"/entities/{V1}", options="concise")
    assert concise["speed"] == {"value": 51, "unitCode": "KMH"}
    assert concise["isParked"]["object"].endswith("Downtown1")
    spoken = broker.get(f"/entities/{V1}", lang="en-GB,zh;q=0.5")
    assert spoken["title"] == {"type": "Property", "value": "car", "lang": "en"}
    geo = broker.ask("GET", f"/entities/{V1}", headers={"Accept": "application/geo+json"}).body
    assert (geo["type"], geo["geometry"], geo["id"]) == ("Feature", POINT, V1)
    some = broker.get(f"/entities/{V1}", attrs="speed,none")
    assert some.keys() == {"id", "type", "speed"}
    assert broker.ask("GET", f"/entities/{V1}?attrs=none").status == 404
    assert broker.ask("GET", f"/entities/{V1}", headers={"Accept": "text/html"}).status == 406


def test_concise_bodies_are_taken(broker: Broker) -> None:
    body = {
        "id": V1,
        "type": "Vehicle",
        "speed": 3,
        "name": {"value": "x", "unitCode": "1"},
        "owner": {"object": "urn:x:1"},
        "location": POINT,
        "words": {"languageMap": {"en": "y"}},
    }
    broker.post("/entities", body)
    seen = broker.get(f"/entities/{V1}")
    assert seen["speed"] == {"type": "Property", "value": 3}
    assert seen["location"] == {"type": "GeoProperty", "value": POINT}
    assert seen["owner"]["type"] == "Relationship"
    assert seen["words"]["type"] == "LanguageProperty"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": None}, "id"),
        ({"id": "no uri"}, "id"),
        ({"type": None}, "type"),
        ({"type": ""}, "type"),
        ({"speed": {"type": "Property"}}, "speed"),
        ({"speed": {"type": "Property", "value": None}}, "speed.value"),
        ({"speed": {"type": "Speed", "value": 1}}, "speed"),
        ({"isParked": {"type": "Relationship", "object": "no uri"}}, "isParked.object"),
        ({"isParked": {"type": "Relationship", "value": "x:y"}}, "isParked"),
        ({"location": {"type": "GeoProperty", "value": {"type": "Point"}}}, "location.value"),
        ({"location": {"type": "GeoProperty", "value": FAR}},
         "location.value"),
        ({"speed": {"type": "Property", "value": 1, "observedAt": "yesterday"}}, "observedAt"),
        ({"speed": {"type": "Property", "value": 1, "datasetId": "x y"}}, "datasetId"),
        ({"sp<eed": {"type": "Property", "value": 1}}, "sp<eed"),
        ({"speed": [{"type": "Property", "value": n} for n in (1, 2)]}, "datasetId"),
        ({"@context": "https://example.org/c.jsonld"}, "@context"),
    ],
)  # fmt: skip
def test_bad_data_names_the_field(broker: Broker, change: dict[str, Any], said: str) -> None:
    body = {name: value for name, value in {**vehicle(), **change}.items() if value is not None}
    answer = broker.ask("POST", "/entities", body)
    assert answer.status == 400, answer
    assert answer["type"] == f"{ERRORS}BadRequestData"
    assert said in answer["detail"]
    assert answer["title"]
    assert broker.ask("GET", f"/entities/{V1}").status == 404


def test_bad_requests(broker: Broker) -> None:
    broker.post("/entities", vehicle())
    again = broker.ask("POST", "/entities", vehicle())
    assert (again.status, again["type"]) == (409, f"{ERRORS}AlreadyExists")
    bad = broker.ask("POST", "/entities", raw=b"{")
    assert (bad.status, bad["type"]) == (400, f"{ERRORS}InvalidRequest")
    assert broker.ask("POST", "/entities", raw=b"[]").status == 400
    assert broker.ask("POST", "/entities", raw=b'{"id": "a\\u0000"}').status == 400
    assert broker.ask("POST", "/entities", raw=b"x" * 60_000_000).status == 413
    text = broker.ask("POST", "/entities", vehicle(2), kind="text/plain")
    assert (text.status, text["type"]) == (400, f"{ERRORS}InvalidRequest")
    gone = broker.ask("GET", "/entities/urn:x:none")
    assert (gone.status, gone["type"]) == (404, f"{ERRORS}ResourceNotFound")
    assert broker.ask("GET", "/entities/nourn").status == 400
    assert broker.ask("PUT", "/entities", vehicle()).status == 405
    assert broker.ask("GET", "/entities?type=Vehicle&options=bogus").status == 400
    other = broker.ask("GET", f"/entities/{V1}", headers={"NGSILD-Tenant": "x"})
    assert other.status >= 400
    assert broker.ask("POST", "/entities", vehicle(2), who="collector").status == 403


def test_attributes_are_appended_and_overwritten(broker: Broker) -> None:
    broker.post("/entities", vehicle())
    path = f"/entities/{V1}/attrs"
    said = {"speed": {"type": "Property", "value": 9}, "wheels": {"type": "Property", "value": 4}}
    broker.post(path, said, 204)
    seen = broker.get(f"/entities/{V1}")
    assert (seen["speed"], seen["wheels"]["value"]) == ({"type": "Property", "value": 9}, 4)
    more = {"speed": {"type": "Property", "value": 1}, "doors": {"type": "Property", "value": 2}}
    done = broker.post(f"{path}?options=noOverwrite", more, 207)
    assert done["updated"] == ["doors"]
    assert [one["attributeName"] for one in done["notUpdated"]] == ["speed"]
    assert broker.get(f"/entities/{V1}")["speed"]["value"] == 9


def test_only_what_is_there_is_updated(broker: Broker) -> None:
    broker.post("/entities", vehicle())
    path = f"/entities/{V1}/attrs"
    said = {"speed": {"type": "Property", "value": 9}, "none": {"type": "Property", "value": 4}}
    done = broker.ask("PATCH", path, said)
    assert (done.status, done["updated"]) == (207, ["speed"])
    assert done["notUpdated"][0]["attributeName"] == "none"
    assert broker.ask("PATCH", path, {"speed": {"type": "Property", "value": 8}}).status == 204
    null = {"brand": {"type": "Property", "value": "urn:ngsi-ld:null"}}
    assert broker.ask("PATCH", path, null).status == 204
    seen = broker.get(f"/entities/{V1}")
    assert (seen["speed"]["value"], "brand" in seen) == (8, False)
    assert broker.ask("PATCH", "/entities/urn:x:none/attrs", said).status == 404


def test_part_of_an_attribute(broker: Broker) -> None:
    broker.post("/entities", vehicle())
    path = f"/entities/{V1}/attrs/speed"
    assert broker.ask("PATCH", path, {"value": 7}).status == 204
    seen = broker.get(f"/entities/{V1}")["speed"]
    assert seen == {"type": "Property", "value": 7, "unitCode": "KMH"}
    assert broker.ask("PATCH", path, {"type": "Relationship", "object": "a:b"}).status == 400
    assert broker.ask("PATCH", f"{path}x", {"value": 7}).status == 404
    assert broker.ask("PATCH", path, {"value": 7, "datasetId": "urn:x:y"}).status == 404
    assert broker.ask("PUT", path, {"type": "Property", "value": 5}).status == 204
    assert broker.get(f"/entities/{V1}")["speed"] == {"type": "Property", "value": 5}
    assert broker.ask("DELETE", path).status == 204
    assert broker.ask("DELETE", path).status == 404
    assert "speed" not in broker.get(f"/entities/{V1}")


def test_instances_by_data_set(broker: Broker) -> None:
    many = [
        {"type": "Property", "value": 1},
        {"type": "Property", "value": 2, "datasetId": "urn:d:2"},
        {"type": "Property", "value": 3, "datasetId": "urn:d:3"},
    ]
    broker.post("/entities", vehicle(speed=many))
    assert broker.get(f"/entities/{V1}")["speed"] == many
    plain = broker.get(f"/entities/{V1}", options="keyValues")["speed"]
    assert plain == {"dataset": {"@none": 1, "urn:d:2": 2, "urn:d:3": 3}}
    path = f"/entities/{V1}/attrs/speed"
    assert broker.ask("PATCH", path, {"value": 9, "datasetId": "urn:d:2"}).status == 204
    assert broker.ask("DELETE", f"{path}?datasetId=urn:d:3").status == 204
    seen = broker.get(f"/entities/{V1}")["speed"]
    assert sorted(one["value"] for one in seen) == [1, 9]
    assert broker.ask("DELETE", f"{path}?deleteAll=true").status == 204
    assert "speed" not in broker.get(f"/entities/{V1}")


def test_merged_and_replaced(broker: Broker) -> None:
    broker.post("/entities", vehicle(extra={"type": "Property", "value": {"a": 1, "b": 2}}))
    patch = {
        "speed": {"type": "Property", "value": 9},
        "extra": {"type": "Property", "value": {"b": "urn:ngsi-ld:null", "c": 3}},
        "brand": {"type": "Property", "value": "urn:ngsi-ld:null"},
        "new": {"type": "Property", "value": 1},
    }
    assert broker.ask("PATCH", f"/entities/{V1}", patch).status == 204
    seen = broker.get(f"/entities/{V1}")
    assert seen["speed"] == {"type": "Property", "value": 9, "unitCode": "KMH"}
    assert seen["extra"]["value"] == {"a": 1, "c": 3}
    assert ("brand" in seen, seen["new"]["value"]) == (False, 1)
    fresh = {"id": V1, "type": "Car", "doors": {"type": "Property", "value": 3}}
    assert broker.ask("PUT", f"/entities/{V1}", fresh).status == 204
    assert broker.get(f"/entities/{V1}") == fresh
    assert broker.ask("PUT", "/entities/urn:x:none", {**fresh, "id": "urn:x:none"}).status == 404
    assert broker.ask("DELETE", f"/entities/{V1}").status == 204
    assert broker.ask("DELETE", f"/entities/{V1}").status == 404
    broker.post("/entities", vehicle())


def test_a_key_makes_it_once(broker: Broker) -> None:
    headers = {"Idempotency-Key": "one"}
    broker.post("/entities", vehicle(), headers=headers)
    broker.post("/entities", vehicle(), headers=headers)
    batch = [vehicle(2), vehicle(3)]
    for _ in range(2):
        broker.post("/entityOperations/create", batch, headers={"Idempotency-Key": "two"})


def test_own_contexts(broker: Broker) -> None:
    own = {
        "ex": "https://example.org/",
        "speed": "ex:velocity",
        "Vehicle": {"@id": "https://example.org/Vehicle"},
        "location": "https://example.org/elsewhere",
    }
    body = {
        **vehicle(),
        "@context": [own, "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"],
    }
    broker.post("/entities", body, kind=LD)
    bare = broker.get(f"/entities/{V1}")
    assert bare["type"] == "https://example.org/Vehicle"
    assert bare["https://example.org/velocity"]["value"] == 51
    assert "location" in bare  # The core's names are nobody's to bend.
    body = {"@context": own}
    assert broker.ask("POST", "/jsonldContexts", body, who="collector").status == 403
    hosted = broker.post("/jsonldContexts", {"@context": own}).headers["Location"]
    link = f'<http://testserver{hosted}>; rel="http://www.w3.org/ns/json-ld#context"; type="{LD}"'
    seen = broker.ask("GET", f"/entities/{V1}", headers={"Link": link})
    assert seen.body == vehicle()
    assert hosted in seen.headers["Link"]
    found = broker.ask("GET", "/entities?type=Vehicle&q=speed>50", headers={"Link": link})
    assert [one["id"] for one in found.body] == [V1]
    assert broker.ids(type="Vehicle") == []
    assert broker.ids(type="https://example.org/Vehicle") == [V1]
    assert broker.get(hosted)["@context"] == own
    assert [one["kind"] for one in broker.get("/jsonldContexts", details="true")] == ["Hosted"]
    assert broker.ask("DELETE", hosted).status == 204
    assert broker.ask("GET", hosted).status == 404
    lost = broker.ask("GET", f"/entities/{V1}", headers={"Link": link})
    assert (lost.status, lost["type"]) == (503, f"{ERRORS}LdContextNotAvailable")


@pytest.mark.parametrize(
    "said",
    [
        3, [[["x"]] * 9], {"a": 3}, {"a": {"@id": 3}}, "no address", "https://not-listed.example/c",
        {"@vocab": "https://x.example/", "a": "b", "b": "a"},
    ],
)  # fmt: skip
def test_bad_contexts_are_refused(broker: Broker, said: Any) -> None:
    answer = broker.ask("POST", "/entities", {**vehicle(), "@context": said}, kind=LD)
    assert answer.status in (201, 400, 503), answer
    if said == "https://not-listed.example/c":
        assert answer.status == 503
        assert "list of hosts" in answer["detail"]
