"""Regions and grids as GeoJSON, simplified for the level they are looked at on."""

import threading
from collections import OrderedDict
from typing import Any

import numpy as np
import orjson
import shapely

from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.places.decide.stored import outlines
from chengyun.places.models import Grid, Region
from chengyun.places.reads.atlas import CityMap, city_map

# Degrees; about 60 m, 20 m and 10 m. Neighbours keep their common border (coverage simplifying).
_TOLERANCE = {"city": 6e-4, "district": 6e-4, "street": 2e-4, "community": 1e-4}
_DIGITS = 6
MOST_GRIDS = 5_000
_KEPT = 64

_made: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
_lock = threading.Lock()


def revision(city_no: int) -> str:
    """Changes whenever a region or grid of the city does; for ETags."""
    return city_map(city_no).info.revision.hex


def region_features(city_no: int, level: str, parent: int | None = None) -> bytes:
    """A FeatureCollection of the regions of a level that have an outline, in a parent or the city.

    Properties: no, code, name_zh, name_en, synthetic. Raises Invalid for an unknown level.
    """
    if level not in _TOLERANCE:
        raise Invalid([FieldError("level", f"must be one of {', '.join(_TOLERANCE)}", "bad_level")])
    within = city_no if parent is None else parent
    held = city_map(city_no)
    key = (held.info.revision.hex, level, within)
    with _lock:
        if key in _made:
            _made.move_to_end(key)
            return _made[key]
    document = _regions(held, level, within)
    with _lock:
        _made[key] = document
        while len(_made) > _KEPT:
            _made.popitem(last=False)
    return document


def grid_features(
    city_no: int, layer: str, bbox: tuple[float, float, float, float]
) -> dict[str, Any]:
    """A layer's grids whose outline touches a box (w, s, e, n degrees), at most 5,000.

    `truncated` says that there are more.
    """
    west, south, east, north = bbox
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid([FieldError("bbox", "must be west,south,east,north in degrees", "bad_bbox")])
    held = city_map(city_no)
    box = shapely.box(west, south, east, north)
    near = held.regions_touching(box)
    rows = Grid.objects.filter(layer__city_id=city_no, layer__code=layer, valid_to=None)
    fields = ("code", "area_no", "synthetic", "boundary")
    found = list(rows.filter(area_no__in=near).order_by("code").values_list(*fields))
    shapes = outlines(row[3] for row in found)
    inside = np.flatnonzero(shapely.intersects(shapes, box)).tolist()
    features = [
        _feature(
            shapes[at],
            {
                "code": found[at][0],
                "area_no": found[at][1],
                "synthetic": found[at][2],
            },
        )
        for at in inside[:MOST_GRIDS]
    ]
    return {
        "type": "FeatureCollection",
        "features": features,
        "truncated": len(inside) > MOST_GRIDS,
    }


def _regions(held: CityMap, level: str, within: int) -> bytes:
    rows = Region.objects.filter(
        area_no__range=areas.span(within), level=level, valid_to=None
    ).exclude(boundary=None)
    found = list(rows.order_by("code").values_list("area_no", "boundary"))
    shapes = outlines(wkb for _, wkb in found)
    if len(shapes):
        shapes = shapely.coverage_simplify(shapes, _TOLERANCE[level])
    features = []
    for (number, _), shape in zip(found, shapes, strict=True):
        info = held.areas[number]
        features.append(
            _feature(
                shape,
                {
                    "no": number,
                    "code": info.code,
                    "name_zh": info.name["zh"],
                    "name_en": info.name["en"],
                    "synthetic": info.synthetic,
                },
            )
        )
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _feature(shape: shapely.Geometry, properties: dict[str, Any]) -> dict[str, Any]:
    rounded = shapely.transform(shape, lambda points: np.round(points, _DIGITS))
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": orjson.loads(shapely.to_geojson(rounded)),
    }
