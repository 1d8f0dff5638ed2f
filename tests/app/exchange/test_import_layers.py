"""Map files of every form into layers; what is hostile or wrong is refused with its reason."""

import csv
import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.management import call_command

from chengyun.app.exchange.places._asked import Asked, Unusable
from chengyun.app.exchange.places.control_points import bring_in as tie
from chengyun.app.exchange.places.layer import bring_in
from chengyun.app.exchange.tables import Unreadable
from chengyun.kernel.actor import SYSTEM
from chengyun.places import reads
from chengyun.places.decide.frames import move
from chengyun.places.models import MapFeature, TransformUse
from tests.app.exchange import pbf
from tests.places.test_verbs import add_city, box, load

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> int:
    number = add_city()
    load(number, box("310000", 120.9, 122.0))
    return number


def asked(path: Path, city: int, frame: str | None = None, **options: str) -> Asked:
    return Asked(path, city, "a test", frame=frame, options=options)


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(path: Path, crs: str | None = "EPSG:4326", driver: str = "GPKG", **more: Any) -> Path:
    shapes = shapely.points([[121.1, 31.01], [121.2, 31.01]])
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        [np.array(["一", "b"], dtype=object), np.array([1, 2])],
        ["name", "id"],
        crs=crs,
        geometry_type="Point",
        driver=driver,
        **more,
    )
    return path


def one_zip(folder: Path, *held: Path) -> Path:
    target = folder / "packed.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for path in held:
            out.write(path, path.name)
    return target


KML = (
    '<?xml version="1.0"?>{doctype}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    "<Placemark><name>一 {said}</name><Point><coordinates>121.1,31.01,0</coordinates></Point>"
    "</Placemark></Document></kml>"
)
OSM = (
    "<?xml version='1.0'?><osm version='0.6'>"
    "<node id='1' lon='121.1' lat='31.01'/><node id='2' lon='121.2' lat='31.01'/>"
    "<way id='9'><nd ref='1'/><nd ref='2'/><tag k='highway' v='primary'/>"
    "<tag k='name' v='南京路'/><tag k='name:en' v='Nanjing Road'/></way></osm>"
)


def test_every_form_is_read(city: int, tmp_path: Path) -> None:
    written(tmp_path / "a.gpkg")
    written(tmp_path / "b.geojson", driver="GeoJSON")
    written(tmp_path / "c.shp", driver="ESRI Shapefile", encoding="UTF-8")
    one_zip(tmp_path, *tmp_path.glob("c.*"))
    (tmp_path / "d.csv").write_text("id,name,lng,lat\n1,一,121.1,31.01\n2,b,121.2,31.01\n")
    (tmp_path / "e.kml").write_text(KML.format(doctype="", said="x"))
    with gzip.open(tmp_path / "f.osm.gz", "wt") as out:
        out.write(OSM)
    for name, count in {
        "a.gpkg": 2,
        "b.geojson": 2,
        "packed.zip": 2,
        "d.csv": 2,
        "e.kml": 1,
    }.items():
        done = bring_in(asked(tmp_path / name, city, "WGS84" if name == "d.csv" else None))
        assert (done["read"], done["created"], done["rejected"]) == (count, count, 0), name
    road = bring_in(asked(tmp_path / "f.osm.gz", city, layer="lines"))
    assert road["created"] == 1
    held = MapFeature.objects.get(layer__code="f")
    assert held.key == "9"
    assert held.properties["name:en"] == "Nanjing Road"
    assert {one.code for one in reads.layer_list(SYSTEM, city)} >= {
        "a",
        "b",
        "packed",
        "d",
        "e",
        "f",
    }


def test_openstreetmap_in_its_binary_form(city: int, tmp_path: Path) -> None:
    path = pbf.write(
        tmp_path / "town.osm.pbf",
        {1: (121.1, 31.01), 2: (121.2, 31.01), 3: (121.2, 31.02), 4: (121.1, 31.02)},
        {
            9: ([1, 2], {"highway": "primary", "name": "南京路"}),
            10: ([1, 2, 3, 4, 1], {"building": "yes", "building:levels": "6"}),
        },
    )
    assert bring_in(asked(path, city, layer="lines", code="roads"))["created"] == 1
    (road,) = MapFeature.objects.filter(layer__code="roads")
    assert road.properties["name"] == "南京路"
    assert (road.west, road.east) == pytest.approx((121.1, 121.2))
    assert bring_in(asked(path, city, layer="multipolygons", code="houses"))["created"] == 1
    (house,) = MapFeature.objects.filter(layer__code="houses")
    assert house.properties["building"] == "yes"
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Unreadable):
        bring_in(asked(cut, city, layer="lines"))


