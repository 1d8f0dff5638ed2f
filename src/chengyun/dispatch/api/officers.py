"""Who should go, and what people can do."""

from dataclasses import asdict
from uuid import UUID

from ninja import Router, Status

from chengyun.dispatch import reads, schemas, verbs
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject

router = Router()


@router.get(
    "/cases/{uuid:case_id}/officers", response=schemas.OfficersOut, operation_id="suggest_officers"
)
def officers(request: Request, case_id: UUID, unit: UUID | None = None) -> JsonObject:
    """Handlers of the case's unit by fitness, with the grounds."""
    found = reads.suggest_officers(request.actor, case_id, now=request.now, unit=unit)
    return {"items": [asdict(one) for one in found]}


@router.get("/skills", response=schemas.SkillsOut, operation_id="skills")
def list_skills(request: Request, unit: UUID | None = None) -> JsonObject:
    """What people in sight can do."""
    return {"items": reads.skills_view(request.actor, unit=unit)}


@router.post("/skills", response={201: schemas.SkillReceipt}, operation_id="record_skill")
def record_skill(request: Request, data: schemas.SkillIn) -> Status[JsonObject]:
    """Record what one of the department's people can do."""
    key = idempotency_key(request)
    return Status(
        201, verbs.record_skill(request.actor, now=request.now, key=key, **data.model_dump())
    )


@router.delete(
    "/skills/{uuid:skill_id}", response=schemas.SkillReceipt, operation_id="remove_skill"
)
def remove_skill(request: Request, skill_id: UUID) -> JsonObject:
    """Take a skill off the record."""
    key = idempotency_key(request)
    return verbs.remove_skill(request.actor, now=request.now, key=key, skill=skill_id)
