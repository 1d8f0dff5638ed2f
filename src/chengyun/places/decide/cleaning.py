"""Shapes from any file: bounded, finite, on the right axes, in degrees, valid – or refused.

Everything works on whole arrays. A refusal or repair names the shape's place in the array and the
place on the ground, so that somebody can look at it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from chengyun.places.decide.frames import DEGREES, Grids, move

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]
Box = tuple[float, float, float, float]

MOST_VERTICES = 1_000_000
"""A shape with more is refused unread: no map draws it, and one such file stops everybody."""
WORST_REPAIR = 0.2
FAR = 0.5
"""Degrees about the city's box: what lies farther away has the wrong reference, or city."""
_FAMILY = {0: 0, 1: 1, 2: 1, 3: 2, 4: 0, 5: 1, 6: 2}


@dataclass(slots=True)
class Cleaned:
    """Shapes in WGS84 degrees, None where refused; why, and what was repaired, by position."""

    shapes: Geometries
    accuracy_m: float = 0.0
    rejects: dict[int, str] = field(default_factory=dict)
    repairs: dict[int, str] = field(default_factory=dict)


def clean(
    shapes: Geometries, frame: str, *, grids: Grids | None = None, near: Box | None = None
) -> Cleaned:
    """Look at shapes as a file gave them, in a canonical frame (decide.frames).

    Args:
        shapes: shapely geometries, None where the file had none.
        near: the box (degrees) in which the city lies; None checks no place.

    Raises UnknownFrame.
    """
    out = Cleaned(np.array(shapes, dtype=object))
    _refuse(out, shapely.is_missing(out.shapes) | shapely.is_empty(out.shapes), "It is empty.")
    counts = shapely.get_num_coordinates(out.shapes)
    for at in np.flatnonzero(counts > MOST_VERTICES).tolist():
        said = f"It has {int(counts[at]):,} vertices, more than {MOST_VERTICES:,}."
        _drop(out, at, said)
    kinds = shapely.get_type_id(out.shapes)
    _refuse(out, kinds == 7, "A collection of mixed shapes has no place in a layer.")
    out.shapes = np.asarray(shapely.force_2d(out.shapes), dtype=object)
    _check_numbers(out)
    if frame in DEGREES:
        _turn(out, near)
    _to_degrees(out, frame, grids)
    if near is not None:
        _check_near(out, near, frame)
    _make_valid(out)
    return out


def _kept(out: Cleaned) -> npt.NDArray[np.int64]:
    return np.flatnonzero(~shapely.is_missing(out.shapes))


def _drop(out: Cleaned, at: int, reason: str) -> None:
    out.shapes[at] = None
    out.rejects[at] = reason


def _refuse(out: Cleaned, which: Flags, reason: str) -> None:
    for at in np.flatnonzero(which).tolist():
        if at not in out.rejects:
            _drop(out, at, reason)


def _check_numbers(out: Cleaned) -> None:
    coordinates, at = shapely.get_coordinates(out.shapes, return_index=True)
    wrong = np.unique(at[~np.isfinite(coordinates).all(axis=1)])
    for one in wrong.tolist():
        _drop(out, one, "A coordinate is no finite number.")


def _turn(out: Cleaned, near: Box | None) -> None:
    """Swap back what has latitude first, where that is beyond doubt; refuse what is no degrees."""
    boxes = shapely.bounds(out.shapes)
    x, y = np.abs(boxes[:, [0, 2]]).max(axis=1), np.abs(boxes[:, [1, 3]]).max(axis=1)
    beyond = (x > 180.0) | (y > 90.0)
    swapped = (y > 90.0) & (y <= 180.0) & (x <= 90.0)
    if near is not None:
        swapped |= ~_within(boxes, near) & _within(boxes[:, [1, 0, 3, 2]], near)
        swapped &= _within(boxes[:, [1, 0, 3, 2]], near)
    for at in np.flatnonzero(swapped).tolist():
        out.shapes[at] = shapely.transform(out.shapes[at], lambda points: points[:, ::-1])
        out.repairs[at] = "Longitude and latitude were swapped; they were turned round."
    for at in np.flatnonzero(beyond & ~swapped).tolist():
        where = f"{boxes[at, 0]:g} {boxes[at, 1]:g}"
        _drop(out, at, f"Coordinates must be degrees within ±180 and ±90, not {where}.")


