"""Rows of a table of addresses as standard addresses: which columns mean what, what is wrong."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from chengyun.places.decide.geocoding.standard import Parts, Standard

# The first of each that a table has.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "address_id", "编号"),
    "code": ("code", "address_code", "地址编码"),
    "text": ("address", "text", "地址", "标准地址"),
    "city": ("city", "市"),
    "district": ("district", "区", "区县"),
    "street": ("street", "town", "street_by_polygon", "街镇", "街道"),
    "community": ("community", "居村", "社区"),
    "lon": ("lon", "lng", "longitude", "lon_wgs84", "经度"),
    "lat": ("lat", "latitude", "lat_wgs84", "纬度"),
    "aliases": ("aliases", "又名", "别名"),
    "state": ("state", "状态"),
    **{part: (part,) for part in Parts._fields},
}
AREAS = ("city", "district", "street", "community")
_FARTHEST_LON, _FARTHEST_LAT = 180.0, 90.0


class Fault(NamedTuple):
    """A row that is no address: its number in the table (1 = first below the head), and why."""

    row: int
    field: str
    reason: str


def recognised(head: Iterable[str]) -> dict[str, int]:
    """Which column holds what."""
    held = {name.strip().lower(): at for at, name in enumerate(head)}
    return {
        meaning: next(held[name] for name in names if name in held)
        for meaning, names in COLUMNS.items()
        if any(name in held for name in names)
    }


def standards(
    head: Iterable[str], rows: Iterable[tuple[str, ...]], city: str = ""
) -> Iterator[Standard | Fault]:
    """Each row as an address or as a fault. `city` stands where no column tells it."""
    columns = recognised(head)
    for number, row in enumerate(rows, start=1):
        cells = {
            meaning: row[at].strip()
            for meaning, at in columns.items()
            if at < len(row) and row[at].strip()
        }
        parts = Parts(**{name: cells.get(name, "") for name in Parts._fields})
        text = cells.get("text") or "".join(parts)
        if not text:
            yield Fault(number, "address", "is empty")
            continue
        point = _point(cells)
        if isinstance(point, str):
            yield Fault(number, "lon", point)
            continue
        names = [cells.get(name, city if name == "city" else "") for name in AREAS]
        while names and not names[-1]:
            names.pop()
        yield Standard(
            id=cells.get("id", str(number)),
            code=cells.get("code", ""),
            text=text,
            areas=tuple(names),
            parts=parts if any(parts) else None,
            aliases=tuple(one for one in cells.get("aliases", "").split("|") if one),
            lon=point[0] if point else None,
            lat=point[1] if point else None,
            state=cells.get("state", "published"),
        )


def _point(cells: Mapping[str, str]) -> tuple[float, float] | str | None:
    """The point, None without one, or what is wrong with it."""
    if "lon" not in cells and "lat" not in cells:
        return None
    try:
        lon, lat = float(cells["lon"]), float(cells["lat"])
    except (KeyError, ValueError):
        return "lon and lat must both be numbers"
    if not (-_FARTHEST_LON <= lon <= _FARTHEST_LON and -_FARTHEST_LAT <= lat <= _FARTHEST_LAT):
        return "lon and lat must lie on the earth"
    return lon, lat
