"""The OGC API over HTTP: documents, pages of features, rights, editing."""

from typing import Any
from uuid import UUID

import mapbox_vector_tile
import pytest
from django.db import connection

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.places import verbs
from chengyun.places.models import MapFeature
from tests.app.world import NOW, SPOT
from tests.cases.desk import CSRF, NOBODY, Answer, Desk, _answer, as_owner
from tests.cases.test_tiles import TEXT, tile_at
from tests.places.test_layers import bring

LAYER = "/collections/layers.wells"


def ask(desk: Desk, who: str | None, path: str, method: str = "GET", body: Any = None) -> Answer:
    client = desk.client(who)
    client.raise_request_exception = False
    bind(NOBODY)
    answer = client.generic(
        method,
        f"/ogc{path}",
        b"" if body is None else body,
        content_type="application/geo+json",
        headers={"X-CSRFToken": CSRF},
    )
    bind(NOBODY)
    return _answer(answer)


def got(desk: Desk, who: str | None, path: str) -> Any:
    answer = ask(desk, who, path)
    assert answer.status == 200, answer
    return answer.body


def ids(body: Any) -> list[str]:
    return [one["id"] for one in body["features"]]


@pytest.fixture
def wells(desk: Desk) -> Any:
    """A public layer of five points."""
    with as_owner():
        number = desk.world.city_no
        done = verbs.put_layer(SYSTEM, now=NOW, city_no=number, code="wells", public=True, grade=1)
        layer = UUID(str(done["id"]))
        bring(layer, {f"k{n}": (SPOT[0] + n / 1_000, SPOT[1]) for n in range(5)}, NOW)
    return layer


@pytest.mark.parametrize(
    "path", ["", "/", "/api", "/conformance", "/collections", "/tileMatrixSets"]
)
def test_everybody_reads_what_there_is(desk: Desk, path: str) -> None:
    for who in (None, "acceptor"):
        assert got(desk, who, path)
        page = ask(desk, who, f"{path}?f=html")
        assert (page.status, page.kind) == (200, "text/html; charset=utf-8")


def test_a_head_is_answered_where_a_get_is(desk: Desk, wells: Any) -> None:
    for path in ("", "/conformance", "/collections", LAYER, f"{LAYER}/items"):
        client = desk.client(None)
        bind(NOBODY)
        assert client.head(f"/ogc{path}").status_code == 200, path
    assert "queryables" in client.head(f"/ogc{LAYER}/items")["Link"]
    bind(NOBODY)


def test_links_lead_somewhere(desk: Desk, wells: Any) -> None:
    seen, todo = set(), [""]
    while todo:
        path = todo.pop()
        body = got(desk, "acceptor", path)
        for one in _links(body) if isinstance(body, dict) else []:
            href = one["href"].removeprefix("http://testserver/ogc")
            if href not in seen and "{" not in href:
                seen.add(href)
                todo.append(href)
    assert any("/queryables" in one for one in seen)
    assert any(one.startswith("/collections/cases/items") for one in seen)


def _links(body: dict[str, Any]) -> list[Any]:
    found = list(body.get("links", []))
    for part in ("collections", "tilesets", "tileMatrixSets"):
        for one in body.get(part, []):
            found += one["links"]
    return found


def test_pages_follow_each_other_and_hold_everything_once(desk: Desk, wells: Any) -> None:
    found, path = [], f"{LAYER}/items?limit=2"
    while path:
        body = got(desk, None, path)
        found += ids(body)
        assert body["numberReturned"] == len(body["features"]) <= 2
        following = [one["href"] for one in body["links"] if one["rel"] == "next"]
        path = following[0].removeprefix("http://testserver/ogc") if following else ""
    assert sorted(found) == [f"k{n}" for n in range(5)]


def test_boxes_properties_and_filters(desk: Desk, wells: Any) -> None:
    west, south = SPOT[0] + 0.0005, SPOT[1] - 0.01
    box = f"bbox={west},{south},{west + 0.002},{south + 0.02}"
    assert sorted(ids(got(desk, None, f"{LAYER}/items?{box}"))) == ["k1", "k2"]
    swapped = f"bbox={south},{west},{south + 0.02},{west + 0.002}"
    crs = "http://www.opengis.net/def/crs/EPSG/0/4326"
    answer = ask(desk, None, f"{LAYER}/items?{swapped}&bbox-crs={crs}&crs={crs}")
    assert sorted(ids(answer.body)) == ["k1", "k2"]
    assert answer.headers["Content-Crs"] == f"<{crs}>"
    assert answer["features"][0]["geometry"]["coordinates"][0] == pytest.approx(SPOT[1])
    assert ids(got(desk, None, f"{LAYER}/items?n=k3")) == ["k3"]
    assert ids(got(desk, None, f"{LAYER}/items?filter=n%20%3E%3D%20'k4'")) == ["k4"]
    assert ids(got(desk, None, f"{LAYER}/items?datetime=2020-01-01")) == []
    assert len(ids(got(desk, None, f"{LAYER}/items?datetime=2020-01-01/.."))) == 5
    assert 'rel="self"; type="application/geo+json"' in answer.headers["Link"]
    metres = got(desk, None, f"{LAYER}/items/k0?crs={crs.replace('4326', '3857')}")
    assert metres["geometry"]["coordinates"][0] == pytest.approx(13470215, abs=1000)


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=x", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=0,0,400,1", "bbox=2,2,1,1"),
        *("datetime=x", "datetime=2021-01-01/2020-01-01", "datetime=../..", "crs=x", "bbox-crs=x"),
        *("nothing=1", "filter=n%20%3E", "filter=n%3D'a'&filter-lang=sql", "f=xml", "cursor=x"),
        "bbox=nan,nan,nan,nan",
    ],
)
def test_wrong_parameters_are_named(desk: Desk, wells: Any, query: str) -> None:
    answer = ask(desk, None, f"{LAYER}/items?{query}")
    assert (answer.status, answer.kind) == (400, "application/problem+json")
    assert answer["detail"]


