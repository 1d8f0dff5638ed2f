"""Organisations."""

from uuid import UUID

from ninja import Query, Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.people import reads, verbs
from chengyun.people.schemas.directory import (
    ImportedOut,
    ImportOrganisationsIn,
    MoveIn,
    OrganisationIn,
    OrganisationOut,
    OrganisationsIn,
    OrganisationsOut,
    RenameIn,
)
from chengyun.people.schemas.parts import Done

router = Router()


@router.get("/orgs", response=OrganisationsOut, operation_id="orgs")
def orgs(request: Request, asked: Query[OrganisationsIn]) -> JsonObject:
    """Organisations in sight, by name, code, kind, role or parent."""
    rows, after = reads.organisations(request.actor, now=request.now, **asked.model_dump())
    return {"items": reads.organisation_views(rows), "next": after}


@router.post("/orgs", response={201: Done}, operation_id="create_org")
def create_org(request: Request, data: OrganisationIn) -> Status[JsonObject]:
    """Add an organisation."""
    key = idempotency_key(request)
    return Status(
        201, verbs.create_organisation(request.actor, now=request.now, key=key, **data.model_dump())
    )


@router.post("/orgs/import", response=ImportedOut, operation_id="import_orgs")
def import_orgs(request: Request, data: ImportOrganisationsIn) -> JsonObject:
    """Add or update many organisations of one city, parents before children; all or none."""
    rows = [
        verbs.OrganisationRow(
            code=one.code,
            name={"zh": one.name.zh, "en": one.name.en},
            kind=one.kind,
            area_no=one.area_no,
            roles=tuple(one.roles),
            parent=one.parent,
        )
        for one in data.rows
    ]
    key = idempotency_key(request)
    return verbs.import_organisations(request.actor, now=request.now, key=key, rows=rows)


@router.get("/orgs/{org_id}", response=OrganisationOut, operation_id="org")
def org(request: Request, org_id: UUID) -> JsonObject:
    """One organisation."""
    return reads.organisation_views([reads.organisation(request.actor, org_id)])[0]


@router.patch("/orgs/{org_id}", response=Done, operation_id="rename_org")
def rename_org(request: Request, org_id: UUID, data: RenameIn) -> JsonObject:
    """Rename an organisation, or give it other roles."""
    key = idempotency_key(request)
    return verbs.rename_organisation(
        request.actor, now=request.now, key=key, organisation=org_id, **data.model_dump()
    )


@router.post("/orgs/{org_id}/move", response=Done, operation_id="move_org")
def move_org(request: Request, org_id: UUID, data: MoveIn) -> JsonObject:
    """Hang an organisation under another."""
    key = idempotency_key(request)
    return verbs.move_organisation(
        request.actor, now=request.now, key=key, organisation=org_id, parent=data.parent
    )


@router.delete("/orgs/{org_id}", response=Done, operation_id="close_org")
def close_org(request: Request, org_id: UUID) -> JsonObject:
    """End an organisation; its past stays."""
    return verbs.close_organisation(request.actor, now=request.now, organisation=org_id)
