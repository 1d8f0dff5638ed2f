import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.places.decide import outlining, parsing
from chengyun.places.decide.parsing import Unreadable, parse_csv, parse_geojson

SQUARE = [[[121.4, 31.2], [121.5, 31.2], [121.5, 31.3], [121.4, 31.3], [121.4, 31.2]]]


def polygon(rings: Any = SQUARE) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    values = {"code": "310101", "name": "黄浦区"} | properties
    return {"type": "Feature", "properties": values, "geometry": geometry}


def collection(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | more).encode()


def test_a_good_feature() -> None:
    batch = parse_geojson(
        collection(
            feature(
                polygon(),
                code=310101.0,
                name_en="Huangpu",
                parent_code="310000",
                level="district",
                valid_from="2024-01-01",
                synthetic=False,
            )
        )
    )
    assert batch.rejects == []
    assert batch.repairs == []
    assert batch.read == 1
    row = batch.rows[0]
    assert (row.code, row.name, row.name_en, row.parent_code) == (
        "310101",
        "黄浦区",
        "Huangpu",
        "310000",
    )
    assert row.boundary is not None
    assert row.boundary.area == pytest.approx(0.01)
    assert row.center is not None
    assert row.valid_from is not None
    assert row.synthetic is False


def test_other_property_names_and_datum() -> None:
    document = collection(
        {
            "type": "Feature",
            "properties": {"县代码": 310101.0, "县名": "黄浦区"},
            "geometry": polygon(),
        }
    )
    batch = parse_geojson(document, columns={"code": "县代码", "name": "县名"}, datum="GCJ02")
    assert batch.rows[0].boundary is not None
    assert batch.rows[0].boundary.bounds[0] == pytest.approx(121.3954, abs=1e-3)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "not JSON"),
        (b"[]", "not a GeoJSON"),
        (b'{"type": "Topology"}', "not a GeoJSON"),
        (b'{"type": "FeatureCollection", "features": {}}', "no list"),
        (b"[" * 100_000 + b"]" * 100_000, "deeper"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "deeper"),
        (collection(crs={"properties": {"name": "urn:ogc:def:crs:EPSG::2437"}}), "degrees"),
        (collection(crs={"properties": 3} | {"properties": {}}), "degrees"),
    ],
)
def test_files_that_are_none(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        parse_geojson(content)


def test_brackets_inside_strings_do_not_nest() -> None:
    assert parse_geojson(collection(feature(polygon(), name="[" * 100))).rejects == []


def test_size_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_ROWS", 1)
    two = collection(feature(polygon()), feature(polygon(), code="2"))
    with pytest.raises(Unreadable, match="more than 1"):
        parse_geojson(two)
    with pytest.raises(Unreadable, match="more than 1"):
        parse_csv(b"code,name\n1,a\n2,b\n")
    monkeypatch.setattr(parsing, "MOST_BYTES", 10)
    for parse in (parse_geojson, parse_csv):
        with pytest.raises(Unreadable, match="larger"):
            parse(two)


NAN = float("nan")


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        ({"type": "GeometryCollection", "geometries": []}, "Polygon or a MultiPolygon"),
        ({"type": "Polygon"}, "no coordinates"),
        (polygon([]), "no coordinates"),
        (polygon([[]]), "three different points"),
        (polygon("x"), "no coordinates"),
        (polygon([[1, 2, 3]]), "list of longitude"),
        (polygon([[[1], [2], [3]]]), "list of longitude"),
        (polygon([[["1", 2], [2, 2], [3, 3]]]), "finite number"),
        (polygon([[[True, 2], [2, 2], [3, 3]]]), "finite number"),
        (polygon([[[None, 2], [2, 2], [3, 3]]]), "finite number"),
        (polygon([[[[[1, 2]]], [2, 2], [3, 3]]]), "list of longitude"),
        (polygon([[[1e300, 1], [2, 2], [3, 3], [1e300, 1]]]), "degrees"),
        (polygon([[[31.2, 121.4], [31.3, 121.4], [31.3, 121.5], [31.2, 121.4]]]), "swapped"),
        (polygon([[[1, 1], [2, 2], [3, 3], [1, 1]]]), "no surface"),
        (polygon([[[1, 1], [1, 1], [1, 1], [1, 1]]]), "no surface"),
        (polygon([[[1, 1], [2, 2], [1, 1]]]), "three different points"),
        ({"type": "Point", "coordinates": [1]}, "longitude and a latitude"),
        ({"type": "Point", "coordinates": [[1], 2]}, "numbers"),
        (7, "Polygon or a MultiPolygon"),
    ],
)
def test_bad_geometries_are_rejected_with_a_reason(geometry: Any, said: str) -> None:
    batch = parse_geojson(collection(feature(geometry)))
    assert batch.rows == []
    assert batch.read == 1
    note = batch.rejects[0]
    assert (note.number, note.field, note.code) == (1, "geometry", "310101")
    assert said in note.reason


