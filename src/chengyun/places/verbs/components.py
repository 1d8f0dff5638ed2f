"""Files of components, the classes packs declare, and their end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.text import Json, JsonObject
from chengyun.kernel.verbs import digest, verb
from chengyun.places.decide.components import completed, problems
from chengyun.places.models import Component, ComponentKind
from chengyun.places.policy import check_may_change
from chengyun.places.reads.component_kinds import component_kinds
from chengyun.places.verbs.cities import locked_city
from chengyun.places.verbs.component_applier import as_uuid, live_addresses, taken_codes
from chengyun.places.verbs.component_writing import Writing, component_state, write_components

_KIND = ("scheme", "major_code", "minor_code", "name", "major", "layout", "near_m")


@verb("places.load_component_kinds")
def load_component_kinds(
    actor: Actor,
    *,
    now: datetime,
    pack: str,
    kinds: Sequence[Mapping[str, Json]],
    city_no: int | None = None,
) -> JsonObject:
    """Take up the classes of components a pack declares; the same again changes nothing.

    Returns {"changed"}. Raises Forbidden.
    """
    check_may_change(actor)
    held = ComponentKind.objects.in_bulk([str(one["id"]) for one in kinds])
    fresh = []
    for one in kinds:
        row = ComponentKind(id=one["id"], pack=pack, city_no=city_no)
        for name in _KIND:
            setattr(row, name, one[name])
        before = held.get(row.id)
        if before is None or any(getattr(before, n) != getattr(row, n) for n in (*_KIND, "pack")):
            fresh.append(row)
    ComponentKind.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=["id"], update_fields=[*_KIND, "pack"]
    )
    return {"changed": len(fresh)}


@verb("places.import_components")
def import_components(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    rows: Sequence[tuple[int, str, Mapping[str, Json]]],
    source: str,
    synthetic: bool = False,
) -> JsonObject:
    """Take components of a file: (row number, origin, state). One origin is one component, ever.

    An origin "code:<scheme>:<code>" also finds a component that came another way.
    Returns {"created", "changed", "unchanged", "rejects"}; rejects are {number, field, reason}.
    Raises Forbidden, NotFound.
    """
    check_may_change(actor)
    city = locked_city(city_no)
    kinds = component_kinds(city_no)
    held = known_components(city_no, [origin for _, origin, _ in rows])
    whole: list[tuple[int, str, Mapping[str, Json], Component | None, JsonObject]] = []
    for number, origin, given in rows:
        before = held.get(origin)
        state = laid_over(component_state(before) if before else None, given)
        whole.append((number, origin, given, before, state))
    homes = live_addresses(city_no, [state for *_, state in whole])
    taken = taken_codes(city_no, [str(state["code"]) for *_, state in whole])
    entries: dict[str, Writing] = {}
    owners: dict[tuple[str, str], str] = {}
    rejects: list[JsonObject] = []
    created = unchanged = 0
    for number, origin, given, before, state in whole:
        wrong = [(p.field, p.code, p.reason["en"]) for p in problems(state, kinds)]
        uid = before.id if before else _own_id(origin) or new_id()
        if not wrong and state["address_id"] and state["address_id"] not in homes:
            wrong = [("address_id", "no_address", "is no address of this city in force")]
        if not wrong and state["code"] and origin not in entries:
            key = (kinds[state["kind_id"]].scheme, state["code"])
            if taken.get(key, str(uid)) != str(uid) or owners.setdefault(key, origin) != origin:
                wrong = [("code", "code_taken", "is the code of another component")]
        if wrong:
            field, code, reason = wrong[0]
            rejects.append({"number": number, "field": field, "code": code, "reason": reason})
            continue
        said = digest("row", dict(given)).hex()
        same = before is not None and (
            before.origin_hash == said
            or (before.valid_to is None and state == completed(component_state(before)))
        )
        if same or origin in entries:
            unchanged += 1
            continue
        created += before is None
        entries[origin] = Writing(uid, state, origin, source, synthetic, origin_hash=said)
    write_components(city, list(entries.values()), now, actor=actor, reason=source)
    return {
        "area_no": city_no,
        "created": created,
        "changed": len(entries) - created,
        "unchanged": unchanged,
        "rejects": rejects,
        "count": len(entries),
    }


def laid_over(before: JsonObject | None, given: Mapping[str, Json]) -> JsonObject:
    """The whole state that a row of a file makes of what is known.

    A point that stays where it is keeps what is known of where it came from.
    """
    state = completed({**(before or {}), **given})
    if before and (state["lon"], state["lat"]) == (before["lon"], before["lat"]):
        state["datum"] = before["datum"]
    return state


def known_components(city_no: int, origins: Sequence[str]) -> dict[str, Component]:
    """Components by the origin that names them: a source's, our own id, or scheme and code."""
    rows = Component.objects.filter(city_no=city_no, origin__in=list(origins))
    found = {row.origin: row for row in rows}
    left = [one for one in origins if one not in found]
    ids = {uid: one for one in left if (uid := _own_id(one))}
    for row in Component.objects.filter(city_no=city_no, id__in=list(ids)):
        found[ids[row.id]] = row
    codes = {tuple(one.split(":", 2)[1:]): one for one in left if one.startswith("code:")}
    for row in Component.objects.filter(city_no=city_no, code__in=[key[1] for key in codes]):
        if (row.scheme, row.code) in codes:
            found[codes[row.scheme, row.code]] = row
    return found


def _own_id(origin: str) -> UUID | None:
    return as_uuid(origin.removeprefix("id:")) if origin.startswith("id:") else None
