"""Messages that could not be taken."""

from uuid import UUID

from ninja import Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.sensing.reads import feeds as feed_reads
from chengyun.sensing.schemas import held as schemas
from chengyun.sensing.schemas.words import Code, Line, Word
from chengyun.sensing.verbs import redriving

router = Router()


@router.get("/held-messages", response=schemas.HeldsOut, operation_id="held_messages")
def held_messages(
    request: Request,
    state: Word = "held",
    thing: Code | None = None,
    cursor: Line = "",
    limit: int | None = None,
) -> JsonObject:
    """Messages that could not be taken as readings, with the reason."""
    found, more = feed_reads.held_messages(
        request.actor, state=state, thing=thing, cursor=cursor, limit=limit
    )
    return {"items": [feed_reads.held_view(row) for row in found], "next_cursor": more}


@router.post(
    "/held-messages/{uuid:held_id}/redrive",
    response=schemas.RedrivenOut,
    operation_id="redrive_message",
)
def redrive(request: Request, held_id: UUID) -> JsonObject:
    """Drive a held message again, once its cause was put right."""
    key = idempotency_key(request)
    return redriving.redrive_message(request.actor, now=request.now, key=key, held=held_id)


@router.delete("/held-messages/{uuid:held_id}", response={204: None}, operation_id="drop_message")
def drop(request: Request, held_id: UUID) -> Status[None]:
    """Say that a held message is of no use."""
    key = idempotency_key(request)
    redriving.drop_message(request.actor, now=request.now, key=key, held=held_id)
    return Status(204, None)
