"""The doors of paper mode: printing on record, and typing what was done by hand."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import ValidationError

from chengyun.cases import schemas, verbs
from chengyun.cases.api.filters import FilterQuery
from chengyun.cases.api.intake import staff_item
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject

router = Router(tags=["cases"])


@router.post("/cases/print", response=schemas.PrintedList)
def print_list(request: Request, query: Annotated[FilterQuery, Query()]) -> JsonObject:
    """The cases of a list for paper, by deadline, at most 500; on record."""
    return verbs.print_list(request.actor, now=request.now, wanted=query.filters())


@router.post("/cases/{uuid:case_id}/print", response=schemas.PrintedCase)
def print_case(request: Request, case_id: UUID) -> JsonObject:
    """A case for its sheet, contacts masked; on record."""
    return verbs.print_case(request.actor, now=request.now, case_id=case_id)


@router.post("/cases/paper", response=schemas.PaperResults)
def enter_paper(request: Request, data: schemas.PaperIn) -> JsonObject:
    """Enter up to 200 lines of paper with their own times; each succeeds or says why."""
    rows, faults = [], {}
    for index, raw in enumerate(data.rows):
        try:
            rows.append(_row(schemas.PaperRowIn.model_validate(raw)))
        except ValidationError as error:
            faults[index] = Invalid(
                [
                    FieldError(".".join(map(str, one["loc"])) or "row", one["msg"], one["type"])
                    for one in error.errors()
                ]
            )
    done = verbs.enter_paper(
        request.actor, now=request.now, key=idempotency_key(request), rows=tuple(rows)
    )
    entered = iter(done["results"])
    results = [
        {"ok": False, "problem": faults[index].as_dict()} if index in faults else next(entered)
        for index in range(len(data.rows))
    ]
    return {"results": results}


def _row(data: schemas.PaperRowIn) -> verbs.PaperRow:
    return verbs.PaperRow(
        no=data.no,
        occurred_at=data.occurred_at,
        by=data.by,
        item=staff_item(data.report) if data.report else None,
        case=data.case,
        move=data.move,
        params=data.params,
    )
