"""Open cases as a collection of live tiles and features: exactly those the asker may see.

Neither words, contacts nor attributes are in it: what is masked elsewhere never gets this far.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely

from chengyun.cases.models import Case
from chengyun.cases.reads.rows import light
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject, Text
from chengyun.places.decide.drawing import Box, Collection, FieldType, Look, Shown
from chengyun.places.decide.tiling import Tile
from chengyun.places.decide.vector_tiles import Sheet
from chengyun.places.reads import box_of, clustered, points_of

SINGLE_ZOOM = 14
_ID_BITS = (1 << 53) - 1
_FIELDS: Mapping[str, FieldType] = {
    "no": "text",
    "state": "text",
    "clock": "text",
    "level": "integer",
    "kind_id": "text",
    "simulated": "boolean",
    "reported_at": "time",
    "due_at": "time",
}
_ASKED = ("no", "state", "level", "kind_id", "simulated", "reported_at", "due_at")
_READ = ("id", "lon", "lat", *_ASKED, "warn_at", "paused")


class CaseSource:
    """cases: by row, since areas and units decide who sees what."""

    def collections(self, actor: Actor, city_no: int) -> Sequence[Collection]:
        """One, for whoever is signed in."""
        if actor.kind == "public":
            return []
        title: Text = {"zh": "在办案件", "en": "Open cases"}
        return [Collection("cases", title, "point", _FIELDS, city_no, by_row=True)]

    def stamp(self, look: Look) -> str | None:
        """None: a counter that every case writes would make all of them wait for each other."""
        return None

    def sheet(self, look: Look, tile: Tile, most: int) -> Sheet:
        """Single cases from street zooms on, the most urgent first; before, sums by level."""
        found = self.rows(look, box_of(tile))
        if tile.z < SINGLE_ZOOM:
            rows = found.values("lon", "lat", "level", "due_at", "paused")
            return clustered("cases", rows, tile, _tallies(look.now))
        cases = list(found.order_by("sort_at", "id").values(*_READ)[: most + 1])
        return Sheet(
            "cases",
            [row["id"].int & _ID_BITS for row in cases],
            [{"id": str(row["id"]), **_told(row, look.now)} for row in cases],
            points_of([(row["lon"], row["lat"]) for row in cases]),
            more=len(cases) > most,
        )

    def rows(self, look: Look, box: Box | None) -> Any:
        """Open cases with a point, in the asker's sight."""
        seen = Case.objects.visible_to(look.actor).filter(
            city_no=look.collection.city_no, open=True, lon__isnull=False, lat__isnull=False
        )
        if box is None:
            return seen
        west, south, east, north = box
        return seen.filter(lon__range=(west, east), lat__range=(south, north))

    def paths(self, look: Look) -> Mapping[str, str]:
        """Its own columns; the clock's colour is made, not kept."""
        return {name: name for name in _ASKED}

    def shown(self, look: Look, rows: Sequence[Any]) -> list[Shown]:
        """Points with number, state, clock, level and kind."""
        told = [{name: getattr(row, name) for name in _READ} for row in rows]
        return [
            Shown(str(row["id"]), shapely.Point(row["lon"], row["lat"]), _told(row, look.now))
            for row in told
        ]

    def one(self, look: Look, feature_id: str) -> Any:
        """By id."""
        try:
            return self.rows(look, None).filter(pk=UUID(feature_id)).first()
        except ValueError:
            return None


def _told(row: Mapping[str, Any], now: datetime) -> JsonObject:
    return {
        "no": row["no"],
        "state": row["state"],
        "clock": light(row, now),
        "level": row["level"],
        "kind_id": row["kind_id"],
        "simulated": row["simulated"],
        "reported_at": row["reported_at"].isoformat(),
        "due_at": row["due_at"].isoformat() if row["due_at"] else None,
    }


def _tallies(now: datetime) -> dict[str, tuple[str, Sequence[Any]]]:
    levels: dict[str, tuple[str, Sequence[Any]]] = {
        f"level_{level}": ("level = %s", (level,)) for level in (1, 2, 3, 4)
    }
    return {**levels, "late": ("NOT paused AND due_at <= %s", (now,))}
