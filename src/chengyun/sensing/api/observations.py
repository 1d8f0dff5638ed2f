"""Readings over HTTP: in by the batch, out by stream, by window and for the map."""

from datetime import timedelta
from typing import Annotated

from ninja import Query, Router

from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.sensing import reads, verbs
from chengyun.sensing.schemas import observations as shapes

router = Router()


@router.post("/observations", response=shapes.TakenOut, operation_id="take_observations")
def take(request: Request, data: shapes.ReadingsIn) -> JsonObject:
    """Take readings in; bad ones are refused one by one. Sending again stores nothing twice."""
    rows = [(one.thing, one.stream, one.at, one.value) for one in data.items]
    return verbs.take_named(request.actor, now=request.now, rows=rows)


@router.get("/observations/latest", response=shapes.LatestOut, operation_id="latest_observations")
def latest(request: Request, query: Annotated[shapes.LatestQuery, Query()]) -> JsonObject:
    """What the things of a box said last, at most 5,000 streams."""
    box = reads.box_said(query.bbox)
    if box is None:
        raise Invalid([FieldError("bbox", "must be given", "required")])
    return reads.latest(
        request.actor, now=request.now, bbox=box, kind=query.kind, property_=query.property
    )


@router.get(
    "/streams/{int:number}/observations",
    response=shapes.ObservationsOut,
    operation_id="observations",
)
def observations(
    request: Request, number: int, query: Annotated[shapes.ObservationsQuery, Query()]
) -> JsonObject:
    """A stream's readings from one instant to another, with flags."""
    return reads.observations(request.actor, number, **query.model_dump(by_alias=False))


@router.get(
    "/streams/{int:number}/aggregates", response=shapes.AggregatesOut, operation_id="aggregates"
)
def aggregates(
    request: Request, number: int, query: Annotated[shapes.AggregatesQuery, Query()]
) -> JsonObject:
    """Count, least, most, mean, sum and percentiles by window."""
    return reads.aggregates(
        request.actor,
        number,
        start=query.start,
        end=query.end,
        window=timedelta(seconds=query.window_s),
        percentiles=_percentiles(query.percentiles),
        now=request.now,
    )


def _percentiles(said: str) -> list[float]:
    try:
        found = [float(one) for one in said.split(",") if one.strip()]
    except ValueError:
        found = [-1.0]
    if len(found) > 10 or any(not 0 <= one <= 100 for one in found):
        wrong = "up to ten numbers from 0 to 100"
        raise Invalid([FieldError("percentiles", wrong, "bad_percentiles")])
    return found
