"""Keeping the tree of organisations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Conflict, NotFound
from chengyun.kernel.text import JsonObject, Text
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide.faults import Fault
from chengyun.people.decide.organisations import Place, placement_faults
from chengyun.people.decide.posts import ORGANISATION_KINDS
from chengyun.people.models import Organisation

_NAME_MAX = 120
# How many rows are inserted in one statement.
_BATCH = 1_000
# How many faulty rows one answer names.
_FAULTS_MAX = 100


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One organisation of a bulk import; the parent by its code in the same city."""

    code: str
    name: Text
    kind: str
    area_no: int
    roles: tuple[str, ...] = field(default=())
    parent: str | None = None


def _shown(name: str) -> bool:
    return bool(name.strip()) and len(name) <= _NAME_MAX and name.isprintable()


def _faults(code: str, name: Text, kind: str, roles: Sequence[str]) -> list[Fault]:
    found = []
    if not 1 <= len(code) <= 64 or not code.isprintable():
        found.append(Fault("code", "needs 1 to 64 printable characters", "bad_code"))
    if not all(_shown(name[lang]) for lang in ("zh", "en")):
        found.append(
            Fault("name", f"needs 1 to {_NAME_MAX} printable characters in zh and en", "bad_name")
        )
    if kind not in ORGANISATION_KINDS:
        found.append(Fault("kind", f"is none of {', '.join(ORGANISATION_KINDS)}", "unknown_kind"))
    if any(not role or len(role) > 64 or not role.isprintable() for role in roles):
        found.append(Fault("roles", "need 1 to 64 printable characters each", "bad_role"))
    return found


def _place(organisation: Organisation) -> Place:
    return Place(organisation.id, organisation.area_no, tuple(organisation.path))


def _parent(actor: Actor, parent: UUID | None) -> Organisation | None:
    if parent is None:
        return None
    found = Organisation.objects.visible_to(actor).select_for_update().filter(pk=parent).first()
    if found is None:
        raise policy.invalid(Fault("parent", "is no organisation in sight", "unknown_parent"))
    return found


def _locked(actor: Actor, organisation: UUID) -> Organisation:
    seen = Organisation.objects.visible_to(actor).select_for_update()
    found = seen.filter(pk=organisation).first()
    if found is None:
        raise NotFound
    return found


@verb("people.create_organisation")
def create_organisation(
    actor: Actor,
    *,
    now: datetime,
    code: str,
    name: Text,
    kind: str,
    area_no: int,
    roles: Sequence[str] = (),
    parent: UUID | None = None,
    simulated: bool = False,
) -> JsonObject:
    """Add an organisation below a parent, or as a root of its city."""
    above = _parent(actor, parent)
    own_id = new_id()
    faults = _faults(code, name, kind, roles)
    faults += placement_faults(own_id, area_no, _place(above) if above else None)
    if faults:
        raise policy.invalid(*faults)
    policy.keep_organisations(actor, area_no)
    try:
        row = Organisation.objects.create(
            id=own_id,
            code=code,
            name=dict(name),
            kind=kind,
            roles=sorted(set(roles)),
            area_no=area_no,
            level=areas.level(area_no),
            city_no=areas.city_of(area_no),
            parent=above,
            path=[*(above.path if above else []), own_id],
            valid_from=now,
            changed_at=now,
            simulated=simulated,
        )
    except IntegrityError as error:
        raise Conflict(
            "An organisation of this city already has that code.", code="code_taken"
        ) from error
    return {"id": str(row.id)}


@verb("people.rename_organisation")
def rename_organisation(
    actor: Actor, *, now: datetime, organisation: UUID, name: Text, roles: Sequence[str] | None
) -> JsonObject:
    """Give another name and, when given, other roles."""
    row = _locked(actor, organisation)
    policy.keep_organisations(actor, row.area_no)
    faults = _faults(row.code, name, row.kind, roles or ())
    if faults:
        raise policy.invalid(*faults)
    row.name = dict(name)
    if roles is not None:
        row.roles = sorted(set(roles))
    row.changed_at = now
    row.save(update_fields=["name", "roles", "changed_at"])
    return {"id": str(row.id)}