def test_a_second_import_is_a_version_and_the_same_again_is_none(city: int, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg")
    assert bring_in(asked(path, city))["version"] == 1
    again = bring_in(asked(path, city))
    assert (again["version"], again["unchanged"]) == (1, 2)


def test_a_datum_is_undone_and_its_use_logged(city: int, tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg")
    done = bring_in(asked(path, city, "GCJ02"))
    assert (done["datum"], done["accuracy_m"]) == ("GCJ02", 0.5)
    held = MapFeature.objects.get(key="1")
    wanted = move(np.array([[121.1, 31.01]]), "GCJ02", "WGS84").points[0]
    assert (held.west, held.south) == pytest.approx(tuple(wanted), abs=1e-9)
    assert (held.datum, held.accuracy_m) == ("GCJ02", 0.5)
    use = TransformUse.objects.get()
    assert (use.source, use.target, use.rows) == ("GCJ02", "WGS84", 2)


def test_a_projected_file_says_so_itself(city: int, tmp_path: Path) -> None:
    points = move(np.array([[121.1, 31.01]]), "CGCS2000", "EPSG:4549").points
    pyogrio.raw.write(
        tmp_path / "p.gpkg", shapely.to_wkb(shapely.points(points)), [], [],
        crs="EPSG:4549", geometry_type="Point",
    )  # fmt: skip
    assert bring_in(asked(tmp_path / "p.gpkg", city))["datum"] == "EPSG:4549"
    assert MapFeature.objects.get().west == pytest.approx(121.1, abs=1e-7)
    with pytest.raises(Unreadable, match="EPSG:4549, not GCJ02"):
        bring_in(asked(tmp_path / "p.gpkg", city, "GCJ02"))


def test_what_is_wrong_is_refused_by_row_and_the_rest_comes_in(city: int, tmp_path: Path) -> None:
    ring = [[121, 31], [121.5, 31.5], [121.5, 31], [121, 31.5], [121, 31]]
    shapes = [
        {"type": "Point", "coordinates": [121.1, 31.01]},
        {"type": "Point", "coordinates": [31.01, 121.1]},
        {"type": "Polygon", "coordinates": [ring]},
        None,
        {"type": "Point", "coordinates": [2.3, 48.8]},
    ]
    rows = [
        {"type": "Feature", "properties": {"id": n}, "geometry": one}
        for n, one in enumerate(shapes)
    ]
    path = tmp_path / "w.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    done = bring_in(asked(path, city))
    counts = [done[n] for n in ("read", "created", "rejected", "repaired")]
    assert counts == [5, 2, 3, 1]
    told = {row["number"]: row["reason"] for row in lines(Path(done["rejects_file"]))}
    assert set(told) == {"3", "4", "5"}
    assert "[121" in told["3"]
    assert "2.3000 48.8000" in told["5"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.kml", KML.format(doctype='<!DOCTYPE k [<!ENTITY x "y">]>', said="&x;"), "xml_doctype"),
        ("a.kml", "<html></html>", "no_kml"),
        ("a.vrt", "<OGRVRTDataSource></OGRVRTDataSource>", "no_kml"),
        ("a.geojson", '{"type": "Topology"}', "no_geojson"),
        ("a.csv", "a,b\n1,2\n", "no_place"),
        ("a.csv", "lon,lat\n121,31\n", "no_reference"),
        ("a.geojson", " ", "empty_file"),
        ("a.zip", "PK\x03\x04nonsense", "bad_zip"),
        ("a.gpkg", "SQLite format 3\x00" + "x" * 100, "no_geopackage"),
    ],
)
def test_a_hostile_or_broken_file_is_refused(
    city: int, tmp_path: Path, name: str, content: str, code: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(Unreadable) as caught:
        bring_in(asked(path, city))
    assert caught.value.code == code
    assert reads.layer_list(SYSTEM, city) == []


def test_bombs_do_not_go_off(city: int, tmp_path: Path) -> None:
    huge = tmp_path / "huge.geojson"
    with huge.open("wb") as out:
        out.truncate(64 * 1024**2)
    with pytest.raises(Unreadable) as caught:
        bring_in(asked(one_zip(tmp_path, huge), city))
    assert caught.value.code == "zip_bomb"
    with gzip.open(tmp_path / "g.osm.gz", "wb") as packed:
        packed.write(b"\0" * 64 * 1024**2)
    with pytest.raises(Unreadable) as caught:
        bring_in(asked(tmp_path / "g.osm.gz", city))
    assert caught.value.code == "zip_bomb"


def test_a_grid_is_tied_and_used(city: int, tmp_path: Path) -> None:
    degrees = np.array([[121.0, 31.0], [121.5, 31.1], [121.2, 31.4], [121.7, 31.6]])
    local = move(degrees, "CGCS2000", "EPSG:4549").points - (600_000, 3_400_000)
    rows = [*zip(*local.T, *degrees.T, strict=True)]
    path = tmp_path / "points.csv"
    path.write_text("east,north,lon,lat\n" + "\n".join(",".join(map(str, row)) for row in rows))
    done = tie(asked(path, city, code="sh", meridian="120"))
    assert done["rms_m"] < 0.001
    (tmp_path / "wells.csv").write_text(f"id,x,y\n1,{local[0, 0]},{local[0, 1]}\n")
    told = bring_in(asked(tmp_path / "wells.csv", city, "GRID:sh"))
    assert told["datum"] == "GRID:sh"
    assert MapFeature.objects.get().west == pytest.approx(121.0, abs=1e-7)
    with pytest.raises(Unusable):
        bring_in(asked(tmp_path / "wells.csv", city, "GRID:none"))


def test_the_command_takes_a_datum_as_people_write_it(
    city: int, tmp_path: Path, capsys: Any
) -> None:
    path = written(tmp_path / "a.gpkg")
    call_command("import_places", str(path), kind="layer", datum="gcj-02", city="310000", json=True)
    assert json.loads(capsys.readouterr().out)["datum"] == "GCJ02"


def test_points_are_located_row_by_row(city: int, tmp_path: Path, capsys: Any) -> None:
    load(city, box("310101", 121.0, 121.04), box("310101002", 121.0, 121.02))
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("id,lon,lat\n1,121.01,31.01\n2,0,0\n3,x,31\n4,31.01,121.01\n5,121.03,31.01\n")
    call_command("locate_points", str(path), out=out, json=True)
    told = json.loads(capsys.readouterr().out)
    assert [told[n] for n in ("read", "located", "outside", "refused")] == [5, 2, 1, 2]
    assert [one["row"] for one in told["bad"]] == [2, 3, 4]
    rows = lines(out)
    assert (rows[0]["district"], rows[0]["street"]) == ("310101", "310101002")
    assert (rows[4]["district"], rows[4]["street"]) == ("310101", "")
    assert "swapped" in rows[3]["locate_problem"]
