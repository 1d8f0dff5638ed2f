"""Keys for scripts."""

from datetime import timedelta
from uuid import UUID

from ninja import Router, Status

from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.people import reads, verbs
from chengyun.people.schemas.directory import KeyIn, KeysOut, NewKeyOut

router = Router()


@router.get("/keys", response=KeysOut, operation_id="keys")
def keys(request: Request) -> JsonObject:
    """The keys in sight, for security and audit administrators."""
    return {"items": reads.key_views(reads.keys(request.actor))}


@router.post("/keys", response={201: NewKeyOut}, operation_id="create_key")
def create_key(request: Request, data: KeyIn) -> Status[JsonObject]:
    """Issue a key. Its token is shown once."""
    asked = data.model_dump(exclude={"days"})
    life = timedelta(days=data.days)
    key_id, token = verbs.create_api_key(request.actor, now=request.now, life=life, **asked)
    return Status(201, {"id": key_id, "token": token})


@router.delete("/keys/{key_id}", response={204: None}, operation_id="revoke_key")
def revoke_key(request: Request, key_id: UUID) -> Status[None]:
    """End a key; it stops within five seconds everywhere."""
    verbs.revoke_api_key(request.actor, now=request.now, api_key=key_id)
    return Status(204, None)
