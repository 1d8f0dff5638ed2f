"""Importing regions, changing them and closing them; what they were is kept."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import shapely
from django.db.models import Max

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.copy import insert_rows
from chengyun.kernel.problems import Conflict, FieldError, Invalid, NotFound, TooLarge
from chengyun.kernel.text import JsonObject, Text
from chengyun.kernel.verbs import verb
from chengyun.places.decide.outlining import Area, Datum
from chengyun.places.decide.parsing import (
    MOST_BYTES,
    Batch,
    RegionRow,
    Unreadable,
    parse_csv,
    parse_geojson,
)
from chengyun.places.decide.placing import Placed, place
from chengyun.places.models import City, Region, RegionHistory
from chengyun.places.policy import check_may_change
from chengyun.places.verbs.cities import locked_city

_CHUNK = 2_000
_REGION = {
    "area_no": "bigint",
    "city_id": "bigint",
    "parent_no": "bigint",
    "level": "text",
    "code": "text",
    "name_zh": "text",
    "name_en": "text",
    "boundary": "bytea",
    "center_lon": "float8",
    "center_lat": "float8",
    "synthetic": "boolean",
    "source": "text",
    "valid_from": "date",
}
_HISTORY = {
    "area_no": "bigint",
    "change": "text",
    "code": "text",
    "name_zh": "text",
    "name_en": "text",
    "boundary": "bytea",
    "synthetic": "boolean",
    "source": "text",
    "valid_from": "date",
    "recorded_at": "timestamptz",
}


def read_regions(
    content: bytes,
    file_format: Literal["geojson", "csv"],
    columns: Mapping[str, str] | None = None,
    datum: Datum = "WGS84",
) -> Batch:
    """Rows of a file. Raises Invalid or TooLarge when it cannot be read as a whole."""
    parse = parse_geojson if file_format == "geojson" else parse_csv
    if len(content) > MOST_BYTES:
        raise TooLarge(f"The file is larger than {MOST_BYTES // 1024 // 1024} MiB.")
    try:
        return parse(content, columns=columns, datum=datum)
    except Unreadable as error:
        raise Invalid([FieldError("file", str(error), "unreadable")]) from error


@verb("places.import_regions")
def import_regions(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    source: str,
    content: bytes | None = None,
    file_format: Literal["geojson", "csv"] = "geojson",
    batch: Batch | None = None,
    columns: Mapping[str, str] | None = None,
    datum: Datum = "WGS84",
    synthetic: bool = False,
    effective: date | None = None,
) -> JsonObject:
    """Import regions of a city from a file's `content`, or from rows already read (`batch`).

    A row with the city's own code gives the city its outline. Importing the same again changes
    nothing; a changed name or outline is kept as history from `effective` (a row's own valid_from
    goes first; today by default). What a file leaves out stays as it is.

    Returns counts {"read", "created", "changed", "unchanged", "rejected"} with read their sum, and
    lists "rejects" and "repairs" of {number, code, field, reason}. Raises Invalid, NotFound.
    """
    check_may_change(actor)
    city = locked_city(city_no)
    today = now.astimezone(ZoneInfo(city.time_zone)).date()
    if batch is None:
        batch = read_regions(content or b"", file_format, columns, datum)
    if effective is not None and effective > today:
        raise Invalid([FieldError("effective", "must not be in the future", "in_future")])
    held = {row.area_no: row for row in Region.objects.filter(city=city, valid_to=None)}
    known = {row.code: row.area_no for row in held.values()}
    scheme = city.code_scheme
    placed, refused = place(batch.rows, city_no, city.code, known, _used(city), scheme)
    own = [Placed(row, city_no, 0, new=False) for row in batch.rows if row.code == city.code]
    writer = _Writer(city, now, effective or today, source, synthetic)
    for one in own + placed:
        writer.add(one, held.get(one.area_no))
    writer.write()
    rejects = sorted([*batch.rejects, *refused], key=lambda note: note.number)
    return {
        "area_no": city_no,
        "count": writer.created + writer.changed,
        "read": batch.read,
        "created": writer.created,
        "changed": writer.changed,
        "unchanged": len(own) + len(placed) - writer.created - writer.changed,
        "rejected": len(rejects),
        "rejects": [asdict(note) for note in rejects],
        "repairs": [asdict(note) for note in batch.repairs],
    }


@verb("places.change_region")
def change_region(
    actor: Actor,
    *,
    now: datetime,
    area_no: int,
    effective: date,
    code: str | None = None,
    name: Text | None = None,
    boundary: Area | None = None,
    source: str = "",
) -> JsonObject:
    """Give a region another code, name or outline from a day on; its area number stays.

    Raises Invalid, NotFound, Conflict (the code is another region's).
    """
    check_may_change(actor)
    city, region = _open_region(area_no)
    _check_day(effective, region, now, city)
    if code is not None and code != region.code:
        if Region.objects.filter(city=city, code=code, valid_to=None).exists():
            raise Conflict("Another region of this city has this code.", code="code_taken")
        region.code = code
        if area_no == city.area_no:
            City.objects.filter(pk=city.pk).update(code=code)
    if name is not None:
        region.name_zh, region.name_en = name["zh"], name["en"]
    if boundary is not None:
        region.boundary = shapely.to_wkb(boundary)
        region.center_lon, region.center_lat = _inner(boundary)
    region.source = source or region.source
    region.valid_from = effective
    region.save()
    _remember(region, "changed", now)
    city.refresh_from_db()
    city.touch()
    return {"area_no": area_no, "code": region.code}


@verb("places.close_region")
def close_region(actor: Actor, *, now: datetime, area_no: int, effective: date) -> JsonObject:
    """End a region from a day on; its number is never used again.

    Raises Invalid, NotFound, Conflict (it still has regions below it).
    """
    check_may_change(actor)
    city, region = _open_region(area_no)
    _check_day(effective, region, now, city)
    below = Region.objects.filter(area_no__range=areas.span(area_no), valid_to=None)
    if below.exclude(pk=area_no).exists():
        raise Conflict("Close the regions below it first.", code="has_regions_below")
    region.valid_to = effective
    region.save(update_fields=["valid_to"])
    region.valid_from = effective
    _remember(region, "closed", now)
    city.touch()
    return {"area_no": area_no}


class _Writer:
    """Collects new and changed regions of one import and writes them in bulk."""

    def __init__(
        self, city: City, now: datetime, effective: date, source: str, synthetic: bool
    ) -> None:
        self._city, self._now, self._effective = city, now, effective
        self._source, self._synthetic = source, synthetic
        self._new: list[tuple[Any, ...]] = []
        self._history: list[tuple[Any, ...]] = []
        self._updates: list[Region] = []

    @property
    def created(self) -> int:
        return len(self._new)

    @property
    def changed(self) -> int:
        return len(self._updates)

    def add(self, one: Placed, held: Region | None) -> None:
        row = one.row
        wkb = None if row.boundary is None else shapely.to_wkb(row.boundary)
        synthetic = self._synthetic if row.synthetic is None else row.synthetic
        since = row.valid_from or self._effective
        lon, lat = row.center or (None, None)
        if held is None:
            level = areas.level(one.area_no)
            names = (row.code, row.name, row.name_en)
            told = (wkb, lon, lat, synthetic, self._source, since)
            self._new.append((one.area_no, self._city.pk, one.parent_no, level, *names, *told))
            self._history.append(
                (one.area_no, "created", *names, wkb, synthetic, self._source, since, self._now)
            )
            return
        if not _differs(held, row, wkb, synthetic):
            return
        held.name_zh, held.name_en = row.name, row.name_en or held.name_en
        if row.center is not None:
            held.center_lon, held.center_lat = lon, lat
        if wkb is not None:
            held.boundary, held.synthetic = wkb, synthetic
        held.source, held.valid_from = self._source, since
        self._updates.append(held)
        kept = None if held.boundary is None else bytes(held.boundary)
        self._history.append(
            (
                held.area_no,
                "changed",
                held.code,
                held.name_zh,
                held.name_en,
                kept,
                held.synthetic,
                held.source,
                since,
                self._now,
            )
        )

    def write(self) -> None:
        for at in range(0, len(self._new), _CHUNK):
            insert_rows("places_region", _REGION, self._new[at : at + _CHUNK])
        for at in range(0, len(self._history), _CHUNK):
            insert_rows("places_regionhistory", _HISTORY, self._history[at : at + _CHUNK])
        fields = ["name_zh", "name_en", "boundary", "center_lon", "center_lat"]
        fields += ["synthetic", "source", "valid_from"]
        Region.objects.bulk_update(self._updates, fields, batch_size=_CHUNK)
        if self._history:
            self._city.touch()


def _differs(held: Region, row: RegionRow, wkb: bytes | None, synthetic: bool) -> bool:
    """Whether a row says anything new; what it leaves empty is no news."""
    if row.name != held.name_zh or (row.name_en and row.name_en != held.name_en):
        return True
    if wkb is None:
        return (
            row.center is not None
            and held.boundary is None
            and (row.center != (held.center_lon, held.center_lat))
        )
    return held.boundary is None or bytes(held.boundary) != wkb or held.synthetic != synthetic


def _used(city: City) -> dict[int, int]:
    """Highest ordinal ever used below each parent, closed regions included."""
    rows = Region.objects.filter(city=city).exclude(parent_no=None)
    found = rows.values_list("parent_no").annotate(last=Max("area_no"))
    return {
        parent: areas.unpack(last)[areas.depth(parent)]
        for parent, last in found
        if parent is not None
    }


def _open_region(area_no: int) -> tuple[City, Region]:
    city = locked_city(areas.city_of(area_no))
    region = Region.objects.filter(pk=area_no, valid_to=None).first()
    if region is None:
        raise NotFound("There is no such region.")
    return city, region


def _check_day(effective: date, region: Region, now: datetime, city: City) -> None:
    if not region.valid_from <= effective <= now.astimezone(ZoneInfo(city.time_zone)).date():
        reason = f"must lie between {region.valid_from} (its last change) and today"
        raise Invalid([FieldError("effective", reason, "bad_day")])


def _inner(boundary: Area) -> tuple[float, float]:
    point = boundary.representative_point()
    return point.x, point.y


def _remember(region: Region, change: str, now: datetime) -> None:
    RegionHistory.objects.create(
        area_no=region.area_no,
        change=change,
        code=region.code,
        name_zh=region.name_zh,
        name_en=region.name_en,
        boundary=region.boundary,
        synthetic=region.synthetic,
        source=region.source,
        valid_from=region.valid_from,
        recorded_at=now,
    )
