"""Point → area and base grid, in bulk, over 40,625 unit grids of the Shanghai demo.

Product: what an import or a batch of reports calls. Reference: the plain way, one STRtree query a
point (PostGIS is in no wheel; measured elsewhere at 25–34,000 points/s). Limit: the tree's bulk
search of bounding boxes alone, which no exact answer can beat. p50 and p99 are of single points.
"""

import time
from uuid import uuid4

import numpy as np
import shapely

from chengyun.app.demo.codes import read_codes
from chengyun.app.demo.outlines import made_up_rows, real_rows
from chengyun.places.decide.gridding import shares, unit_grid
from chengyun.places.decide.metric import areas_m2
from chengyun.places.reads.atlas import AreaInfo, CityInfo, CityMap, sheet

NAME = "locate"
UNIT = "points/s"
GRIDS = 40_625
POINTS = 400_000
SINGLE = 20_000


def run(node: object | None) -> dict[str, object]:
    """Measure; every point must be found once and alike by all ways. Needs no database."""
    city_map, cells = _map()
    lons, lats = _points(real_rows()[0].boundary)
    city_map.locate_many(lons[:1000], lats[:1000])

    started = time.perf_counter()
    spots = city_map.locate_many(lons, lats)
    product = len(lons) / (time.perf_counter() - started)
    assert (spots.area_nos > 0).all()

    tree = shapely.STRtree(cells)
    points = shapely.points(np.column_stack([lons, lats]))
    started = time.perf_counter()
    tree.query(points)
    limit = len(lons) / (time.perf_counter() - started)

    started = time.perf_counter()
    plain = [
        tree.query(shapely.Point(lon, lat), predicate="intersects").tolist()
        for lon, lat in zip(lons[:SINGLE].tolist(), lats[:SINGLE].tolist(), strict=True)
    ]
    reference = SINGLE / (time.perf_counter() - started)
    assert all(len(hits) == 1 for hits in plain)

    took = []
    for lon, lat in zip(lons[:SINGLE].tolist(), lats[:SINGLE].tolist(), strict=True):
        started = time.perf_counter()
        city_map.locate(lon, lat)
        took.append(time.perf_counter() - started)
    p50, p99 = np.percentile(took, [50, 99]) * 1000
    return {
        "product": round(product),
        "reference": round(reference),
        "reference_name": "plain STRtree, one query a point",
        "limit": round(limit),
        "limit_name": "STRtree bounding boxes in bulk, no exact test",
        "ratio_to_reference": round(product / reference, 3),
        "ratio_to_limit": round(product / limit, 3),
        "p50_ms": round(float(p50), 4),
        "p99_ms": round(float(p99), 4),
    }


def _map() -> tuple[CityMap, np.ndarray]:
    """The demo's base grids as a city map, without a database."""
    districts = real_rows()[1:]
    rows = [row for held in made_up_rows(districts, read_codes()) for row in held]
    above = {row.parent_code for row in rows}
    deepest = [row for row in rows if row.code not in above]
    outlines = np.array([row.boundary for row in deepest], dtype=object)
    counts = shares(areas_m2(outlines), GRIDS)
    cells = sorted(
        (cell.code, number, cell.outline)
        for number, (row, count) in enumerate(zip(deepest, counts, strict=True), start=1)
        for cell in unit_grid(row.boundary, row.code, count=count)
    )
    area = AreaInfo(1, "310000", {"zh": "上海市", "en": "Shanghai"}, "city", False, None)
    info = CityInfo(area, "Asia/Shanghai", "cn", "zh", "GBT2260", (121.47, 31.23), 9.0, "", uuid4())
    grids = sheet([(code, number, shapely.to_wkb(shape)) for code, number, shape in cells])
    return CityMap(info, {}, [grids]), grids.index.polygons


def _points(city: shapely.Geometry) -> tuple[np.ndarray, np.ndarray]:
    """Seeded points inside the city."""
    draw = np.random.default_rng(7)
    west, south, east, north = city.bounds
    shapely.prepare(city)
    found = np.empty((0, 2))
    while len(found) < POINTS:
        batch = draw.uniform((west, south), (east, north), (POINTS, 2))
        found = np.vstack([found, batch[shapely.contains_xy(city, batch)]])
    return found[:POINTS, 0].copy(), found[:POINTS, 1].copy()
