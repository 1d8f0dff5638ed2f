"""Putting a duty list into force and out of it. It takes two persons, unless a pack brings it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from chengyun.dispatch import policy
from chengyun.dispatch.decide.joining import join
from chengyun.dispatch.decide.parsing import read_list
from chengyun.dispatch.decide.writing import content_hash
from chengyun.dispatch.events import DutyListActivated, DutyListRetired
from chengyun.dispatch.models import DutyList, changes
from chengyun.dispatch.verbs.writing import receipt, tell, write_draft
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Forbidden, Invalid, NotFound
from chengyun.kernel.text import Json, JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places.models import City

REASON_MAX = 2_000


def _locked(actor: Actor, list_id: UUID) -> DutyList:
    """The list, with the city's lists held against other activations."""
    row = DutyList.objects.visible_to(actor).filter(pk=list_id).first()
    if row is None:
        raise NotFound("There is no such duty list.")
    City.objects.select_for_update().filter(pk=row.city_no).first()
    return DutyList.objects.select_for_update().get(pk=list_id)


def _check_date(row: DutyList, now: datetime) -> None:
    zone = City.objects.filter(pk=row.city_no).values_list("time_zone", flat=True).first()
    today = now.astimezone(ZoneInfo(zone or "UTC")).date()
    if row.effective_from is not None and row.effective_from > today:
        raise Conflict(
            f"The list takes effect on {row.effective_from}; activate it then.", code="too_early"
        )


def _put_into_force(actor: Actor, row: DutyList, now: datetime) -> str | None:
    """Replace the list in force; the version it replaced."""
    before = (
        DutyList.objects.select_for_update().filter(city_no=row.city_no, status="active").first()
    )
    if before is not None:
        _retire(actor, before, f"replaced by {row}", now)
    row.status = "active"
    row.activated_at = now
    row.activated_by = actor.id
    row.activated_by_name = actor.name
    row.revision += 1
    row.save()
    changes[row.city_no] += 1
    replaced = None if before is None else str(before)
    event = DutyListActivated(row.id, row.city_no, str(row), hash=row.hash, replaced=replaced)
    tell(actor, row, event, now)
    return replaced


def _retire(actor: Actor, row: DutyList, reason: str, now: datetime) -> None:
    row.status = "retired"
    row.retired_at = now
    row.revision += 1
    row.save()
    changes[row.city_no] += 1
    tell(actor, row, DutyListRetired(row.id, row.city_no, str(row), reason=reason), now)


@verb("dispatch.activate_list")
def activate_list(actor: Actor, *, now: datetime, list_id: UUID) -> JsonObject:
    """Put a draft into force; the list before is retired.

    Raises:
        Forbidden: the actor wrote the draft, or is no leader of the whole city.
        Conflict: it is no draft, or takes effect later.
    """
    row = _locked(actor, list_id)
    policy.may_approve(actor, row.city_no)
    if row.status != "draft":
        raise Conflict(f"The list is {row.status}, not a draft.", code="wrong_status")
    if actor.kind != "system" and row.created_by == actor.id:
        raise Forbidden("Somebody else than its author activates a list.", code="second_person")
    _check_date(row, now)
    replaced = _put_into_force(actor, row, now)
    return {**receipt(row), "replaced": replaced}


@verb("dispatch.retire_list")
def retire_list(actor: Actor, *, now: datetime, list_id: UUID, reason: str) -> JsonObject:
    """Take a list out of force, so that new cases wait for a person, or give up a draft.

    Raises:
        Invalid: no reason is given.
        Conflict: it is retired already.
    """
    row = _locked(actor, list_id)
    if row.status == "draft":
        policy.may_edit(actor, row.city_no)
    else:
        policy.may_approve(actor, row.city_no)
    words = reason.replace("\n", " ").strip()
    if not words or len(words) > REASON_MAX or not words.isprintable():
        said = f"must be given, at most {REASON_MAX} printable characters"
        raise Invalid([FieldError("reason", said, "required")])
    if row.status == "retired":
        raise Conflict("The list is retired already.", code="wrong_status")
    _retire(actor, row, reason.strip(), now)
    return receipt(row)


@verb("dispatch.install_pack_list")
def install_pack_list(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    pack: str,
    version: str,
    contents: Sequence[Json],
) -> JsonObject:
    """Bring a pack's lists into a city as one, and into force unless the city keeps its own.

    Loading the same pack again changes nothing; changed content under an old pack version gets
    its hash behind the version.

    Raises:
        Forbidden: the actor is not the system.
        Invalid: a list of the pack has a fault.
    """
    if actor.kind != "system":
        raise Forbidden("Packs are loaded by the system.", code="not_system")
    parts = []
    for index, content in enumerate(contents):
        duties, faults = read_list(content)
        if duties is None or faults:
            raise Invalid(
                [FieldError(f"{index}.{f.entry}.{f.field}", f.reason, f.code) for f in faults[:20]]
            )
        parts.append(duties)
    if not parts:
        raise Invalid([FieldError("contents", f"pack {pack} has no duty list", "no_entries")])
    joined = join(pack, version, parts)
    found = DutyList.objects.filter(city_no=city_no, name=pack, version=version).first()
    if found is not None and found.hash != content_hash(joined):
        joined = join(pack, f"{version}+{content_hash(joined)[:8]}", parts)
        found = DutyList.objects.filter(city_no=city_no, name=pack, version=joined.version).first()
    City.objects.select_for_update().filter(pk=city_no).first()
    row = found or write_draft(actor, city_no, joined, now=now, pack=pack)
    own = DutyList.objects.filter(city_no=city_no, status="active", pack="local").exists()
    if row.status == "draft" and not own:
        _put_into_force(actor, row, now)
    return receipt(row)