def _within(boxes: Floats, near: Box) -> Flags:
    west, south, east, north = near
    return np.asarray(
        (boxes[:, 0] <= east + FAR)
        & (boxes[:, 2] >= west - FAR)
        & (boxes[:, 1] <= north + FAR)
        & (boxes[:, 3] >= south - FAR)
    )


def _to_degrees(out: Cleaned, frame: str, grids: Grids | None) -> None:
    kept = _kept(out)

    def moving(points: Floats) -> Floats:
        moved = move(points, frame, "WGS84", grids)
        out.accuracy_m = moved.accuracy_m
        return moved.points

    if len(kept):
        out.shapes[kept] = _transformed(out.shapes[kept], moving)
    coordinates, at = shapely.get_coordinates(out.shapes, return_index=True)
    for one in np.unique(at[~np.isfinite(coordinates).all(axis=1)]).tolist():
        _drop(out, one, f"A coordinate cannot be told in degrees from {frame}.")


def _transformed(shapes: Geometries, moving: Callable[[Floats], Floats]) -> Geometries:
    return np.asarray(shapely.transform(shapes, moving), dtype=object)


def _check_near(out: Cleaned, near: Box, frame: str) -> None:
    boxes = shapely.bounds(out.shapes)
    far = ~shapely.is_missing(out.shapes) & ~_within(boxes, near)
    for at in np.flatnonzero(far).tolist():
        where = f"{boxes[at, 0]:.4f} {boxes[at, 1]:.4f}"
        _drop(out, at, f"It lies at {where}, far outside the city: is {frame} its reference?")


def _make_valid(out: Cleaned) -> None:
    kinds = shapely.get_type_id(out.shapes)
    surface = (kinds == 3) | (kinds == 6)
    flat = surface & (shapely.area(out.shapes) == 0.0)
    still = ((kinds == 1) | (kinds == 5)) & (shapely.length(out.shapes) == 0.0)
    bad = np.flatnonzero(surface & ~shapely.is_valid(out.shapes))
    for at in bad.tolist():
        _repair(out, at)
    _refuse(out, flat & shapely.is_valid(out.shapes), "The polygon has no surface.")
    _refuse(out, still, "The line has no length.")


def _repair(out: Cleaned, at: int) -> None:
    whole = out.shapes[at]
    reason = shapely.is_valid_reason(whole)  # names the place: "Self-intersection[121.4 31.2]"
    fixed = shapely.make_valid(whole, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(fixed) if part.geom_type == "Polygon"]
    # The even-odd surface of a bow tie is zero or a difference; the repaired sum is its measure.
    before = max(abs(whole.area), 1e-18)
    after = sum(part.area for part in parts)
    if not parts or after == 0.0:
        _drop(out, at, f"It is invalid and has no surface: {reason}.")
    elif abs(after - before) > WORST_REPAIR * max(after, before):
        _drop(out, at, f"It is invalid and a repair would reshape it: {reason}.")
    else:
        out.shapes[at] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
        out.repairs[at] = f"An invalid outline was repaired: {reason}."


def family(shapes: Geometries) -> str:
    """What sort of shapes these are: point, line, polygon or mixed; "" of none."""
    kinds = {
        _FAMILY.get(int(kind), 3) for kind in np.unique(shapely.get_type_id(shapes)) if kind >= 0
    }
    if not kinds:
        return ""
    return "mixed" if len(kinds) > 1 else ("point", "line", "polygon", "mixed")[kinds.pop()]
