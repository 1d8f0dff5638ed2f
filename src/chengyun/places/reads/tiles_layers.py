"""Layers of the map as collections: features now or as they were, by their number for a place."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import shapely
from django.db.models import F, Q

from chengyun.kernel.actor import Actor
from chengyun.places.decide.drawing import Box, Collection, FieldType, Look, Shown
from chengyun.places.decide.stored import outlines
from chengyun.places.decide.tiling import Tile
from chengyun.places.decide.vector_tiles import Sheet
from chengyun.places.models import MapLayer
from chengyun.places.reads.clustering import box_of, clustered
from chengyun.places.reads.map_layers import then

_TYPES: Mapping[str, FieldType] = {
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "text": "text",
}
SINGLE_ZOOM = 14
_PIXELS = 256
_FEW = 2_000
"""A layer with no more points than these is never summed."""


class LayerSource:
    """layers.CODE or layers.UUID: what the catalogue shows the asker, of any grade."""

    def collections(self, actor: Actor, city_no: int) -> Sequence[Collection]:
        """The layers in sight, by code."""
        rows = MapLayer.objects.visible_to(actor).filter(city_id=city_no).order_by("code")
        return [_collection(row) for row in rows]

    def stamp(self, look: Look) -> str | None:
        """The version, and when the entry changed."""
        row: MapLayer = look.collection.subject
        return f"{row.id.hex}-{row.version}-{row.changed_at.timestamp():.6f}"

    def sheet(self, look: Look, tile: Tile, most: int) -> Sheet:
        """Single features; many points of a low zoom are summed, specks are left out."""
        row: MapLayer = look.collection.subject
        name, box = look.collection.id, box_of(tile)
        found = then(row, look.at, box)
        if row.geometry == "point" and tile.z < SINGLE_ZOOM and row.count > _FEW:
            return clustered(name, found.values(lon=F("west"), lat=F("south")), tile, {})
        if row.geometry in ("line", "polygon"):
            # Half a pixel; the tile is drawn on 256 or 512 of them.
            speck = 180.0 / (1 << tile.z) / _PIXELS
            found = found.filter(Q(east__gt=F("west") + speck) | Q(north__gt=F("south") + speck))
        rows = list(found.order_by("id")[: most + 1])
        return Sheet(
            name,
            [one.id for one in rows],
            [{**one.properties, "id": one.key} for one in rows],
            shapes=outlines(one.shape for one in rows) if rows else None,
            more=len(rows) > most,
        )

    def rows(self, look: Look, box: Box | None) -> Any:
        """Features as of the time looked at."""
        return then(look.collection.subject, look.at, box)

    def paths(self, look: Look) -> Mapping[str, str]:
        """Its properties, inside the JSON column."""
        return {name: f"properties__{name}" for name in look.collection.fields if "__" not in name}

    def shown(self, look: Look, rows: Sequence[Any]) -> list[Shown]:
        """Features with their properties."""
        shapes = outlines(row.shape for row in rows)
        return [
            Shown(row.key, shape, row.properties) for row, shape in zip(rows, shapes, strict=True)
        ]

    def one(self, look: Look, feature_id: str) -> Any:
        """By key."""
        return self.rows(look, None).filter(key=feature_id).order_by("id").first()


def _collection(row: MapLayer) -> Collection:
    edges = (row.west, row.south, row.east, row.north)
    known = None not in edges
    return Collection(
        f"layers.{row.code}",
        {"zh": row.name_zh, "en": row.name_en or row.name_zh},
        row.geometry or "mixed",
        {str(one["name"]): _TYPES.get(str(one["type"]), "text") for one in row.schema},
        row.city_id,
        bbox=edges if known else None,  # type: ignore[arg-type]
        min_zoom=int(row.min_zoom),
        history=True,
        editable=True,
        subject=row,
    )


def layer_named(actor: Actor, city_no: int, part: str) -> Collection | None:
    """The layer of a code, or of an id whichever city it is in; None where none is in sight."""
    seen = MapLayer.objects.visible_to(actor)
    row = seen.filter(city_id=city_no, code=part).first()
    if row is None:
        try:
            row = seen.filter(pk=UUID(part)).first()
        except ValueError:
            return None
    return None if row is None else _collection(row)


def within_box(shown: Sequence[Shown], box: Box) -> list[Shown]:
    """Those that truly touch a box."""
    held = shapely.box(*box)
    return [one for one in shown if one.shape is None or shapely.intersects(one.shape, held)]
