"""The doors of boards: figures area by area, and the worst first."""

from typing import Annotated

from ninja import Query, Router
from pydantic import Field

from chengyun.cases import reads, schemas
from chengyun.cases.api.filters import FilterQuery
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject

router = Router(tags=["cases"])


class WorstQuery(FilterQuery):
    """The head of a list."""

    limit: int | None = Field(default=None, ge=1, le=50)


class BoardQuery(schemas.Strict):
    """Which area's board: by its number, with the level whose areas are the lines."""

    area: int | None = None
    level: str = Field(default="", max_length=20)


@router.get("/cases/board", response=schemas.BoardOut)
def board(request: Request, query: Annotated[BoardQuery, Query()]) -> JsonObject:
    """What stands open, is new, late and ended today, area by area below one's own."""
    return reads.board(request.actor, now=request.now, area=query.area, level=query.level)


@router.get("/cases/worst", response=schemas.WorstOut)
def worst_cases(request: Request, query: Annotated[WorstQuery, Query()]) -> JsonObject:
    """The open cases that nobody may overlook, the gravest first."""
    return {
        "items": reads.worst(request.actor, query.filters(), now=request.now, limit=query.limit)
    }


@router.get("/homes/mine", response=schemas.HomeOut)
def own_home(request: Request) -> JsonObject:
    """Which cards one's first page shows, as packs say for post, tier and city."""
    return reads.home(request.actor)
