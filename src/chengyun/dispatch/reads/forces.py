"""Forces as a collection of live tiles and features: per area how many units and people are on
duty now. Nobody stands on a map by themselves: a force is its area's, never a person's track."""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chengyun.kernel.text import JsonObject, Text
from chengyun.people.models import DutyMember, DutyShift
from chengyun.places.decide.drawing import Box, Collection, FieldType, Look, Shown
from chengyun.places.decide.tiling import Tile
from chengyun.places.decide.vector_tiles import Sheet
from chengyun.places.models import Region
from chengyun.places.reads import box_of, points_of

_FIELDS: Mapping[str, FieldType] = {
    "code": "text",
    "name_zh": "text",
    "name_en": "text",
    "level": "text",
    "units": "integer",
    "people": "integer",
}


class ForceSource:
    """forces: by row, since areas and units decide whose shifts somebody sees."""

    def collections(self, actor: Any, city_no: int) -> Sequence[Collection]:
        """One, for whoever is signed in."""
        if actor.kind == "public":
            return []
        title: Text = {"zh": "在岗力量", "en": "Forces on duty"}
        return [Collection("forces", title, "point", _FIELDS, city_no, by_row=True)]

    def stamp(self, look: Look) -> str | None:
        """None: who is on duty changes with the clock."""
        return None

    def sheet(self, look: Look, tile: Tile, most: int) -> Sheet:
        """Areas with somebody on duty."""
        found = self.rows(look, box_of(tile)).order_by("area_no")
        rows = list(found.values("area_no", "center_lon", "center_lat", *_FIELDS)[: most + 1])
        return Sheet(
            "forces",
            [row["area_no"] & ((1 << 53) - 1) for row in rows],
            [{name: row[name] for name in _FIELDS} for row in rows],
            points_of([(row["center_lon"], row["center_lat"]) for row in rows]),
            more=len(rows) > most,
        )

    def rows(self, look: Look, box: Box | None) -> QuerySet[Region, Any]:
        """Areas of the city where a shift in the asker's sight runs now."""
        shifts = DutyShift.objects.visible_to(look.actor).covering(look.now)
        here = shifts.filter(organisation__area_no=OuterRef("area_no")).order_by()
        units = here.values("organisation__area_no").annotate(
            n=Count("organisation", distinct=True)
        )
        present = DutyMember.objects.filter(
            Q(off_at=None) | Q(off_at__gt=look.now),
            shift__in=shifts,
            shift__organisation__area_no=OuterRef("area_no"),
        ).order_by()
        people = present.values("shift__organisation__area_no").annotate(
            n=Count("user", distinct=True)
        )
        found = Region.objects.filter(
            city_id=look.collection.city_no, valid_to=None, center_lon__isnull=False
        ).annotate(
            units=Subquery(units.values("n")), people=Coalesce(Subquery(people.values("n")), 0)
        )
        found = found.filter(units__gt=0)
        if box is None:
            return found
        west, south, east, north = box
        return found.filter(center_lon__range=(west, east), center_lat__range=(south, north))

    def paths(self, look: Look) -> Mapping[str, str]:
        """Its own columns and counts."""
        return {name: name for name in _FIELDS}

    def shown(self, look: Look, rows: Sequence[Any]) -> list[Shown]:
        """A point inside each area, with its name and counts."""
        return [
            Shown(row.code, shapely.Point(row.center_lon, row.center_lat), _told(row))
            for row in rows
        ]

    def one(self, look: Look, feature_id: str) -> Any:
        """By the area's code."""
        return self.rows(look, None).filter(code=feature_id).first()


def _told(row: Any) -> JsonObject:
    return {name: getattr(row, name) for name in _FIELDS}
