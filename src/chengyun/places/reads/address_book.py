"""The published addresses of a city as the geocoder's book takes them, in bounded memory."""

from collections.abc import Iterator
from typing import Any

from chengyun.kernel import areas
from chengyun.places.decide.addressing import PARTS
from chengyun.places.decide.geocoding.standard import Parts, Standard
from chengyun.places.models import Address
from chengyun.places.reads.atlas import CityMap

_CHUNK = 2_000
_FIELDS = ("id", "code", "text", "area_no", "names", "lon", "lat")


def standards_of(city_no: int, held: CityMap) -> Iterator[Standard]:
    """Every published address with its parts, its names and those of its areas."""
    paths: dict[int, tuple[str, ...]] = {}
    rows: Any = Address.objects.filter(city_no=city_no, state="published").order_by("id")
    fields = (*_FIELDS, *PARTS)
    for row in rows.values_list(*fields).iterator(chunk_size=_CHUNK):
        uid, code, said, area_no, names, lon, lat = row[: len(_FIELDS)]
        if area_no not in paths:
            region = areas.at_level(area_no, "community") or area_no
            above = areas.ancestors(region)
            paths[area_no] = tuple(held.areas[no].name["zh"] for no in above if no in held.areas)
        parts = Parts(**dict(zip(PARTS, row[len(_FIELDS) :], strict=True)))
        yield Standard(
            id=str(uid),
            code=code,
            text=said,
            areas=paths[area_no],
            parts=parts,
            aliases=tuple(one["name"] for one in names),
            lon=lon,
            lat=lat,
        )
