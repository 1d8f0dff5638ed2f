"""Bodies of CreateObservations: datastreams with components and rows of values."""

from typing import Any

from chengyun.app.sensorthings.faults import BadRequest
from chengyun.app.sensorthings.model import SETS
from chengyun.app.sensorthings.paths import id_of
from chengyun.app.sensorthings.posting import properties_of, wrong
from chengyun.kernel.text import JsonObject
from chengyun.sensing.verbs import NewObservation

MOST = 50_000


def arrays_of(body: Any) -> tuple[tuple[NewObservation, ...], list[JsonObject | None]]:
    """The sound observations, and for each observation its fault or None, in their order.

    Raises BadRequest where the whole cannot be read.
    """
    if not isinstance(body, list) or not body:
        raise wrong("body", "must be a list of Datastreams with data arrays", "no_list")
    items: list[NewObservation] = []
    faults: list[JsonObject | None] = []
    for at, part in enumerate(body):
        number, names, rows = _part(part, f"{at}.")
        if len(faults) + len(rows) > MOST:
            raise BadRequest(f"At most {MOST:,} observations are taken at once.")
        for row in rows:
            try:
                items.append(_observation(number, names, row))
                faults.append(None)
            except BadRequest as fault:
                faults.append({"detail": fault.detail})
    return tuple(items), faults


def _part(part: Any, at: str) -> tuple[int, list[str], list[Any]]:
    if not isinstance(part, dict):
        raise wrong(at, "must be an object", "no_object")
    stream, names, rows = part.get("Datastream"), part.get("components"), part.get("dataArray")
    number = id_of(SETS["Datastreams"], stream.get("@iot.id")) if isinstance(stream, dict) else None
    if not isinstance(number, int):
        raise wrong(f"{at}Datastream", "must be given as {'@iot.id': …}", "required")
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise wrong(f"{at}components", "must be a list of names", "no_list")
    if "result" not in names or len(set(names)) < len(names):
        raise wrong(f"{at}components", "must have result, and each name once", "required")
    if not isinstance(rows, list):
        raise wrong(f"{at}dataArray", "must be a list of rows", "no_list")
    return number, names, rows


def _observation(number: int, names: list[str], row: Any) -> NewObservation:
    if not isinstance(row, list) or len(row) != len(names):
        raise wrong("dataArray", "a row has one value for each component", "bad_row")
    body = dict(zip(names, row, strict=True))
    feature = None
    if "FeatureOfInterest/id" in body:
        named = id_of(SETS["FeaturesOfInterest"], body.pop("FeatureOfInterest/id"))
        if not isinstance(named, int):
            raise wrong("FeatureOfInterest/id", "is no id of this service", "bad_id")
        feature = named
    said = properties_of(SETS["Observations"], body)
    return NewObservation(number, said, feature)
