"""Laying all grid layers over each other (多格合一)."""

from datetime import datetime

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places.decide.metric import Geometries
from chengyun.places.decide.overlaying import shared_ground
from chengyun.places.decide.stored import outlines
from chengyun.places.models import City, Grid, GridLayer, GridOverlap
from chengyun.places.policy import check_may_change
from chengyun.places.verbs.cities import locked_city
from chengyun.places.verbs.grids import BASE, insert_overlaps


@verb("places.overlay_layers")
def overlay_layers(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    layer: str,
) -> JsonObject:
    """Rebuild the union table between the base grids and another layer from their geometry.

    For layers that were imported; joined layers get their table when made. Returns {"count"}.
    """
    check_may_change(actor)
    city = locked_city(city_no)
    if layer == BASE:
        raise NotFound("The base layer cannot lie over itself.")
    other = _layer(city, layer)
    base, base_shapes = _open(_layer(city, BASE))
    others, other_shapes = _open(other)
    GridOverlap.objects.filter(other__layer=other).delete()
    pairs = shared_ground(base_shapes, other_shapes)
    insert_overlaps([(base[a], others[b], size) for a, b, size in pairs])
    city.touch()
    return {"area_no": city_no, "layer": layer, "count": len(pairs)}


def _layer(city: City, code: str) -> GridLayer:
    found = GridLayer.objects.filter(city=city, code=code).first()
    if found is None:
        raise NotFound(f"The city has no grid layer {code!r}.")
    return found


def _open(layer: GridLayer) -> tuple[list[int], Geometries]:
    rows = Grid.objects.filter(layer=layer, valid_to=None).order_by("code")
    found = list(rows.values_list("pk", "boundary"))
    return [pk for pk, _ in found], outlines(wkb for _, wkb in found)
