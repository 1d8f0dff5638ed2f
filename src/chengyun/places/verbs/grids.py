"""Making grids, joining them into larger ones, importing a layer, and saying who owns a grid."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.copy import insert_rows
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject, Text
from chengyun.kernel.verbs import verb
from chengyun.places.decide.gridding import UNIT_M2, GridError, shares, unit_grid
from chengyun.places.decide.merging import cluster, dissolve
from chengyun.places.decide.metric import Geometries, areas_m2
from chengyun.places.decide.outlining import Area, Datum
from chengyun.places.decide.parsing import Note
from chengyun.places.decide.stored import Blob
from chengyun.places.decide.stored import outlines as outlines_of
from chengyun.places.models import City, Grid, GridLayer, GridOverlap, GridOwner, Region
from chengyun.places.policy import check_may_change
from chengyun.places.verbs.cities import locked_city
from chengyun.places.verbs.regions import read_regions

BASE = "base"
BASE_NAME: Text = {"zh": "基础网格", "en": "Base grid"}
_CHUNK = 5_000
_GRID = {
    "layer_id": "uuid",
    "code": "text",
    "area_no": "bigint",
    "boundary": "bytea",
    "size_m2": "float8",
    "owner_name": "text",
    "synthetic": "boolean",
    "valid_from": "date",
}
_OWNER = {
    "grid_id": "bigint",
    "owner_name": "text",
    "valid_from": "date",
    "recorded_at": "timestamptz",
}
_OVERLAP = {"base_id": "bigint", "other_id": "bigint", "size_m2": "float8"}


@verb("places.generate_grids")
def generate_grids(
    actor: Actor,
    *,
    now: datetime,
    area_no: int,
    cell_m2: float = UNIT_M2,
    total: int | None = None,
    owner_names: Mapping[int, str] | None = None,
    synthetic: bool = True,
) -> JsonObject:
    """Cut unit grids for every deepest outlined region of an area, and close the former ones.

    Cells are of about `cell_m2`, or `total` cells are spread over the regions so that small central
    ones get finer cells. `owner_names` gives first owners by the number of the region.

    Returns {"count", "regions"}. Raises Invalid (no outline, more than 999 cells in a region).
    """
    check_may_change(actor)
    city = locked_city(areas.city_of(area_no))
    today = _today(city, now)
    layer = _layer(city, BASE, BASE_NAME, synthetic, "generated")
    regions = _deepest(area_no)
    if not regions:
        raise Invalid([FieldError("area", "has no region with an outline", "no_outline")])
    outlines = outlines_of(wkb for _, _, wkb in regions)
    try:
        counts = shares(areas_m2(outlines), total) if total else [None] * len(regions)
        cells = [
            (number, cell.code, cell.outline)
            for (number, code, _), outline, count in zip(regions, outlines, counts, strict=True)
            for cell in unit_grid(outline, code, count=count, cell_m2=cell_m2)
        ]
    except GridError as error:
        raise Invalid([FieldError("cell_m2", str(error), "bad_grid")]) from error
    _replace(layer, area_no, today)
    named = owner_names or {}
    owners = {code: named.get(number, "") for number, code, _ in cells}
    _insert(layer, cells, synthetic, now, today, owners)
    city.touch()
    return {"area_no": area_no, "layer": BASE, "count": len(cells), "regions": len(regions)}


@verb("places.group_grids")
def group_grids(
    actor: Actor,
    *,
    now: datetime,
    area_no: int,
    layer: str,
    name: Text,
    cells_each: int,
    owner_names: Mapping[int, str] | None = None,
    synthetic: bool = True,
) -> JsonObject:
    """Make a layer whose grids join about `cells_each` neighbouring base grids of a street.

    Such a layer lies exactly on the base layer, so the union table follows from membership. Codes
    are the street's code, a dash, the layer's and a number: not a national code. Returns {"count"}.
    """
    check_may_change(actor)
    city = locked_city(areas.city_of(area_no))
    _check_not_base(layer)
    today = _today(city, now)
    row = _layer(city, layer, name, synthetic, "joined from base grids")
    base = Grid.objects.filter(layer__city=city, layer__code=BASE, valid_to=None)
    base = base.filter(area_no__range=areas.span(area_no)).order_by("code")
    streets: dict[int, list[tuple[int, int, Blob, float]]] = {}
    for pk, no, wkb, size in base.values_list("pk", "area_no", "boundary", "size_m2"):
        street = areas.at_level(no, "street") or no
        streets.setdefault(street, []).append((pk, no, wkb, size))
    codes = dict(Region.objects.filter(area_no__in=streets).values_list("area_no", "code"))
    made: list[tuple[int, str, Area]] = []
    members: dict[str, list[tuple[int, float]]] = {}
    owners: dict[str, str] = {}
    for street, cells in streets.items():
        outlines = outlines_of(cell[2] for cell in cells)
        sizes = np.array([cell[3] for cell in cells])
        middles = shapely.get_coordinates(shapely.centroid(outlines))
        groups = np.array(cluster(middles, sizes, max(1, round(len(cells) / cells_each))))
        for group in range(groups.max() + 1):
            held = np.flatnonzero(groups == group)
            code = f"{codes[street]}-{layer}-{group + 1:03d}"
            holder = _common(cells[at][1] for at in held.tolist())
            made.append((holder, code, dissolve(outlines[held])))
            owners[code] = (owner_names or {}).get(street, "")
            members[code] = [(cells[at][0], cells[at][3]) for at in held.tolist()]
    _replace(row, area_no, today)
    _insert(row, made, synthetic, now, today, owners)
    numbers = dict(Grid.objects.filter(layer=row, valid_to=None).values_list("code", "pk"))
    pairs = [(pk, numbers[code], size) for code, held in members.items() for pk, size in held]
    insert_overlaps(pairs)
    city.touch()
    return {"area_no": area_no, "layer": layer, "count": len(made)}


@verb("places.import_grids")
def import_grids(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    layer: str,
    name: Text,
    content: bytes,
    source: str,
    columns: Mapping[str, str] | None = None,
    datum: Datum = "WGS84",
    synthetic: bool = False,
) -> JsonObject:
    """Replace a layer by the grids of a GeoJSON file (code, name = owner); then `overlay_layers`.

    A grid belongs to the deepest region that holds all of it; one that reaches out of every region
    belongs to the city and shows in the report. Returns counts and rejects as `import_regions`.
    """
    check_may_change(actor)
    city = locked_city(city_no)
    today = _today(city, now)
    batch = read_regions(content, "geojson", columns, datum)
    rejects = list(batch.rejects)
    found: list[tuple[int, str, Area]] = []
    owners: dict[str, str] = {}
    regions, shapes = _outlined(city_no)
    tree = shapely.STRtree(shapes)
    for row in batch.rows:
        if row.boundary is None:
            rejects.append(Note(row.number, "geometry", "A grid needs an outline.", row.code))
            continue
        holders = [regions[at] for at in tree.query(row.boundary, "covered_by").tolist()]
        found.append((max(holders, key=areas.depth, default=city_no), row.code, row.boundary))
        owners[row.code] = row.name
    held = _layer(city, layer, name, synthetic, source)
    _replace(held, city_no, today)
    _insert(held, found, synthetic, now, today, owners)
    city.touch()
    rejects.sort(key=lambda note: note.number)
    return {
        "area_no": city_no,
        "layer": layer,
        "count": len(found),
        "read": batch.read,
        "created": len(found),
        "rejected": len(rejects),
        "rejects": [asdict(note) for note in rejects],
        "repairs": [asdict(note) for note in batch.repairs],
    }


@verb("places.assign_grid_owner")
def assign_grid_owner(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    layer: str,
    codes: list[str],
    owner_name: str,
    owner_id: UUID | None = None,
) -> JsonObject:
    """Say who answers for grids of a layer from today on; earlier owners are kept.

    Raises NotFound naming the first unknown code.
    """
    check_may_change(actor)
    city = locked_city(city_no)
    today = _today(city, now)
    held = Grid.objects.filter(layer__city=city, layer__code=layer, code__in=codes, valid_to=None)
    found = dict(held.values_list("code", "pk"))
    missing = sorted(set(codes) - set(found))
    if missing:
        raise NotFound(f"There is no grid {missing[0]} in this layer.")
    Grid.objects.filter(pk__in=found.values()).update(owner_id=owner_id, owner_name=owner_name)
    GridOwner.objects.bulk_create(
        GridOwner(
            grid_id=pk, owner_id=owner_id, owner_name=owner_name, valid_from=today, recorded_at=now
        )
        for pk in found.values()
    )
    return {"area_no": city_no, "layer": layer, "count": len(found)}


def insert_overlaps(pairs: list[tuple[int, int, float]]) -> None:
    """Add rows of the union table: base grid, other grid, m² in common."""
    for at in range(0, len(pairs), _CHUNK):
        insert_rows("places_gridoverlap", _OVERLAP, pairs[at : at + _CHUNK])


def _insert(
    layer: GridLayer,
    cells: list[tuple[int, str, Area]],
    synthetic: bool,
    now: datetime,
    since: date,
    owners: Mapping[str, str],
) -> None:
    """Add grids of a layer, and the first line of the history of those that have an owner."""
    shapes: Geometries = np.array([outline for _, _, outline in cells], dtype=object)
    sizes = areas_m2(shapes).tolist()
    rows: list[tuple[Any, ...]] = [
        (layer.pk, code, number, wkb, size, owners.get(code, ""), synthetic, since)
        for (number, code, _), wkb, size in zip(cells, shapely.to_wkb(shapes), sizes, strict=True)
    ]
    for at in range(0, len(rows), _CHUNK):
        insert_rows("places_grid", _GRID, rows[at : at + _CHUNK])
    owned = Grid.objects.filter(layer=layer, code__in=list(owners), valid_to=None)
    first = [
        (pk, name, since, now)
        for pk, name in owned.exclude(owner_name="").values_list("pk", "owner_name")
    ]
    for at in range(0, len(first), _CHUNK):
        insert_rows("places_gridowner", _OWNER, first[at : at + _CHUNK])


def _replace(layer: GridLayer, area_no: int, today: date) -> None:
    """Close the open grids of a layer inside an area, and forget what they overlapped."""
    former = Grid.objects.filter(layer=layer, area_no__range=areas.span(area_no), valid_to=None)
    mine = "base" if layer.code == BASE else "other"
    GridOverlap.objects.filter(**{f"{mine}__in": former}).delete()
    former.update(valid_to=today)


def _layer(city: City, code: str, name: Text, synthetic: bool, source: str) -> GridLayer:
    layer, _ = GridLayer.objects.update_or_create(
        city=city,
        code=code,
        defaults={
            "name_zh": name["zh"],
            "name_en": name["en"],
            "synthetic": synthetic,
            "source": source,
        },
    )
    return layer


def _deepest(area_no: int) -> list[tuple[int, str, Blob]]:
    """Outlined regions of an area that have no outlined region below them."""
    rows = Region.objects.filter(area_no__range=areas.span(area_no), valid_to=None)
    found = rows.exclude(boundary=None).order_by("code").values_list("area_no", "code", "boundary")
    outlined = list(found)
    above = {areas.parent(no) for no, _, _ in outlined}
    return [row for row in outlined if row[0] not in above]


def _outlined(city_no: int) -> tuple[list[int], Geometries]:
    rows = Region.objects.filter(city_id=city_no, valid_to=None).exclude(boundary=None)
    found = list(rows.values_list("area_no", "boundary"))
    return [no for no, _ in found], outlines_of(wkb for _, wkb in found)


def _common(numbers: Iterable[int]) -> int:
    """The deepest area above all of some areas of one city."""
    paths: list[list[int]] = [areas.ancestors(number) for number in numbers]
    shared: list[int] = [level[0] for level in zip(*paths, strict=False) if len(set(level)) == 1]
    return shared[-1]


def _check_not_base(layer: str) -> None:
    if layer == BASE or not layer.isascii() or not layer.isidentifier() or len(layer) > 32:
        reason = "must be a short ASCII word other than base"
        raise Invalid([FieldError("layer", reason, "bad_layer")])


def _today(city: City, now: datetime) -> date:
    return now.astimezone(ZoneInfo(city.time_zone)).date()
