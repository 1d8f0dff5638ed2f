"""Tables, the cases behind their figures."""

from typing import Annotated

from ninja import Query, Router

from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.vitals import reads, schemas
from chengyun.vitals.api.asked import table_of
from chengyun.vitals.decide.counters import COUNTERS
from chengyun.vitals.decide.rates import RATES

router = Router()


@router.get("/evaluation", response=schemas.TableOut, operation_id="evaluation")
def evaluation(request: Request, query: Annotated[schemas.TableQuery, Query()]) -> JsonObject:
    """Counters, rates, scores and grades as of now, by unit, area or post."""
    return {**reads.table(request.actor, table_of(request, query)), **metric_names()}


def metric_names() -> JsonObject:
    """What counters and rates are called."""
    return {
        "counter_names": [{"id": one.id, "name": one.name} for one in COUNTERS.values()],
        "rate_names": [
            {"id": one.id, "name": one.name, "above": one.above, "below": one.below}
            for one in RATES.values()
        ],
    }


@router.get("/evaluation/trend", response=schemas.TrendOut, operation_id="evaluation_trend")
def evaluation_trend(request: Request, query: Annotated[schemas.TrendQuery, Query()]) -> JsonObject:
    """One row's figures in a month and those before it."""
    asked = table_of(request, query)
    return {"months": reads.trend(request.actor, asked, query.key, query.months)}


@router.get("/evaluation/cases", response=schemas.FigureCasesOut, operation_id="evaluation_cases")
def evaluation_cases(request: Request, query: Annotated[schemas.CasesQuery, Query()]) -> JsonObject:
    """The cases behind one figure: all pages together are as long as the figure is high."""
    asked = table_of(request, query)
    rows, following = reads.cases_behind(
        request.actor,
        asked,
        key=query.key,
        counter=query.counter,
        cursor=query.cursor,
        limit=query.limit,
    )
    return {"items": rows, "next": following}