def test_too_many_vertices_and_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlining, "MOST_VERTICES", 4)
    assert "vertices" in parse_geojson(collection(feature(polygon()))).rejects[0].reason
    monkeypatch.setattr(outlining, "MOST_RINGS", 0)
    assert "rings" in parse_geojson(collection(feature(polygon()))).rejects[0].reason


def test_small_faults_are_repaired_and_said() -> None:
    open_ring = polygon([SQUARE[0][:-1]])
    spike = polygon([[[0, 0], [0, 1], [1, 1], [1, 0], [2, 0], [1, 0], [0, 0]]])
    batch = parse_geojson(collection(feature(open_ring, code="1"), feature(spike, code="2")))
    assert batch.rejects == []
    assert [note.code for note in batch.repairs] == ["1", "2"]
    assert "closed" in batch.repairs[0].reason
    assert "repaired" in batch.repairs[1].reason
    assert all(row.boundary is not None and row.boundary.is_valid for row in batch.rows)


def test_a_repair_that_reshapes_is_refused() -> None:
    bow_tie = polygon([[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]])
    assert "reshape" in parse_geojson(collection(feature(bow_tie))).rejects[0].reason


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"code": None}, "code"),
        ({"code": "  "}, "code"),
        ({"code": {"a": 1}}, "code"),
        ({"code": True}, "code"),
        ({"code": "1" * 65}, "code"),
        ({"code": "31\x000"}, "code"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"level": "planet"}, "level"),
        ({"valid_from": "01/02/2024"}, "valid_from"),
        ({"parent_code": [1]}, "parent_code"),
    ],
)
def test_bad_fields(properties: dict[str, Any], field: str) -> None:
    batch = parse_geojson(collection(feature(polygon(), **properties)))
    assert batch.rows == []
    assert batch.rejects[0].field == field


def test_things_that_are_no_features() -> None:
    batch = parse_geojson(collection(None, 3, {"type": "Polygon"}, {"type": "Feature"}))
    assert batch.read == 4
    assert len(batch.rejects) == 4


def test_the_second_row_of_a_code_is_rejected() -> None:
    batch = parse_geojson(collection(feature(polygon()), feature(polygon())))
    assert len(batch.rows) == 1
    assert "Row 1" in batch.rejects[0].reason


def test_csv() -> None:
    table = "code;name;parent_code;lon;lat\n310101;黄浦区;;121.48;31.23\n310104;徐汇区;;;\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        batch = parse_csv(table.encode(encoding))
        assert [row.name for row in batch.rows] == ["黄浦区", "徐汇区"]
        assert batch.rows[0].center == (121.48, 31.23)
        assert batch.rows[1].center is None


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("1,a,x,31", "lon,lat"),
        ("1,a,nan,31", "lon,lat"),
        ("1,a,,31", "lon,lat"),
        ("1,a,999,31", "lon,lat"),
        ("1,a,121", "row"),
        ("1,a,121,31,9", "row"),
        ('1,"a"b,121,31', "row"),
        (",a,121,31", "code"),
    ],
)
def test_bad_csv_rows(line: str, field: str) -> None:
    batch = parse_csv(f"code,name,lon,lat\n{line}\n2,good,121,31\n".encode())
    assert batch.rejects[0].field == field
    assert [row.code for row in batch.rows] == ["2"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name\na\n", b"\xff\xff\xff\x00\x81"])
def test_csv_files_that_are_none(content: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_csv(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for parse in (parse_geojson, parse_csv):
        try:
            parse(content)
        except Unreadable:
            continue


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(JSON, JSON)
def test_any_coordinates_are_taken_or_rejected(coordinates: Any, code: Any) -> None:
    batch = parse_geojson(collection(feature(polygon(coordinates), code=code)))
    assert batch.read == 1
