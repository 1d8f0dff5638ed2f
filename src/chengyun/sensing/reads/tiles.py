"""Things as a collection of live tiles and features: exactly those the asker may see."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import shapely

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject, Text
from chengyun.places.decide.drawing import Box, Collection, FieldType, Look, Shown
from chengyun.places.decide.tiling import Tile
from chengyun.places.decide.vector_tiles import Sheet
from chengyun.places.reads import box_of, clustered, points_of
from chengyun.sensing.models import Datastream, StreamHealth, Thing
from chengyun.sensing.reads.things import WORST

SINGLE_ZOOM = 13
_ID_BITS = (1 << 53) - 1
_FIELDS: Mapping[str, FieldType] = {
    "code": "text",
    "name": "text",
    "kind_id": "text",
    "state": "text",
    "health": "text",
    "simulated": "boolean",
}
_ASKED = ("code", "name", "kind_id", "state", "simulated")
_READ = ("id", "lon", "lat", *_ASKED)
_TALLIES: Mapping[str, tuple[str, Sequence[Any]]] = {
    "planned": ("state = %s", ("planned",)),
}


class ThingSource:
    """things: by row, since areas, departments and shares decide who sees what."""

    def collections(self, actor: Actor, city_no: int) -> Sequence[Collection]:
        """One, for whoever is signed in."""
        if actor.kind == "public":
            return []
        title: Text = {"zh": "感知设备", "en": "Sensing devices"}
        return [Collection("things", title, "point", _FIELDS, city_no, by_row=True)]

    def stamp(self, look: Look) -> str | None:
        """None: what a reading says of its thing changes all the time."""
        return None

    def sheet(self, look: Look, tile: Tile, most: int) -> Sheet:
        """Single things from district zooms on; before, sums."""
        found = self.rows(look, box_of(tile))
        if tile.z < SINGLE_ZOOM:
            return clustered("things", found.values("lon", "lat", "state"), tile, dict(_TALLIES))
        rows = list(found.order_by("id").values(*_READ)[: most + 1])
        health = _health([row["id"] for row in rows])
        return Sheet(
            "things",
            [row["id"].int & _ID_BITS for row in rows],
            [{"id": str(row["id"]), **_told(row, health)} for row in rows],
            points_of([(row["lon"], row["lat"]) for row in rows]),
            more=len(rows) > most,
        )

    def rows(self, look: Look, box: Box | None) -> Any:
        """Things in service or planned that have a point, in the asker's sight."""
        seen = (
            Thing.objects.visible_to(look.actor)
            .filter(city_no=look.collection.city_no, lon__isnull=False, lat__isnull=False)
            .exclude(state="retired")
        )
        if box is None:
            return seen
        west, south, east, north = box
        return seen.filter(lon__range=(west, east), lat__range=(south, north))

    def paths(self, look: Look) -> Mapping[str, str]:
        """Its own columns; health is of its streams."""
        return {name: name for name in _ASKED}

    def shown(self, look: Look, rows: Sequence[Any]) -> list[Shown]:
        """Points with code, name, kind, state and health."""
        told = [{name: getattr(row, name) for name in _READ} for row in rows]
        health = _health([row["id"] for row in told])
        return [
            Shown(str(row["id"]), shapely.Point(row["lon"], row["lat"]), _told(row, health))
            for row in told
        ]

    def one(self, look: Look, feature_id: str) -> Any:
        """By id."""
        try:
            return self.rows(look, None).filter(pk=UUID(feature_id)).first()
        except ValueError:
            return None


def _told(row: Mapping[str, Any], health: Mapping[UUID, str]) -> JsonObject:
    return {**{name: row[name] for name in _ASKED}, "health": health.get(row["id"], "silent")}


def _health(things: Sequence[UUID]) -> dict[UUID, str]:
    """The worst health of the streams of some things."""
    streams = dict(Datastream.objects.filter(thing_id__in=things).values_list("no", "thing_id"))
    states = StreamHealth.objects.filter(stream__in=list(streams)).values_list("stream", "state")
    found: dict[UUID, str] = {}
    for no, state in states:
        thing = streams[no]
        found[thing] = min(state, found.get(thing, "fine"), key=WORST.index)
    return found
