"""Regions of each level and grids of each layer, as collections of tiles and features."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.places.decide.drawing import Box, Collection, FieldType, Look, Shown
from chengyun.places.decide.stored import outlines
from chengyun.places.decide.tiling import Tile
from chengyun.places.decide.vector_tiles import Sheet
from chengyun.places.models import Grid, GridLayer, Region
from chengyun.places.reads.atlas import city_map
from chengyun.places.reads.clustering import box_of

LEVELS: Mapping[str, tuple[str, str, int]] = {
    "city": ("市界", "City", 0),
    "district": ("区界", "Districts", 0),
    "street": ("街道界", "Streets and towns", 8),
    "community": ("社区界", "Communities", 10),
}
GRID_ZOOM = 11
_REGION: Mapping[str, FieldType] = {
    "code": "text",
    "level": "text",
    "name_zh": "text",
    "name_en": "text",
    "synthetic": "boolean",
}
_GRID: Mapping[str, FieldType] = {"code": "text", "area_no": "integer", "synthetic": "boolean"}


class RegionSource:
    """regions.city, .district, .street and .community: reference data that everybody sees."""

    def collections(self, actor: Actor, city_no: int) -> Sequence[Collection]:
        """All four, whether or not outlines are known."""
        return [
            Collection(
                f"regions.{level}",
                {"zh": zh, "en": en},
                "polygon",
                _REGION,
                city_no,
                min_zoom=zoom,
                subject=level,
            )
            for level, (zh, en, zoom) in LEVELS.items()
        ]

    def stamp(self, look: Look) -> str | None:
        """The revision of the city's map."""
        return city_map(look.collection.city_no).info.revision.hex

    def sheet(self, look: Look, tile: Tile, most: int) -> Sheet:
        """Outlines that touch the tile, by code."""
        return _sheet(self, look, tile, most)

    def rows(self, look: Look, box: Box | None) -> Any:
        """Regions of the level that have an outline."""
        held = Region.objects.filter(
            city_id=look.collection.city_no, level=look.collection.subject, valid_to=None
        ).exclude(boundary=None)
        return held if box is None else held.filter(area_no__in=_near(look, box))

    def paths(self, look: Look) -> Mapping[str, str]:
        """Its own columns."""
        return {name: name for name in _REGION}

    def shown(self, look: Look, rows: Sequence[Any]) -> list[Shown]:
        """Outlines with code and names."""
        shapes = outlines(row.boundary for row in rows)
        return [
            Shown(
                str(row.area_no),
                shape,
                {
                    "code": row.code,
                    "level": row.level,
                    "name_zh": row.name_zh,
                    "name_en": row.name_en or row.name_zh,
                    "synthetic": row.synthetic,
                },
            )
            for row, shape in zip(rows, shapes, strict=True)
        ]

    def one(self, look: Look, feature_id: str) -> Any:
        """By area number."""
        return self.rows(look, None).filter(pk=number_of(feature_id)).first()


class GridSource:
    """grids.LAYER for each grid layer of the city; for whoever is signed in."""

    def collections(self, actor: Actor, city_no: int) -> Sequence[Collection]:
        """The city's layers, for those with a post there."""
        if not sees_city(actor, city_no):
            return []
        return [
            Collection(
                f"grids.{row.code}",
                {"zh": row.name_zh, "en": row.name_en or row.name_zh},
                "polygon",
                _GRID,
                city_no,
                min_zoom=GRID_ZOOM,
                subject=row.id,
            )
            for row in GridLayer.objects.filter(city_id=city_no).order_by("code")
        ]

    def stamp(self, look: Look) -> str | None:
        """The revision of the city's map."""
        return city_map(look.collection.city_no).info.revision.hex

    def sheet(self, look: Look, tile: Tile, most: int) -> Sheet:
        """Cells that touch the tile, from street zooms on."""
        if tile.z < GRID_ZOOM:
            return Sheet(look.collection.id, [], [])
        return _sheet(self, look, tile, most)

    def rows(self, look: Look, box: Box | None) -> Any:
        """Cells in force; of a box, those in the regions it touches."""
        held = Grid.objects.filter(layer_id=look.collection.subject, valid_to=None)
        return held if box is None else held.filter(area_no__in=_near(look, box))

    def paths(self, look: Look) -> Mapping[str, str]:
        """Its own columns; the owner is a person and not among them."""
        return {name: name for name in _GRID}

    def shown(self, look: Look, rows: Sequence[Any]) -> list[Shown]:
        """Cells with their code."""
        shapes = outlines(row.boundary for row in rows)
        return [
            Shown(row.code, shape, {name: getattr(row, name) for name in _GRID})
            for row, shape in zip(rows, shapes, strict=True)
        ]

    def one(self, look: Look, feature_id: str) -> Any:
        """By code."""
        return self.rows(look, None).filter(code=feature_id).first()


def sees_city(actor: Actor, city_no: int) -> bool:
    """Whether the actor has a post in the city."""
    return actor.kind == "system" or city_no in {areas.city_of(g.area_no) for g in actor.grants}


def number_of(said: str) -> int:
    """A feature id that is a number; -1, which nothing has, where it is none."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else -1


def _near(look: Look, box: Box) -> list[int]:
    return city_map(look.collection.city_no).regions_touching(shapely.box(*box))


def _sheet(source: RegionSource | GridSource, look: Look, tile: Tile, most: int) -> Sheet:
    rows = list(source.rows(look, box_of(tile)).order_by("code")[: 4 * most])
    shapes = outlines(row.boundary for row in rows)
    touching = shapely.intersects(shapes, shapely.box(*box_of(tile)))
    kept = np.flatnonzero(touching).tolist()
    shown = source.shown(look, [rows[at] for at in kept])
    return Sheet(
        look.collection.id,
        [rows[at].pk for at in kept],
        [{"id": one.id, **one.says} for one in shown],
        shapes=shapes[kept],
        more=len(rows) == 4 * most,
    )
