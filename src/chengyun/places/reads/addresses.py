"""Standard addresses: found, as lists, and one with all that hangs on it."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from chengyun.kernel import areas, paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Forbidden, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.addressing import MOVES, PARTS, STATES
from chengyun.places.models import Address, AddressVersion, Entity, EntityVersion
from chengyun.places.policy import may_propose, may_review
from chengyun.places.reads.address_rules import address_rules
from chengyun.places.reads.atlas import area_path, areas_named, city_map
from chengyun.places.reads.components import components_on_address

MOST_BESIDE = 200
_LINE = (
    *("id", "city_no", "area_no", "grid_code", "kind", "text", "poi", "names", "main_id", "code"),
    *("point_code", "lon", "lat", "height", "datum", "accuracy_m", "position_source", "state"),
    *("source", "synthetic", "valid_from", "valid_to", "version"),
)


def addresses(
    actor: Actor,
    *,
    city: int | None = None,
    area: int | None = None,
    q: str = "",
    state: str | None = None,
    kind: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> tuple[list[JsonObject], str | None]:
    """Addresses in sight by text, and the next cursor; `q` is part of a text, name or code.

    Raises:
        Invalid: an unknown state, or a cursor of another list.
    """
    if state is not None and state not in STATES:
        raise Invalid([FieldError("state", f"is none of {', '.join(STATES)}", "unknown_state")])
    found = Address.objects.visible_to(actor)
    if city is not None:
        found = found.filter(city_no=city)
    if area is not None:
        found = found.filter(area_no__range=areas.span(area))
    found = found.exclude(state="retired") if state is None else found.filter(state=state)
    if kind is not None:
        found = found.filter(kind=kind)
    for word in q.lower().split()[:5]:
        found = found.filter(Q(search__contains=word) | Q(code__startswith=word))
    if cursor:
        text, last = paging.decode(cursor, 2, (str, UUID))
        found = found.filter(Q(text__gt=text) | Q(text=text, id__gt=last))
    size = paging.clamp(limit)
    rows: list[Any] = list(found.order_by("text", "id")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return _lines(rows), paging.encode([rows[-1].text, str(rows[-1].id)]) if more else None


def address(actor: Actor, address_id: UUID) -> JsonObject:
    """One address with its areas, entities, auxiliary addresses, inner addresses and history.

    Raises NotFound.
    """
    row = find_address(actor, address_id)
    same = {part: getattr(row, part) for part in PARTS[:6]}
    beside: Any = Address.objects.filter(city_no=row.city_no).exclude(state="retired")
    inner = beside.filter(**{k: v for k, v in same.items() if v}, area_no__range=_near(row))
    inner = inner.exclude(pk=row.pk).order_by("text")[:MOST_BESIDE] if any(same.values()) else []
    auxiliary = beside.filter(main_id=row.id).order_by("text")[:MOST_BESIDE]
    main = beside.filter(pk=row.main_id).first() if row.main_id else None
    things = Entity.objects.filter(address_id=row.id, valid_to=None).order_by("kind", "name")
    return {
        **_lines([row])[0],
        "parts": {part: getattr(row, part) for part in PARTS},
        "areas": [
            {"no": one.no, "code": one.code, "name": one.name, "level": one.level}
            for one in area_path(row.area_no)
        ],
        "main": _lines([main])[0] if main else None,
        "auxiliary": _lines(list(auxiliary)),
        "inner": _lines(list(inner)),
        "entities": [entity_line(thing) for thing in things[:MOST_BESIDE]],
        "entity_counts": _counts(row.id),
        "components": components_on_address(row.id),
        "history": history(row.id),
        "moves": _moves(actor, row),
        "entity_moves": _entity_moves(actor, row),
        "codes_verified": address_rules().verified,
    }


def addresses_within(address_id: UUID) -> Any:
    """Ids of an address, of all that stand inside it (a lane's houses, a house's rooms) and their
    auxiliary addresses; nothing where there is no such address. For use inside queries."""
    row = Address.objects.filter(pk=address_id).first()
    own = Q(pk=address_id)
    parts = {part: getattr(row, part) for part in PARTS[:9]} if row is not None else {}
    given = {part: said for part, said in parts.items() if said}
    if row is not None and given and not row.cross:
        own |= Q(city_no=row.city_no, area_no__range=_near(row), cross="", **given)
    inside = Address.objects.filter(own).order_by().values("pk")
    either = Address.objects.filter(Q(pk__in=inside) | Q(main_id__in=inside))
    return either.order_by().values_list("pk", flat=True)


def address_on(actor: Actor, address_id: UUID, day: date) -> JsonObject:
    """The address as it was on a day. Raises NotFound when it did not exist then."""
    row = find_address(actor, address_id)
    then = (
        AddressVersion.objects.filter(address_id=row.id, valid_from__lte=day)
        .order_by("-valid_from", "-id")
        .first()
    )
    if then is None or then.content is None:
        raise NotFound("There was no such address on that day.")
    return {"id": row.id, "text": then.text, "state": then.state, "content": then.content}


def history(address_id: UUID) -> list[JsonObject]:
    """What the address was, newest first, with who changed it and in which change set."""
    rows = AddressVersion.objects.filter(address_id=address_id).order_by("-id")[:MOST_BESIDE]
    fields = ("version", "state", "text", "set_id", "actor_name", "reason", "valid_from")
    return [
        {**{name: getattr(row, name) for name in fields}, "recorded_at": row.recorded_at}
        for row in rows
    ]


def find_address(actor: Actor, address_id: UUID) -> Address:
    """The address in sight. Raises NotFound."""
    row = Address.objects.visible_to(actor).filter(pk=address_id).first()
    if not isinstance(row, Address):
        raise NotFound("There is no such address.")
    return row


def entity_line(thing: Entity) -> JsonObject:
    """An entity for screens."""
    fields = ("id", "kind", "name", "code", "count", "attributes", "source", "synthetic")
    return {
        **{name: getattr(thing, name) for name in fields},
        "address_id": thing.address_id,
        "valid_from": thing.valid_from,
    }


def entity(actor: Actor, entity_id: UUID) -> JsonObject:
    """One entity, also a retired one, with what it was, newest first. Raises NotFound."""
    row = Entity.objects.visible_to(actor).filter(pk=entity_id).first()
    if not isinstance(row, Entity):
        raise NotFound("There is no such entity.")
    then = EntityVersion.objects.filter(entity_id=row.id).order_by("-version")[:MOST_BESIDE]
    fields = ("version", "content", "actor_name", "valid_from", "recorded_at")
    home = Address.objects.filter(pk=row.address_id).first() if row.address_id else None
    return {
        **entity_line(row),
        "address": home.text if home else "",
        "valid_to": row.valid_to,
        "version": row.version,
        "history": [{name: getattr(one, name) for name in fields} for one in then],
    }


def entities(
    actor: Actor,
    *,
    kind: str | None = None,
    code: str | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> tuple[list[JsonObject], str | None]:
    """Entities in sight by name, with the text of their address, and the next cursor."""
    found: Any = Entity.objects.visible_to(actor)
    found = found.filter(valid_to=None)
    if kind is not None:
        found = found.filter(kind=kind)
    if code is not None:
        found = found.filter(code=code)
    if q.strip():
        found = found.filter(name__icontains=q.strip())
    if cursor:
        name, last = paging.decode(cursor, 2, (str, UUID))
        found = found.filter(Q(name__gt=name) | Q(name=name, id__gt=last))
    size = paging.clamp(limit)
    rows: list[Entity] = list(found.order_by("name", "id")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    homes = Address.objects.filter(id__in=[row.address_id for row in rows])
    texts = dict(homes.values_list("id", "text"))
    items = [
        {**entity_line(row), "address": texts.get(row.address_id or row.id, "")} for row in rows
    ]
    return items, paging.encode([rows[-1].name, str(rows[-1].id)]) if more else None


def address_rows(city_no: int, area_no: int, chunk: int = 2_000) -> Iterator[Address]:
    """Every address of an area that is not retired, in bounded memory."""
    rows: Any = Address.objects.filter(city_no=city_no, area_no__range=areas.span(area_no))
    yield from rows.exclude(state="retired").order_by("id").iterator(chunk_size=chunk)


def _near(row: Address) -> tuple[int, int]:
    district = areas.at_level(row.area_no, "district")
    return areas.span(district or areas.city_of(row.area_no))


def _lines(rows: list[Any]) -> list[JsonObject]:
    community = {row.area_no: areas.at_level(row.area_no, "community") for row in rows}
    wanted = {above for no, region in community.items() for above in areas.ancestors(region or no)}
    named = areas_named(wanted)
    lines = []
    for row in rows:
        path = areas.ancestors(community[row.area_no] or row.area_no)
        names = [named[no].name for no in path if no in named]
        lines.append({**{name: getattr(row, name) for name in _LINE}, "area_names": names})
    return lines


def _counts(address_id: UUID) -> dict[str, int]:
    counts: dict[str, int] = {}
    rows = Entity.objects.filter(address_id=address_id, valid_to=None)
    for kind, count in rows.values_list("kind", "count"):
        counts[kind] = counts.get(kind, 0) + ((count or 0) if kind == "population" else 1)
    return counts


def _moves(actor: Actor, row: Address) -> list[str]:
    """What a screen offers; the verbs decide again."""
    try:
        may_review(actor, row.area_no, address_rules().approve_posts)
    except (Forbidden, NotFound):
        return ["change"] if _proposes(actor, row) else []
    own = actor.id is not None and row.proposed_by == actor.id
    held = [
        move
        for move, (allowed, _) in MOVES.items()
        if row.state in allowed and not (move == "approve" and own)
    ]
    return [*held, "change"] if row.state != "retired" else held


def _entity_moves(actor: Actor, row: Address) -> list[str]:
    held = ["add", "change"] if _proposes(actor, row) else []
    try:
        may_review(actor, row.area_no)
    except (Forbidden, NotFound):
        return held
    return [*held, "retire"]


def _proposes(actor: Actor, row: Address) -> bool:
    try:
        may_propose(actor, row.area_no)
    except (Forbidden, NotFound):
        return False
    return row.state != "retired"


def addresses_called(
    city_no: int, codes: list[str], texts: list[str]
) -> list[tuple[UUID, str, str, str]]:
    """(id, code, text, district's code) of the addresses in force with these codes or texts."""
    named = city_map(city_no).areas
    rows = Address.objects.filter(city_no=city_no).exclude(state="retired")
    rows = rows.filter(Q(code__in=[code for code in codes if code]) | Q(text__in=texts))
    found = []
    for uid, code, said, area_no in rows.values_list("id", "code", "text", "area_no"):
        district = areas.at_level(area_no, "district")
        found.append(
            (uid, code, said, named[district].code if district and district in named else "")
        )
    return found
