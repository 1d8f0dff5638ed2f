"""Coordinates in bulk from one reference to another, logged; and grids tied by control points."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

import numpy as np

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Forbidden, Invalid, TooLarge
from chengyun.kernel.text import JsonObject, Text
from chengyun.kernel.verbs import verb
from chengyun.places.decide.engineering import BadFit, Method, Plane, Shift, fit, seven
from chengyun.places.decide.frames import UnknownFrame, frame, move
from chengyun.places.models import EngineeringGrid, TransformUse
from chengyun.places.policy import administers
from chengyun.places.reads.transforms import grids_on
from chengyun.places.verbs.cities import locked_city

MOST_POINTS = 100_000


@verb("places.transform")
def transform(
    actor: Actor,
    *,
    now: datetime,
    points: Sequence[Sequence[float]],
    source: str,
    target: str,
    city_no: int | None = None,
    purpose: str = "",
) -> JsonObject:
    """Take x/y pairs (lon/lat, east/north) from a frame to another; the use is logged.

    Returns {"points" (null where refused), "accuracy_m", "source", "target", "bad", "count"}.
    Raises Invalid (unknown frame), TooLarge.
    """
    if len(points) > MOST_POINTS:
        raise TooLarge(f"At most {MOST_POINTS:,} points at once; import a file instead.")
    try:
        names = frame(source), frame(target)
        grids = grids_on(city_no, now.date()) if city_no else {}
        given = np.array(points, dtype=np.float64).reshape(-1, 2)
        moved = move(given, *names, grids)
    except UnknownFrame as error:
        raise Invalid([FieldError("source,target", str(error), "unknown_frame")]) from error
    log_use(
        actor,
        now=now,
        purpose=purpose or "transforms",
        frames=names,
        rows=len(points),
        refused=len(moved.bad),
        accuracy_m=moved.accuracy_m,
    )
    told = [None if at in moved.bad else pair for at, pair in enumerate(moved.points.tolist())]
    bad = [{"row": at, "reason": moved.bad[at]} for at in sorted(moved.bad)]
    frames: JsonObject = {"source": names[0], "target": names[1]}
    return {
        "points": told,
        "accuracy_m": moved.accuracy_m,
        "bad": bad,
        "count": len(points),
        **frames,
    }


def log_use(
    actor: Actor,
    *,
    now: datetime,
    purpose: str,
    frames: tuple[str, str],
    rows: int,
    refused: int,
    accuracy_m: float,
) -> None:
    """Remember one bulk use, in the transaction of the use."""
    TransformUse.objects.create(
        at=now,
        actor_id=actor.id,
        actor_name=actor.name,
        purpose=purpose[:200],
        source=frames[0],
        target=frames[1],
        rows=rows,
        refused=refused,
        accuracy_m=accuracy_m,
    )


@verb("places.tie_grid")
def tie_grid(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    code: str,
    name: Text,
    source: str,
    effective: date,
    plane: Plane,
    method: Method = "similarity",
    local: Sequence[Sequence[float]] = (),
    degrees: Sequence[Sequence[float]] = (),
    shift: Shift | None = None,
    accuracy_m: float = 1.0,
    verified: bool = False,
) -> JsonObject:
    """Tie an engineering grid from a day on, by control points or by seven parameters.

    Returns {"id", "code", "method", "rms_m", "worst_m", "points", "suspects"}. Raises Invalid,
    Forbidden.
    """
    if not administers(actor, areas.city_of(city_no)):
        raise Forbidden("Only a system administrator of the city ties its grids.")
    city = locked_city(city_no)
    try:
        if method == "seven":
            if shift is None:
                raise BadFit("Seven parameters are needed.")
            found = seven(shift, plane, accuracy_m)
        else:
            found = fit(np.array(local, float), np.array(degrees, float), plane, method)
    except BadFit as error:
        raise Invalid([FieldError("points", str(error), "bad_fit")]) from error
    row = EngineeringGrid.objects.create(
        city=city,
        code=code,
        name_zh=name["zh"],
        name_en=name["en"],
        method=found.method,
        fit=asdict(found),
        control=[[*a, *b] for a, b in zip(local, degrees, strict=True)],
        source=source,
        verified=verified,
        valid_from=effective,
        made_at=now,
    )
    told = {"rms_m": found.rms_m, "worst_m": found.worst_m, "points": found.points}
    suspects = list(found.suspects)
    return {
        "id": str(row.id),
        "code": code,
        "method": found.method,
        "suspects": suspects,
        **told,
    }
