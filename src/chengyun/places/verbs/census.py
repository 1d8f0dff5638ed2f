"""The census of components (部件普查), by phone and by file: findings become change sets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import Upload
from chengyun.kernel.problems import FieldError, Forbidden, Invalid, NotFound
from chengyun.kernel.text import Json, JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places.decide.changing import diff
from chengyun.places.decide.components import MOST_PHOTOS, census_change, completed, problems
from chengyun.places.models import ChangeSet, City, Component, ComponentInspection
from chengyun.places.policy import check_may_change, may_propose
from chengyun.places.reads.atlas import city_map
from chengyun.places.reads.component_kinds import component_kinds
from chengyun.places.verbs.changes import MOST_CHANGES, add_changes, open_set
from chengyun.places.verbs.cities import locked_city
from chengyun.places.verbs.component_writing import component_state, locate_components
from chengyun.places.verbs.components import known_components, laid_over

SUBJECT = "components"


@verb("places.record_finding")
def record_finding(
    actor: Actor,
    *,
    now: datetime,
    area_no: int,
    finding: str,
    component_id: UUID | None = None,
    content: Mapping[str, Json],
    note: str = "",
    photos: Sequence[UUID] = (),
) -> JsonObject:
    """Keep what somebody found on the spot; what differs from the register goes into their draft.

    Findings: intact, damaged, missing, abandoned, moved (with the new place), new. One's findings
    of a day in one area are one draft change set, which is then proposed and reviewed like any.

    Returns {"component_id", "set_id" (None: nothing differs), "count", "inspection_id"}.
    Raises Invalid naming the field, Forbidden (no post there), NotFound.
    """
    before = _component(actor, component_id)
    state = component_state(before) if before else None
    try:
        made = census_change(finding, state, content)
    except ValueError as error:
        raise Invalid([FieldError("finding", str(error), "bad_finding")]) from None
    target = before.id if before else new_id()
    pictures = _take_photos(actor, photos, now)
    city_no = before.city_no if before else areas.city_of(area_no)
    if made is not None:
        after = completed({**(state or {}), **made[1]})
        _check(after, city_no)
        area_no = locate_components(city_map(city_no), [after])[0][0]
    elif before:
        area_no = before.area_no
    may_propose(actor, area_no)
    done: JsonObject = {"id": None, "count": 0}
    if made is not None:
        given = made[1]
        if pictures:
            given = {
                **given,
                "photos": [*(state or {}).get("photos", []), *pictures][-MOST_PHOTOS:],
            }
        change = {"action": made[0], "target_id": str(target), "after": given}
        done = _into_draft(actor, now, areas.at_level(area_no, "street") or area_no, change)
    row = ComponentInspection.objects.create(
        component_id=target,
        finding=finding,
        note=note.strip(),
        photos=pictures,
        set_id=done["id"],
        actor_id=actor.id,
        actor_name=actor.name,
        at=now,
    )
    if before:
        Component.objects.filter(pk=before.pk).update(inspected_at=now)
    return {
        "component_id": str(target),
        "set_id": done["id"],
        "count": done["count"],
        "inspection_id": str(row.id),
    }


@verb("places.draft_census")
def draft_census(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    rows: Sequence[tuple[int, str, Mapping[str, Json]]],
    title: str,
    source: str,
    set_id: UUID | None = None,
) -> JsonObject:
    """Put the difference between a census file and the register into a draft, for review.

    Rows are (row number, origin, state); a state's "finding" may be left out: it follows from what
    differs. Goes on in `set_id`, else opens a set. Returns as import_components, with "set_id".
    Raises Invalid (more than a set holds), Forbidden, NotFound.
    """
    check_may_change(actor)
    locked_city(city_no)
    kinds = component_kinds(city_no)
    held = known_components(city_no, [origin for _, origin, _ in rows])
    changes: dict[str, JsonObject] = {}
    rejects: list[JsonObject] = []
    created = unchanged = 0
    for number, origin, given in rows:
        before = held.get(origin)
        old = component_state(before) if before and before.valid_to is None else None
        after = laid_over(old, given)
        wrong = problems(after, kinds)
        if wrong:
            first = wrong[0]
            told = {"field": first.field, "code": first.code, "reason": first.reason["en"]}
            rejects.append({"number": number, **told})
            continue
        if origin in changes or (old is not None and not diff(completed(old), after)):
            unchanged += 1
            continue
        moved = old is not None and (old["lon"], old["lat"]) != (after["lon"], after["lat"])
        action = "add" if old is None else "move" if moved else "change"
        created += old is None
        target = str(before.id) if before else str(new_id())
        changes[origin] = {"action": action, "target_id": target, "after": after}
    done = _draft(actor, now, city_no, list(changes.values()), title, source, set_id)
    return {
        "area_no": city_no,
        "set_id": done["id"],
        "created": created,
        "changed": len(changes) - created,
        "unchanged": unchanged,
        "rejects": rejects,
        "count": len(changes),
    }


def _draft(
    actor: Actor,
    now: datetime,
    city_no: int,
    changes: Sequence[JsonObject],
    title: str,
    source: str,
    set_id: UUID | None,
) -> JsonObject:
    if not changes:
        return {"id": str(set_id) if set_id else None, "count": 0}
    if len(changes) > MOST_CHANGES:
        said = f"a set holds at most {MOST_CHANGES:,} changes"
        raise Invalid([FieldError("changes", said, "too_many")])
    if set_id is None:
        made: JsonObject = open_set(
            actor,
            now=now,
            area_no=city_no,
            subject=SUBJECT,
            title=title,
            source=source,
            changes=changes,
        )
        return made
    more: JsonObject = add_changes(actor, now=now, set_id=set_id, changes=changes)
    return more


def _into_draft(actor: Actor, now: datetime, area_no: int, change: JsonObject) -> JsonObject:
    city = City.objects.get(pk=areas.city_of(area_no))
    day = now.astimezone(ZoneInfo(city.time_zone)).date()
    locked_city(city.area_no)
    title = f"部件普查 Census {day} {actor.name}"
    draft = (
        ChangeSet.objects.filter(
            city_no=city.area_no, area_no=area_no, subject=SUBJECT, subject_id="census"
        )
        .filter(state="draft", made_by=actor.id, title=title)
        .first()
    )
    if draft is not None:
        more: JsonObject = add_changes(actor, now=now, set_id=draft.id, changes=[change])
        return more
    made: JsonObject = open_set(
        actor,
        now=now,
        area_no=area_no,
        subject=SUBJECT,
        subject_id="census",
        title=title,
        changes=[change],
    )
    return made


def _component(actor: Actor, component_id: UUID | None) -> Component | None:
    if component_id is None:
        return None
    row = Component.objects.visible_to(actor).filter(pk=component_id, valid_to=None).first()
    if not isinstance(row, Component):
        raise NotFound("There is no such component.")
    return row


def _check(state: JsonObject, city_no: int) -> None:
    wrong = problems(state, component_kinds(city_no))
    if wrong:
        raise Invalid([FieldError(one.field, one.reason["en"], one.code) for one in wrong])


def _take_photos(actor: Actor, ids: Sequence[UUID], now: datetime) -> list[str]:
    """Use uploads of one's own that nothing cites yet."""
    if len(set(ids)) != len(ids) or len(ids) > MOST_PHOTOS:
        said = f"at most {MOST_PHOTOS}, each once"
        raise Invalid([FieldError("photos", said, "too_many")])
    free = Upload.objects.select_for_update().filter(
        pk__in=list(ids), used_at=None, owner_id=actor.id
    )
    found = set(free.values_list("pk", flat=True))
    if found != set(ids):
        raise Invalid([FieldError("photos", "names no unused upload of yours", "unknown_photo")])
    if actor.id is None and ids:
        raise Forbidden("Photos are somebody's.")
    Upload.objects.filter(pk__in=list(ids)).update(used_at=now)
    return [str(one) for one in ids]
