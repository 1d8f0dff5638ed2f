"""The life of one address; streets renamed, lanes split and merged; files of addresses."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Conflict, FieldError, Forbidden, Invalid, NotFound
from chengyun.kernel.text import Json, JsonObject
from chengyun.kernel.verbs import digest, verb
from chengyun.places.decide.addressing import MOVES, completed, problems
from chengyun.places.decide.restructuring import WHERE, Restructuring
from chengyun.places.models import Address, AddressRules
from chengyun.places.policy import check_may_change, may_propose, may_review
from chengyun.places.reads.address_rules import address_rules
from chengyun.places.reads.atlas import city_map
from chengyun.places.verbs.address_writing import Entry, locate, state_of, write_addresses
from chengyun.places.verbs.changes import MOST_CHANGES, open_set
from chengyun.places.verbs.cities import locked_city

ACTIONS = ("change", "split", "merge", "move")


@verb("places.propose_address")
def propose_address(
    actor: Actor, *, now: datetime, city_no: int, content: Mapping[str, Json], source: str = ""
) -> JsonObject:
    """Propose a new address; it answers nowhere until it is approved and published.

    Returns {"id", "state"}. Raises Invalid naming each field, Forbidden, NotFound.
    """
    state = completed({**content, "state": "proposed"})
    found = [FieldError(p.field, p.reason["en"], p.code) for p in problems(state)]
    if found:
        raise Invalid(found)
    city = locked_city(city_no)
    area_no, _, _ = locate(city_map(city_no), [state])[0]
    may_propose(actor, area_no)
    main = state["main_id"]
    if main and not Address.objects.filter(city_no=city_no, id=main).exists():
        raise Invalid([FieldError("main_id", "is no address of this city", "no_main")])
    entry = Entry(new_id(), state, source=source, proposed_by=actor.id)
    write_addresses(city, [entry], now, actor=actor)
    return {"id": str(entry.id), "state": "proposed"}


@verb("places.move_address")
def move_address(
    actor: Actor, *, now: datetime, address_id: UUID, move: str, reason: str = ""
) -> JsonObject:
    """Approve, publish or retire an address; who proposed it does not approve it.

    Returns {"id", "state"}. Raises Conflict (not from this state; or it is a main address still
    used), Invalid (retiring needs a reason), Forbidden, NotFound.
    """
    row = Address.objects.visible_to(actor).filter(pk=address_id).first()
    if not isinstance(row, Address):
        raise NotFound("There is no such address.")
    may_review(actor, row.area_no, address_rules().approve_posts)
    city = locked_city(row.city_no)
    row.refresh_from_db()
    allowed, then = MOVES[move]
    if row.state not in allowed:
        raise Conflict(f"The address is {row.state}.", code="wrong_state", state=row.state)
    if move == "approve" and actor.kind != "system" and row.proposed_by == actor.id:
        raise Forbidden("Somebody else than who proposed it approves it.", code="second_person")
    if move == "retire":
        if not reason.strip():
            raise Invalid([FieldError("reason", "must be given", "required")])
        if Address.objects.filter(main_id=row.id).exclude(state="retired").exists():
            raise Conflict("Auxiliary addresses lean on it: move them first.", code="is_main")
    state = None if then == "retired" else {**state_of(row), "state": then}
    write_addresses(city, [Entry(row.id, state)], now, actor=actor, reason=reason.strip())
    return {"id": str(row.id), "state": then}


@verb("places.restructure_addresses")
def restructure_addresses(
    actor: Actor,
    *,
    now: datetime,
    area_no: int,
    action: str,
    where: Mapping[str, str],
    becomes: Mapping[str, str],
    title: str,
    numbers: Sequence[str] = (),
    source: str = "",
) -> JsonObject:
    """Draft the change set of a street renamed ("change"), a lane split or lanes merged.

    Concerned are the area's addresses whose parts equal `where` (road, lane, sub_lane, compound),
    of a split only those of `numbers`. Returns as open_set. Raises Invalid, Forbidden, NotFound.
    """
    _check_restructuring(action, where, becomes)
    asked = Restructuring.of(action, where, becomes, numbers)
    rows = Address.objects.filter(
        city_no=areas.city_of(area_no), area_no__range=areas.span(area_no), **asked.where
    )
    rows = rows.exclude(state="retired").order_by("text", "id")[: MOST_CHANGES + 1]
    changes = [
        change for row in rows if (change := asked.change(str(row.id), state_of(row))) is not None
    ]
    if not changes:
        raise Invalid([FieldError("where", "names no address of the area", "no_address")])
    done: JsonObject = open_set(
        actor,
        now=now,
        area_no=area_no,
        subject="addresses",
        title=title,
        source=source,
        changes=changes,
    )
    return done


@verb("places.import_addresses")
def import_addresses(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    rows: Sequence[tuple[int, str, Mapping[str, Json]]],
    source: str,
    synthetic: bool = False,
) -> JsonObject:
    """Take addresses of a file: (row number, origin, state). One origin is one address, ever.

    Returns {"created", "changed", "unchanged", "rejects"}; rejects are {number, field, reason}.
    Raises Forbidden, NotFound.
    """
    check_may_change(actor)
    city = locked_city(city_no)
    held = _known(city_no, [origin for _, origin, _ in rows])
    mains = _mains(city_no, rows)
    entries: dict[str, Entry] = {}
    rejects: list[JsonObject] = []
    created = unchanged = 0
    for number, origin, given in rows:
        before = held.get(origin)
        old = state_of(before) if before else {}
        state = completed({**old, **given})
        wrong = [FieldError(one.field, one.reason["en"], one.code) for one in problems(state)]
        if state["main_id"] and state["main_id"] not in mains:
            wrong.append(FieldError("main_id", "is no address of this city", "no_main"))
        if wrong:
            rejects.append({"number": number, **wrong[0].as_dict()})
            continue
        said = digest("row", dict(given)).hex()
        same = before and (before.origin_hash == said or state == completed(old))
        if same or origin in entries:
            unchanged += 1
            continue
        created += before is None
        uid = before.id if before else _own_id(origin) or new_id()
        entries[origin] = Entry(uid, state, origin, source, synthetic, origin_hash=said)
    write_addresses(city, list(entries.values()), now, actor=actor, reason=source)
    return {
        "area_no": city_no,
        "created": created,
        "changed": len(entries) - created,
        "unchanged": unchanged,
        "rejects": rejects,
        "count": len(entries),
    }


@verb("places.load_address_rules")
def load_address_rules(
    actor: Actor, *, now: datetime, pack: str, pack_version: str, content: JsonObject
) -> JsonObject:
    """Take up what a pack says of addresses; the same again changes nothing."""
    check_may_change(actor)
    row, added = AddressRules.objects.get_or_create(
        pack=pack,
        pack_version=pack_version,
        defaults={
            "content": content,
            "effective_from": content.get("effective_from"),
            "loaded_at": now,
        },
    )
    if not added and row.content != content:
        row.content = content
        row.loaded_at = now
        row.save()
    return {"added": added}


def _known(city_no: int, origins: Sequence[str]) -> dict[str, Address]:
    """Addresses by the origin that names them; an origin of our own export names an id."""
    found = {row.origin: row for row in Address.objects.filter(city_no=city_no, origin__in=origins)}
    ids = {uid: one for one in origins if one not in found and (uid := _own_id(one))}
    rows = Address.objects.filter(city_no=city_no, id__in=list(ids))
    return {**found, **{ids[row.id]: row for row in rows}}


def _own_id(origin: str) -> UUID | None:
    return UUID(origin.removeprefix("id:")) if origin.startswith("id:") else None


def _mains(city_no: int, rows: Sequence[tuple[int, str, Mapping[str, Json]]]) -> set[str]:
    asked = {str(given["main_id"]) for _, _, given in rows if given.get("main_id")}
    known: set[str] = set()
    for said in asked:
        try:
            UUID(said)
        except ValueError:
            continue
        known.add(said)
    found = Address.objects.filter(city_no=city_no, id__in=list(known)).values_list("id", flat=True)
    return {str(uid) for uid in found}


def _check_restructuring(action: str, where: Mapping[str, str], becomes: Mapping[str, str]) -> None:
    errors = []
    if action not in ACTIONS:
        errors.append(FieldError("action", f"is none of {', '.join(ACTIONS)}", "unknown_action"))
    for name, given in (("where", where), ("becomes", becomes)):
        if not given or not set(given) <= set(WHERE):
            errors.append(FieldError(name, f"must name some of {', '.join(WHERE)}", "bad_parts"))
    if not errors and not where.get("road") and not where.get("compound"):
        errors.append(FieldError("where", "must name a road or a compound", "required"))
    if errors:
        raise Invalid(errors)