def test_cases_are_those_of_the_asker(desk: Desk) -> None:
    mine, theirs = desk.new(text=TEXT), desk.new("stranger", lon=SPOT[0] + 0.05)
    items = "/collections/cases/items"
    assert ids(got(desk, "acceptor", items)) == [mine.id]
    assert ids(got(desk, "stranger", items)) == [theirs.id]
    assert set(ids(got(desk, "leader", items))) == {mine.id, theirs.id}
    assert ids(got(desk, "acceptor", f"{items}?filter=no%3D'{theirs.no}'")) == []
    assert ask(desk, "acceptor", f"{items}/{theirs.id}").status == 404
    assert ask(desk, None, items).status == 404
    assert ids(got(desk, "acceptor", f"{items}?filter=state%3D'{mine.state}'")) == [mine.id]
    assert ids(got(desk, "acceptor", f"{items}?datetime=../2020-01-01T00:00:00Z")) == []
    told = ask(desk, "acceptor", items)
    assert "13800138000" not in str(told.body)
    queryables = got(desk, "acceptor", "/collections/cases/queryables")
    assert not {"text", "address", "attributes"} & set(queryables["properties"])


def test_a_filter_that_takes_too_long_is_ended(
    desk: Desk, wells: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chengyun.app.ogc.items.LONGEST_S", 0.05)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
        cursor.execute("ALTER TABLE places_mapfeature RENAME TO held")
        cursor.execute("CREATE VIEW places_mapfeature AS SELECT held.* FROM held, pg_sleep(1)")
        cursor.execute("GRANT SELECT ON places_mapfeature TO PUBLIC")
    answer = ask(desk, None, f"{LAYER}/items")
    assert (answer.status, answer["code"]) == (503, "slow")


def test_tiles_are_the_live_ones(desk: Desk, wells: Any) -> None:
    tile = tile_at(16)
    sets = got(desk, None, f"{LAYER}/tiles")
    template = next(one for one in sets["tilesets"][0]["links"] if one.get("templated"))["href"]
    path = template.removeprefix("http://testserver/ogc").format(
        tileMatrix=tile.z, tileRow=tile.y, tileCol=tile.x
    )
    (layer,) = mapbox_vector_tile.decode(ask(desk, None, path).body).values()
    assert {one["properties"]["id"] for one in layer["features"]} >= {"k0"}
    assert ask(desk, None, f"{LAYER}/tiles/WebMercatorQuad/2/9/0").status == 404
    assert ask(desk, None, f"{LAYER}/tiles/Other/2/0/0").status == 404
    matrices = got(desk, None, "/tileMatrixSets/WebMercatorQuad")["tileMatrices"]
    assert matrices[0]["scaleDenominator"] == pytest.approx(559082264.0287178)


FEATURE = (
    b'{"type":"Feature","geometry":{"type":"Point","coordinates":[121.01,31.01]},'
    b'"properties":{"n":"new"}}'
)


def test_an_edit_is_a_change_set_that_another_approves(desk: Desk, wells: Any) -> None:
    items = f"{LAYER}/items"
    assert ask(desk, None, items, "POST", FEATURE).status in (401, 403)
    asked = ask(desk, "leader", items, "POST", FEATURE)
    assert asked.status == 202
    path = asked.headers["Location"].removeprefix("http://testserver/api/v1")
    told = desk.get("leader", path)
    assert (told["state"], told["subject_id"]) == ("proposed", str(wells))
    assert len(ids(got(desk, None, items))) == 5
    with as_owner():
        for verb in (verbs.approve_set, verbs.apply_set):
            verb(SYSTEM, now=desk.clock.at, set_id=told["id"])
        assert MapFeature.objects.filter(layer_id=wells, valid_to=None).count() == 6
    assert "new" in {one["properties"]["n"] for one in got(desk, None, items)["features"]}
    assert ask(desk, "leader", f"{items}/k1", "PUT", FEATURE).status == 202
    assert ask(desk, "leader", f"{items}/k1", "DELETE").status == 202


def test_edits_that_cannot_be_are_refused(desk: Desk, wells: Any) -> None:
    items = f"{LAYER}/items"
    for body in (b"", b"[]", b'{"type":"Feature"}', b"\xff", FEATURE.replace(b"Feature", b"x")):
        assert ask(desk, "leader", items, "POST", body).status in (400, 422)
    bad = FEATURE.replace(b"[121.01,31.01]", b"[500,31.01]")
    assert ask(desk, "leader", items, "POST", bad).status == 409
    assert ask(desk, "leader", f"{items}/none", "DELETE").status == 404
    assert ask(desk, "leader", "/collections/cases/items", "POST", FEATURE).status == 405
    assert ask(desk, "evaluator", items, "POST", FEATURE).status == 403
    assert ask(desk, "leader", items, "PATCH", FEATURE).status == 405
