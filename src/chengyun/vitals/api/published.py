"""Published tables and objections to them."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.vitals import reads, schemas, verbs
from chengyun.vitals.api.asked import area_of
from chengyun.vitals.api.findings import Plain
from chengyun.vitals.api.tables import metric_names

router = Router()


@router.get(
    "/evaluation/published",
    response=schemas.PublicationsOut,
    operation_id="evaluation_publications",
)
def publications(request: Request, period: Plain = None) -> JsonObject:
    """Published tables, newest first, every version."""
    return {"items": reads.publications(request.actor, period=period)}


@router.post(
    "/evaluation/published", response={201: schemas.Published}, operation_id="publish_evaluation"
)
def publish(request: Request, data: schemas.PublishIn) -> Status[JsonObject]:
    """Freeze a table of a month that is over; published again it becomes the next version."""
    given = data.model_dump(exclude={"area"})
    area = area_of(request.actor, data.area, data.by)
    key = idempotency_key(request)
    done = verbs.publish(request.actor, now=request.now, key=key, area_no=area, **given)
    return Status(201, done)


@router.get(
    "/evaluation/published/{uuid:publication_id}",
    response=schemas.PublicationDetail,
    operation_id="evaluation_publication",
)
def publication(request: Request, publication_id: UUID) -> JsonObject:
    """One published table as it was, what it corrected, its versions and objections."""
    found = reads.publication(request.actor, publication_id)
    changes = reads.differences(request.actor, publication_id)
    return {**found, "table": {**found["table"], **metric_names()}, "changes": changes}


@router.get(
    "/evaluation/published/{uuid:publication_id}/cases",
    response=schemas.FigureCasesOut,
    operation_id="evaluation_published_cases",
)
def published_cases(
    request: Request, publication_id: UUID, query: Annotated[schemas.PublishedCasesQuery, Query()]
) -> JsonObject:
    """The cases behind one published figure, as they counted when it was published."""
    rows, following = reads.cases_published(request.actor, publication_id, **query.model_dump())
    return {"items": rows, "next": following}


@router.post(
    "/evaluation/published/{uuid:publication_id}/objections",
    response={201: schemas.ObjectionMade},
    operation_id="object_to_evaluation",
)
def object_to(
    request: Request, publication_id: UUID, data: schemas.ObjectionIn
) -> Status[JsonObject]:
    """Object to one figure, naming the cases that should not be in it."""
    done = verbs.object_to(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        publication_id=publication_id,
        row_key=data.key,
        counter=data.counter,
        case_ids=data.case_ids,
        reason=data.reason,
    )
    return Status(201, done)


@router.post(
    "/evaluation/objections/{uuid:objection_id}/decision",
    response=schemas.ObjectionDecided,
    operation_id="decide_objection",
)
def decide(request: Request, objection_id: UUID, data: schemas.DecisionIn) -> JsonObject:
    """Uphold (the table gets a new version) or refuse, with a reason."""
    done = verbs.decide_objection(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        objection_id=objection_id,
        upheld=data.confirmed,
        reason=data.reason,
    )
    return {**done, "publication_id": done["publication_id"] or None}
