"""Doors to what a desk keeps: saved filters and standard texts."""

from uuid import UUID

from ninja import Router, Status

from chengyun.cases import reads, schemas, verbs
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject

router = Router(tags=["desk"])


@router.get("/filters", response=schemas.FiltersOut, operation_id="saved_filters")
def list_filters(request: Request) -> JsonObject:
    """One's own saved filters and those of one's unit."""
    return {"items": reads.saved_filters(request.actor)}


@router.post("/filters", response={201: schemas.KeptOut}, operation_id="save_filter")
def save_filter(request: Request, data: schemas.FilterIn) -> Status[JsonObject]:
    """Keep what the queue is narrowed to, by a name."""
    return Status(
        201,
        verbs.save_filter(
            request.actor,
            now=request.now,
            key=idempotency_key(request),
            name=data.name,
            query=data.query,
            shared=data.shared,
        ),
    )


@router.delete("/filters/{uuid:filter_id}", response=schemas.KeptOut, operation_id="remove_filter")
def remove_filter(request: Request, filter_id: UUID) -> JsonObject:
    """Remove a filter of one's own."""
    return verbs.remove_filter(request.actor, now=request.now, filter_id=filter_id)


@router.get("/cases/{uuid:case_id}/texts", response=schemas.TextsOut, operation_id="standard_texts")
def list_texts(request: Request, case_id: UUID) -> JsonObject:
    """Standard texts for a case's moves, its facts filled in."""
    return reads.texts(request.actor, case_id, now=request.now)


@router.post("/texts", response={201: schemas.KeptOut}, operation_id="add_text")
def add_text(request: Request, data: schemas.StandardTextIn) -> Status[JsonObject]:
    """Add a standard text of one's unit."""
    return Status(201, _write(request, data, None))


@router.put("/texts/{uuid:text_id}", response=schemas.KeptOut, operation_id="change_text")
def change_text(request: Request, text_id: UUID, data: schemas.StandardTextIn) -> JsonObject:
    """Change a standard text of one's unit."""
    return _write(request, data, text_id)


def _write(request: Request, data: schemas.StandardTextIn, text_id: UUID | None) -> JsonObject:
    return verbs.write_text(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        moves=tuple(data.moves),
        title=data.title,
        text=data.text,
        text_id=text_id,
    )


@router.delete("/texts/{uuid:text_id}", response=schemas.KeptOut, operation_id="remove_text")
def remove_text(request: Request, text_id: UUID) -> JsonObject:
    """Remove a standard text of one's unit."""
    return verbs.remove_text(request.actor, now=request.now, text_id=text_id)
