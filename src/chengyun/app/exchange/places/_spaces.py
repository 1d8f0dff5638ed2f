"""What an import says and checks of how features stand in space."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from chengyun.app.exchange.places._asked import Asked, Unusable
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.cleaning import Cleaned
from chengyun.places.decide.solids import Space, Unsound, space_faults, standing

SPACE_OPTIONS: Mapping[str | None, tuple[str, ...]] = {
    "building": ("height", "levels", "base", "storey_m"),
    "pipe": ("depth", "depth_end", "diameter", "kind", "always", "diameter_in"),
}
"""The further options of a file that stands in space, by what its features are."""

_SHAPES = {"building": (3, 6), "pipe": (1, 5)}
_NAMES = {"building": "footprint (an area)", "pipe": "line"}


def space_style(asked: Asked, held: Mapping[str, Any]) -> JsonObject | None:
    """The layer's style with what the options say of space; None where they say nothing.

    Raises Unusable.
    """
    kind = asked.options.get("space")
    if kind is None:
        return None
    said: JsonObject = {"is": kind}
    for name in SPACE_OPTIONS.get(kind, ()):
        if name in asked.options:
            said[name] = asked.options[name]
    try:
        if "storey_m" in said:
            said["storey_m"] = float(str(said["storey_m"]))
    except ValueError as error:
        raise Unusable(f"storey_m is a number: {error}") from error
    faults = space_faults(said)
    if faults:
        raise Unusable("; ".join(faults))
    return {**held, "space": said}


def check_standing(
    space: Space | None, looked: Cleaned, properties: Sequence[Mapping[str, Any]]
) -> dict[int, str]:
    """Refuse what cannot stand as it says, with its place; the column of each refusal."""
    found: dict[int, str] = {}
    if space is None:
        return found
    for at in np.flatnonzero(~shapely.is_missing(looked.shapes)).tolist():
        try:
            if shapely.get_type_id(looked.shapes[at]) not in _SHAPES[space.kind]:
                raise Unsound("geometry", f"It is no {_NAMES[space.kind]}.")
            standing(space, properties[at])
        except Unsound as error:
            middle = shapely.point_on_surface(looked.shapes[at])
            looked.rejects[at] = f"{error} It lies at {middle.x:.6f} {middle.y:.6f}."
            looked.shapes[at] = None
            found[at] = error.field
    return found
