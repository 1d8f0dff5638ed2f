"""Grids as lists, and the one owner list of all layers (多格合一)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from chengyun.kernel import areas, paging
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import Text
from chengyun.places.models import Grid, GridLayer, GridOverlap
from chengyun.places.reads.atlas import BASE, Sheet, sheet


@dataclass(frozen=True, slots=True)
class GridLine:
    """A grid in a list."""

    code: str
    area_no: int
    size_m2: float
    owner_id: UUID | None
    owner: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class OverLine:
    """A base grid and, per other layer, the grids that share its ground: (code, owner, share)."""

    grid: GridLine
    layers: dict[str, list[tuple[str, str, float]]]


def layers(city_no: int) -> dict[str, Text]:
    """The grid layers of a city: code → name."""
    rows = GridLayer.objects.filter(city_id=city_no).order_by("code")
    return {row.code: {"zh": row.name_zh, "en": row.name_en} for row in rows}


def grid_sheet(city_no: int, layer: str) -> Sheet:
    """All open cells of a layer with an index over them, for many points."""
    cells = Grid.objects.filter(layer__city_id=city_no, layer__code=layer, valid_to=None)
    return sheet(list(cells.order_by("code").values_list("code", "area_no", "boundary")))


def grids(
    area_no: int, layer: str = BASE, *, cursor: str | None = None, limit: int | None = None
) -> tuple[list[GridLine], str | None]:
    """A page of a layer's grids inside an area, by code; and the cursor of the next page."""
    size = paging.clamp(limit)
    rows = _rows(area_no, layer, cursor, size)
    more = paging.encode([rows[size - 1].code]) if len(rows) > size else None
    return [_line(row) for row in rows[:size]], more


def owner_list(
    area_no: int, *, cursor: str | None = None, limit: int | None = None
) -> tuple[list[OverLine], str | None]:
    """A page of the one owner list: each base grid of an area with its owner in each layer."""
    size = paging.clamp(limit)
    rows = _rows(area_no, BASE, cursor, size)
    more = paging.encode([rows[size - 1].code]) if len(rows) > size else None
    lines = {row.pk: OverLine(_line(row), {}) for row in rows[:size]}
    shared = GridOverlap.objects.filter(base__in=lines, other__valid_to=None).order_by(
        "other__code"
    )
    fields = ("base_id", "other__layer__code", "other__code", "other__owner_name", "size_m2")
    for base_id, layer, code, owner, size_m2 in shared.values_list(*fields):
        line = lines[base_id]
        share = round(min(1.0, size_m2 / line.grid.size_m2), 4)
        line.layers.setdefault(layer, []).append((code, owner, share))
    return list(lines.values()), more


def _rows(area_no: int, layer: str, cursor: str | None, size: int) -> list[Grid]:
    city_no = areas.city_of(area_no)
    if not GridLayer.objects.filter(city_id=city_no, code=layer).exists():
        raise Invalid([FieldError("layer", "is not a grid layer of this city", "bad_layer")])
    found = Grid.objects.filter(
        layer__city_id=city_no,
        layer__code=layer,
        area_no__range=areas.span(area_no),
        valid_to=None,
    )
    if cursor:
        (last,) = paging.decode(cursor, 1)
        found = found.filter(code__gt=str(last))
    return list(found.defer("boundary").order_by("code")[: size + 1])


def _line(row: Grid) -> GridLine:
    return GridLine(row.code, row.area_no, row.size_m2, row.owner_id, row.owner_name, row.synthetic)


def grid_codes(area_nos: Iterable[int]) -> dict[int, str]:
    """The codes of base grids by area number."""
    rows = Grid.objects.filter(layer__code=BASE, area_no__in=list(area_nos), valid_to=None)
    return dict(rows.values_list("area_no", "code"))
