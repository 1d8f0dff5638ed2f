"""The siting report: which grids no thing of a kind speaks for, summed by street."""

from typing import Any

import numpy as np
import shapely

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.places import reads as places
from chengyun.places.models import Grid
from chengyun.sensing.decide.siting import covered
from chengyun.sensing.models import Thing, ThingKind

MOST_BLIND = 2_000
MOST_CELLS = 60_000


def siting(
    actor: Actor, *, kind: str, area: int | None = None, reach_m: float | None = None
) -> JsonObject:
    """How much of an area things of a kind cover: by street, and the blind grids.

    A grid is covered when its middle is within the kind's reach of an active thing with a place.
    Raises NotFound; Invalid: the kind is unknown or says no reach and none is given.
    """
    number = places.own_area(actor, area)
    declared = ThingKind.objects.filter(pk=kind).first()
    if declared is None:
        raise Invalid([FieldError("kind", "No pack declares this kind.", "unknown_kind")])
    reach = reach_m or declared.content.get("reach_m")
    if not reach:
        raise Invalid([FieldError("reach_m", "The kind says no reach: give one.", "no_reach")])
    low, high = areas.span(number)
    held = list(
        Grid.objects.filter(
            layer__city_id=areas.city_of(number),
            layer__code="base",
            area_no__gte=low,
            area_no__lte=high,
            valid_to=None,
        )
        .order_by("code")
        .values("code", "area_no", "boundary")[:MOST_CELLS]
    )
    middles = shapely.centroid(shapely.from_wkb([bytes(one["boundary"]) for one in held]))
    cells = shapely.get_coordinates(middles).reshape(-1, 2)
    things = list(
        Thing.objects.visible_to(actor)
        .filter(kind_id=kind, state="active", city_no=areas.city_of(number), lon__isnull=False)
        .values_list("lon", "lat")
    )
    points = np.array(things, np.float64).reshape(-1, 2)
    count, nearest = covered(cells, points, float(reach))
    blind = np.flatnonzero(count == 0)
    return {
        "kind": kind,
        "name": declared.content["name"],
        "area_no": number,
        "reach_m": reach,
        "things": len(things),
        "cells": len(held),
        "covered": int((count > 0).sum()),
        "streets": _by_street(held, count),
        "blind": [
            {
                "code": held[at]["code"],
                "area_no": held[at]["area_no"],
                "lon": float(cells[at, 0]),
                "lat": float(cells[at, 1]),
                "nearest_m": float(nearest[at]) if np.isfinite(nearest[at]) else None,
            }
            for at in blind[:MOST_BLIND].tolist()
        ],
        "truncated": len(blind) > MOST_BLIND,
    }


def _by_street(held: list[Any], count: Any) -> list[JsonObject]:
    cells: dict[int, list[int]] = {}
    for one, found in zip(held, count.tolist(), strict=True):
        street = areas.at_level(one["area_no"], "street") or one["area_no"]
        line = cells.setdefault(street, [0, 0])
        line[0] += 1
        line[1] += found > 0
    names = places.areas_named(cells)
    return [
        {
            "area_no": street,
            "name": names[street].name if street in names else None,
            "cells": line[0],
            "covered": line[1],
        }
        for street, line in sorted(cells.items())
    ]
