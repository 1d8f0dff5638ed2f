"""CQL2 as conditions: what each form finds, and what is refused before it costs anything."""

from typing import Any

import pytest
import shapely

from chengyun.app.ogc.filtering import DEEPEST, LONGEST, Filter, parsed
from chengyun.app.ogc.spatial import BadFilter, Ground
from chengyun.places.models import MapFeature
from tests.places.test_layers import put
from tests.places.test_verbs import NOW, add_city

FIELDS: Any = {"name": "text", "height": "number", "floors": "integer", "listed": "boolean"}
PATHS = {name: f"properties__{name}" for name in FIELDS}
# Its western corner is b, c lies inside.
TRIANGLE = "POLYGON((121.01 31, 121.03 30.9, 121.029 31.1, 121.01 31))"
ROWS: dict[str, dict[str, Any]] = {
    "a": {"name": "Bund 1号", "height": 41.5, "floors": 7, "listed": True},
    "b": {"name": "bund 2号", "height": 12, "floors": 3, "listed": False},
    "c": {"name": "100%_x", "height": None, "floors": None, "listed": None},
    "d": {},
}


@pytest.fixture
def layer(db: None) -> Any:
    add_city()
    number = put("houses")
    for at, (key, properties) in enumerate(ROWS.items()):
        lon = 121.0 + at / 100
        MapFeature.objects.create(
            layer_id=number,
            key=key,
            shape=b"",
            cell=0,
            west=lon,
            east=lon,
            south=31.0,
            north=31.0,
            properties=properties,
            digest=b"",
            valid_from=NOW,
        )
    return MapFeature.objects.filter(layer_id=number)


def found(rows: Any, said: str, language: str = "cql2-text") -> str:
    def touching(box: Any) -> Any:
        return rows.filter(west__range=(box[0], box[2])).values("pk")

    def shapes(box: Any, most: int) -> list[tuple[Any, Any]]:
        near = rows.filter(west__range=(box[0], box[2]))[:most]
        return [(row.pk, shapely.Point(row.west, row.south)) for row in near]

    ground = Ground(True, touching, shapes)
    asked = Filter(FIELDS, PATHS, ground).applied(rows, parsed(said, language))
    return "".join(sorted(one.key for one in asked))


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("height > 12", "a"),
        ("height >= 12", "ab"),
        ("NOT height > 12", "b"),  # what has none is neither higher nor not
        ("height <> 12", "a"),
        ("height IS NULL", "cd"),
        ("height IS NOT NULL", "ab"),
        ("floors BETWEEN 3 AND 5", "b"),
        ("floors IN (3, 7)", "ab"),
        ("floors NOT IN (3)", "a"),
        ("listed = TRUE", "a"),
        ("NOT (listed = TRUE OR floors = 3)", ""),
        ("name LIKE 'Bund%'", "a"),
        ("CASEI(name) LIKE CASEI('BUND%')", "ab"),
        ("CASEI(name) = CASEI('bund 1号')", "a"),
        ("name LIKE '100%_x'", "c"),
        ("name LIKE '.*'", ""),
        ("name = 'x'' OR 1=1 --'", ""),
        ("height > 12 OR name LIKE '%2号'", "ab"),
        ("S_INTERSECTS(geometry, BBOX(121.005, 30, 121.025, 32))", "bc"),
        ("NOT S_INTERSECTS(geometry, BBOX(121.005, 30, 121.025, 32))", "ad"),
        ("S_INTERSECTS(geometry, POINT(121.01 31)) AND floors = 3", "b"),
        (f"S_INTERSECTS(geometry, {TRIANGLE})", "bc"),
        (f"S_WITHIN(geometry, {TRIANGLE})", "c"),
        (f"S_CONTAINS({TRIANGLE}, geometry)", "c"),
        (f"S_TOUCHES(geometry, {TRIANGLE})", "b"),
        (f"S_DISJOINT(geometry, {TRIANGLE})", "ad"),
        (f"NOT S_DISJOINT(geometry, {TRIANGLE})", "bc"),
        ("S_INTERSECTS(geometry, LINESTRING(121 31, 121.01 31.0, 121.02 31.5))", "ab"),
        ("S_EQUALS(geometry, POINT(121.03 31))", "d"),
        ("S_CROSSES(geometry, LINESTRING(121 31, 121.03 31))", ""),
    ],
)
def test_what_a_filter_finds(layer: Any, said: str, keys: str) -> None:
    assert found(layer, said) == keys


def test_both_forms_say_the_same(layer: Any) -> None:
    high = '{"op":">","args":[{"property":"height"},12]}'
    listed = '{"op":"=","args":[{"property":"listed"},true]}'
    said = f'{{"op":"and","args":[{high},{listed}]}}'
    assert found(layer, said, "cql2-json") == found(layer, "height > 12 AND listed = TRUE") == "a"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "height >",
        "height",
        "1",
        "nothing = 1",
        "properties__x = 1",
        "layer_id = 'x'",
        "height = 'tall'",
        "floors = 1.5",
        "listed = 1",
        "height + 1 = 2",
        "foo(height)",
        "name LIKE '%a%b%c%d%e%f%'",
        "height LIKE '1%'",
        "CASEI(height) = CASEI('a')",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))",
        "S_INTERSECTS(geometry, geometry)",
        "S_WITHIN(POINT(1 1), POINT(1 1))",
        "S_INTERSECTS(name, BBOX(0, 0, 1, 1))",
        "S_INTERSECTS(geometry, BBOX(0, 0, 400, 1))",
        "name = 'a" + "b" * LONGEST + "'",
        "(" * (DEEPEST + 1) + "floors = 1" + ")" * (DEEPEST + 1),
        "NOT " * (DEEPEST + 1) + "floors = 1",
    ],
)
def test_what_is_refused(layer: Any, said: str) -> None:
    with pytest.raises(BadFilter):
        found(layer, said)


@pytest.mark.parametrize(
    "said",
    [
        *("[]", "{}", '{"op":"and","args":[]}', '{"op":"not","args":[]}', '{"op":"in"}'),
        '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":["a",1,2,3]}]}',
        *('{"op":"=","args":[1]}', "x"),
    ],
)
def test_json_that_is_no_filter_is_refused(layer: Any, said: str) -> None:
    with pytest.raises(BadFilter):
        found(layer, said, "cql2-json")