@verb("people.move_organisation")
def move_organisation(
    actor: Actor, *, now: datetime, organisation: UUID, parent: UUID | None
) -> JsonObject:
    """Hang an organisation, with everything below it, under another parent."""
    row = _locked(actor, organisation)
    policy.keep_organisations(actor, row.area_no)
    above = _parent(actor, parent)
    if above is not None:
        policy.keep_organisations(actor, above.area_no)
    faults = placement_faults(row.id, row.area_no, _place(above) if above else None)
    if faults:
        raise policy.invalid(*faults)
    old = len(row.path) - 1
    moved = list(Organisation.objects.below(row).select_for_update())
    head = list(above.path) if above else []
    for one in moved:
        one.path = [*head, *one.path[old:]]
        one.changed_at = now
    Organisation.objects.filter(pk=row.pk).update(parent=above)
    Organisation.objects.bulk_update(moved, ["path", "changed_at"], batch_size=_BATCH)
    return {"id": str(row.id), "count": len(moved)}


@verb("people.close_organisation")
def close_organisation(actor: Actor, *, now: datetime, organisation: UUID) -> JsonObject:
    """End an organisation that has no living parts; its past stays."""
    row = _locked(actor, organisation)
    policy.keep_organisations(actor, row.area_no)
    if row.valid_to is not None and row.valid_to <= now:
        raise Conflict("The organisation is already closed.", code="already_closed")
    if row.children.filter(Q(valid_to=None) | Q(valid_to__gt=now)).exists():
        raise Conflict("Close or move the organisations below it first.", code="has_parts")
    row.valid_to = row.changed_at = now
    row.save(update_fields=["valid_to", "changed_at"])
    return {"id": str(row.id)}


@verb("people.import_organisations")
def import_organisations(
    actor: Actor, *, now: datetime, rows: Sequence[OrganisationRow], simulated: bool = False
) -> JsonObject:
    """Add or update many organisations of one city, parents before children.

    Known codes keep their id and place in the tree and get the new name, kind and roles.

    Raises:
        Invalid: names each faulty row by its number from 0; then nothing is stored.
    """
    cities = {areas.city_of(row.area_no) for row in rows}
    for city in cities:
        policy.keep_organisations(actor, city)
    known = {
        (one.city_no, one.code): one for one in Organisation.objects.filter(city_no__in=cities)
    }
    new: list[Organisation] = []
    fresh: set[UUID] = set()
    changed: list[Organisation] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows):
        city = areas.city_of(row.area_no)
        found = _faults(row.code, row.name, row.kind, row.roles)
        above = known.get((city, row.parent)) if row.parent is not None else None
        if row.parent is not None and above is None:
            found.append(Fault("parent", "is no code of a row before it", "unknown_parent"))
        one = known.get((city, row.code))
        if one is None:
            own_id = new_id()
            found += placement_faults(own_id, row.area_no, _place(above) if above else None)
            one = Organisation(
                id=own_id,
                code=row.code,
                area_no=row.area_no,
                level="" if found else areas.level(row.area_no),
                city_no=city,
                parent=above,
                path=[*(above.path if above else []), own_id],
                valid_from=now,
                simulated=simulated,
            )
            known[city, row.code] = one
            new.append(one)
            fresh.add(own_id)
        elif one.pk not in fresh:
            changed.append(one)
        one.name, one.kind, one.roles = dict(row.name), row.kind, sorted(set(row.roles))
        one.changed_at = now
        faults += [Fault(f"rows.{number}.{f.field}", f.reason, f.code) for f in found]
    if faults:
        raise policy.invalid(*faults[:_FAULTS_MAX])
    Organisation.objects.bulk_create(new, batch_size=_BATCH)
    Organisation.objects.bulk_update(
        changed, ["name", "kind", "roles", "changed_at"], batch_size=_BATCH
    )
    return {"count": len(rows), "created": len(new), "updated": len(changed)}
