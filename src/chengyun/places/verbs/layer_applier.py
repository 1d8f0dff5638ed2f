"""Change sets on the features of a layer: subject "layer", subject id the layer's id.

A feature's state is {"geometry": GeoJSON in WGS84 degrees, "properties": {…}}; its key is the
target's id. Applying and undoing are versions of the layer like any import.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import shapely
from shapely.errors import ShapelyError

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.text import JsonObject, Text
from chengyun.places.decide.changing import Changing, Head, Problem
from chengyun.places.decide.cleaning import clean
from chengyun.places.decide.featuring import Chunk, Ready, made_ready
from chengyun.places.decide.solids import Space, Unsound, space_of, standing
from chengyun.places.models import MapFeature, MapLayer
from chengyun.places.verbs.layers import note_version

_NO_LAYER: Text = {"zh": "没有这个图层。", "en": "There is no such layer."}


class LayerApplier:
    """Keeps the features of every layer."""

    def current(self, head: Head, target_ids: Collection[str]) -> Mapping[str, JsonObject]:
        """Features that exist now, by key."""
        rows = MapFeature.objects.filter(
            layer_id=_id(head), valid_to=None, key__in=list(target_ids)
        )
        fields = ("key", "shape", "properties")
        return {key: _state(blob, said) for key, blob, said in rows.values_list(*fields)}

    def check(
        self, head: Head, changes: Sequence[Changing], now: datetime
    ) -> Mapping[int, Sequence[Problem]]:
        """The same look at shapes as an import takes."""
        layer = MapLayer.objects.filter(pk=_id(head), city_id=head.city_no).first()
        if layer is None:
            return {one.order: [Problem("no_layer", _NO_LAYER)] for one in changes[:1]}
        found: dict[int, list[Problem]] = {}
        space = space_of(layer.style)
        for one in changes:
            if one.after is not None:
                problem = _problem(one.after, space)
                if problem:
                    found[one.order] = [problem]
        return found

    def apply(self, head: Head, changes: Sequence[Changing], now: datetime) -> None:
        """End what is changed or retired, begin what is changed or added."""
        self._write(head, [(one.target_id, one.before, one.after) for one in changes], now)

    def undo(self, head: Head, changes: Sequence[Changing], now: datetime) -> None:
        """The other way round."""
        self._write(head, [(one.target_id, one.after, one.before) for one in changes], now)

    def _write(
        self,
        head: Head,
        steps: Sequence[tuple[str, JsonObject | None, JsonObject | None]],
        now: datetime,
    ) -> None:
        layer = MapLayer.objects.select_for_update().get(pk=_id(head))
        ended = [key for key, before, _ in steps if before is not None]
        layer.features.filter(valid_to=None, key__in=ended).update(valid_to=now)
        begun = [(key, after) for key, _, after in steps if after is not None]
        ready = _ready(begun)
        MapFeature.objects.bulk_create([_row(layer, one, now) for one in ready], batch_size=1_000)
        both = sum(1 for _, before, after in steps if before is not None and after is not None)
        counts: JsonObject = {"created": len(begun) - both, "changed": both}
        counts["retired"] = len(ended) - both
        note_version(
            layer, SYSTEM, now, counts, source=head.title, set_id=UUID(head.set_id), accuracy=0.0
        )


def _id(head: Head) -> UUID:
    """The layer's id; one that no layer has where the set names none."""
    try:
        return UUID(head.subject_id)
    except ValueError:
        return UUID(int=0)


def _state(blob: Any, properties: JsonObject) -> JsonObject:
    shape = shapely.from_wkb(bytes(blob))
    return {"geometry": orjson.loads(shapely.to_geojson(shape)), "properties": properties}


def _shape(state: JsonObject) -> Any:
    try:
        return shapely.from_geojson(orjson.dumps(state.get("geometry")))
    except (ShapelyError, TypeError):
        return None


def _fault(state: JsonObject) -> str:
    """Why a feature cannot be kept, "" if it can; a repair is for an import, not for a review."""
    if not isinstance(state.get("properties"), dict):
        return "properties must be an object"
    looked = clean(np.array([_shape(state)], dtype=object), "WGS84")
    return looked.rejects.get(0) or looked.repairs.get(0, "")


def _problem(state: JsonObject, space: Space | None) -> Problem | None:
    reason = _fault(state)
    if reason:
        said: Text = {"zh": f"几何图形不可用：{reason}", "en": reason}
        return Problem("bad_geometry", said, "geometry")
    try:
        if space is not None:
            standing(space, state["properties"])
    except Unsound as error:
        told: Text = {"zh": f"空间数据不可用：{error}", "en": str(error)}
        return Problem("bad_space", told, error.field)
    return None


def _ready(begun: Sequence[tuple[str, JsonObject]]) -> list[Ready]:
    if not begun:
        return []
    shapes = np.array([_shape(state) for _, state in begun], dtype=object)
    properties: list[Any] = [state["properties"] for _, state in begun]
    return made_ready(Chunk(shapes, properties, [key for key, _ in begun], 0.0), Counter())


def _row(layer: MapLayer, one: Ready, now: datetime) -> MapFeature:
    west, south, east, north = one.box
    return MapFeature(
        layer=layer,
        key=one.key,
        shape=one.shape,
        cell=one.cell,
        west=west,
        south=south,
        east=east,
        north=north,
        properties=orjson.loads(one.properties),
        digest=one.digest,
        valid_from=now,
    )
