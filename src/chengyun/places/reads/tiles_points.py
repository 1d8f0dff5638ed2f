"""Published addresses and components as collections: single at street zooms, else summed."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import shapely
from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import Text
from chengyun.places.decide.drawing import Box, Collection, FieldType, Look, Shown
from chengyun.places.decide.tiling import Tile
from chengyun.places.decide.vector_tiles import Sheet
from chengyun.places.models import Address, City, Component
from chengyun.places.reads.clustering import (
    CELL_DEPTH,
    CELLS,
    box_of,
    cluster_sheet,
    clustered,
    points_of,
)
from chengyun.places.reads.tiles_regions import sees_city

STREET_ZOOM = 16
SUMMED_ZOOM = 13
"""Down to here components are summed from `places_componentcell`, kept by the database."""
CELL_ZOOM = SUMMED_ZOOM + CELL_DEPTH
_ID_BITS = (1 << 53) - 1
_COMPONENT: Mapping[str, FieldType] = {
    "kind_id": "text",
    "code": "text",
    "name": "text",
    "state": "text",
    "synthetic": "boolean",
}
_ADDRESS: Mapping[str, FieldType] = {
    "text": "text",
    "kind": "text",
    "code": "text",
    "synthetic": "boolean",
}
# What to see in a component from afar: how many are not as they should be.
_BAD = {"bad": ("state <> 'intact'", ())}
_CELLS = """
SELECT x >> %(shift)s, y >> %(shift)s, sum(lon_sum) / sum(n), sum(lat_sum) / sum(n),
    sum(n)::bigint, sum(bad)::bigint
FROM places_componentcell
WHERE city_no = %(city)s AND x BETWEEN %(west)s AND %(east)s AND y BETWEEN %(north)s AND %(south)s
GROUP BY 1, 2 HAVING sum(n) > 0
"""


class PointSource(ABC):
    """What addresses and components have in common."""

    title: Text
    fields: Mapping[str, FieldType]
    name: str

    def collections(self, actor: Actor, city_no: int) -> Sequence[Collection]:
        """One, for those with a post in the city."""
        if not sees_city(actor, city_no):
            return []
        return [Collection(self.name, self.title, "point", self.fields, city_no)]

    def paths(self, look: Look) -> Mapping[str, str]:
        """Its own columns."""
        return {name: name for name in self.fields}

    @abstractmethod
    def rows(self, look: Look, box: Box | None) -> Any:
        """Those in force."""

    def shown(self, look: Look, rows: Sequence[Any]) -> list[Shown]:
        """Points with their properties."""
        return [
            Shown(
                str(row.id),
                shapely.Point(row.lon, row.lat),
                {name: getattr(row, name) for name in self.fields},
            )
            for row in rows
        ]

    def one(self, look: Look, feature_id: str) -> Any:
        """By id."""
        try:
            return self.rows(look, None).filter(pk=UUID(feature_id)).first()
        except ValueError:
            return None

    def singles(self, look: Look, tile: Tile, most: int) -> Sheet:
        """Each point of a tile."""
        names = ("id", "lon", "lat", *self.fields)
        found = self.rows(look, box_of(tile)).values(*names)
        rows = list(found.order_by()[: most + 1])
        return Sheet(
            self.name,
            [row["id"].int & _ID_BITS for row in rows],
            [{"id": str(row["id"]), **{name: row[name] for name in self.fields}} for row in rows],
            points_of([(row["lon"], row["lat"]) for row in rows]),
            more=len(rows) > most,
        )


class AddressSource(PointSource):
    """Standard addresses that are published and have a point."""

    name = "addresses"
    title: Text = {"zh": "标准地址", "en": "Standard addresses"}
    fields = _ADDRESS

    def stamp(self, look: Look) -> str | None:
        """The revision of the city's addresses, as the database has it."""
        return _revision(look, "address_revision")

    def rows(self, look: Look, box: Box | None) -> Any:
        """Published ones."""
        held = Address.objects.visible_to(look.actor).filter(
            city_no=look.collection.city_no, state="published", lon__isnull=False
        )
        return held if box is None else _in_box(held, box)

    def sheet(self, look: Look, tile: Tile, most: int) -> Sheet:
        """Single from street zooms on, summed before."""
        if tile.z >= STREET_ZOOM:
            return self.singles(look, tile, most)
        rows = self.rows(look, box_of(tile)).values("lon", "lat")
        return clustered(self.name, rows, tile, {})


class ComponentSource(PointSource):
    """Components in force."""

    name = "components"
    title: Text = {"zh": "城市部件", "en": "Components"}
    fields = _COMPONENT

    def stamp(self, look: Look) -> str | None:
        """The revision of the city's components, which every statement on the table changes."""
        return _revision(look, "component_revision")

    def rows(self, look: Look, box: Box | None) -> Any:
        """Those that are not retired."""
        held = Component.objects.visible_to(look.actor).filter(
            city_no=look.collection.city_no, valid_to=None
        )
        return held if box is None else _in_box(held, box)

    def sheet(self, look: Look, tile: Tile, most: int) -> Sheet:
        """Single from street zooms on; below, sums that the database keeps or makes."""
        if tile.z >= STREET_ZOOM:
            return self.singles(look, tile, most)
        if tile.z > SUMMED_ZOOM:
            rows = self.rows(look, box_of(tile)).values("lon", "lat", "state")
            return clustered(self.name, rows, tile, _BAD)
        shift = SUMMED_ZOOM - tile.z
        side = CELLS << shift
        asked = {
            "shift": shift,
            "city": look.collection.city_no,
            "west": tile.x * side,
            "east": (tile.x + 1) * side - 1,
            "north": tile.y * side,
            "south": (tile.y + 1) * side - 1,
        }
        with connection.cursor() as cursor:
            cursor.execute(_CELLS, asked)
            return cluster_sheet(self.name, tile, cursor.fetchall(), list(_BAD))


def _revision(look: Look, column: str) -> str:
    found = City.objects.filter(pk=look.collection.city_no).values_list(column, flat=True)
    return f"{found.get()}"


def _in_box(found: "QuerySet[Any]", box: Box) -> "QuerySet[Any]":
    # A bare condition, as the index of points wants it.
    inside = RawSQL(
        "point(lon, lat) <@ box(point(%s, %s), point(%s, %s))", box, output_field=BooleanField()
    )
    return found.filter(inside)
