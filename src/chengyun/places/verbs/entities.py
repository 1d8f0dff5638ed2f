"""Entities on addresses: kept, moved to another address, ended; people are refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chengyun.kernel.actor import Actor
from chengyun.kernel.copy import insert_rows
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import Json, JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places.decide.binding import faults
from chengyun.places.models import Address, City, Entity, EntityVersion
from chengyun.places.policy import may_propose, may_review
from chengyun.places.verbs.changes import as_json
from chengyun.places.verbs.cities import locked_city

_COLUMNS = {
    "id": "uuid",
    "city_no": "bigint",
    "area_no": "bigint",
    "address_id": "uuid",
    "kind": "text",
    "name": "text",
    "code": "text",
    "count": "int",
    "attributes": "jsonb",
    "source": "text",
    "synthetic": "boolean",
    "origin": "text",
    "valid_from": "date",
    "valid_to": "date",
    "version": "int",
    "updated_at": "timestamptz",
}
_VERSION = {
    "entity_id": "uuid",
    "version": "int",
    "content": "jsonb",
    "actor_name": "text",
    "valid_from": "date",
    "recorded_at": "timestamptz",
}
_SAME = ("address_id", "kind", "name", "code", "count", "attributes")
_UPDATES = (*_SAME, "area_no", "valid_to", "version", "updated_at", "source")
_UPSERT = (
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{one} = EXCLUDED.{one}' for one in _UPDATES)}"
)


@verb("places.save_entity")
def save_entity(
    actor: Actor, *, now: datetime, city_no: int, content: Mapping[str, Json]
) -> JsonObject:
    """Keep an entity on an address. Returns {"id"}. Raises Invalid, Forbidden, NotFound."""
    address = _home(actor, content)
    if address is None or address.city_no != city_no:
        raise NotFound("There is no such address.")
    may_propose(actor, address.area_no)
    _sound(content)
    told = [(1, f"id:{new_id()}", content)]
    done = _take(locked_city(city_no), told, now, source="", by=actor.name)
    _taken(done)
    return {"id": done["ids"][0]}


@verb("places.change_entity")
def change_entity(
    actor: Actor, *, now: datetime, entity_id: UUID, content: Mapping[str, Json]
) -> JsonObject:
    """Say what an entity in force is now, also on another address; what it was is kept.

    Returns {"id"}. Raises Invalid (naming each field), Forbidden, NotFound.
    """
    row = _in_force(actor, entity_id)
    may_propose(actor, row.area_no)
    address = _home(actor, content)
    if address is not None:
        may_propose(actor, address.area_no)
    _sound(content)
    told = [(1, row.origin, content)]
    city = locked_city(row.city_no)
    done = _take(city, told, now, source=row.source, synthetic=row.synthetic, by=actor.name)
    _taken(done)
    return {"id": str(row.id)}


def _home(actor: Actor, content: Mapping[str, Json]) -> Address | None:
    found = Address.objects.visible_to(actor).filter(pk=str(content["address_id"])).first()
    return found if isinstance(found, Address) else None


def _in_force(actor: Actor, entity_id: UUID) -> Entity:
    row = Entity.objects.visible_to(actor).filter(pk=entity_id, valid_to=None).first()
    if not isinstance(row, Entity):
        raise NotFound("There is no such entity.")
    return row


def _taken(done: JsonObject) -> None:
    if done["rejects"]:
        raise Invalid([FieldError(r["field"], r["reason"], r["code"]) for r in done["rejects"]])


def _sound(content: Mapping[str, Json]) -> None:
    """Name every field that is at fault at once."""
    wrong = faults(content)
    if wrong:
        raise Invalid([FieldError(field, reason, code) for field, code, reason in wrong])


@verb("places.end_entity")
def end_entity(actor: Actor, *, now: datetime, entity_id: UUID) -> JsonObject:
    """End an entity today; it stays in the register. Raises NotFound, Forbidden."""
    row = _in_force(actor, entity_id)
    may_review(actor, row.area_no)
    city = locked_city(row.city_no)
    row.valid_to = now.astimezone(ZoneInfo(city.time_zone)).date()
    row.version += 1
    row.updated_at = now
    row.save()
    EntityVersion.objects.create(
        entity_id=row.id,
        version=row.version,
        content=None,
        actor_name=actor.name,
        valid_from=row.valid_to,
        recorded_at=now,
    )
    return {"id": str(row.id)}


@verb("places.import_entities")
def import_entities(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    rows: Sequence[tuple[int, str, Mapping[str, Json]]],
    source: str,
    synthetic: bool = False,
) -> JsonObject:
    """Take entities of a file: (row number, origin, content). One origin is one entity, ever.

    Returns {"created", "changed", "unchanged", "rejects"}. Raises Forbidden, NotFound.
    """
    city = locked_city(city_no)
    may_review(actor, city_no, person=False)
    done = _take(city, rows, now, source=source, synthetic=synthetic, by=actor.name)
    del done["ids"]
    return done


def _take(
    city: City,
    rows: Sequence[tuple[int, str, Mapping[str, Json]]],
    now: datetime,
    *,
    source: str,
    by: str,
    synthetic: bool = False,
) -> JsonObject:
    today = now.astimezone(ZoneInfo(city.time_zone)).date()
    held = {
        row.origin: row
        for row in Entity.objects.filter(
            city_no=city.area_no, origin__in=[origin for _, origin, _ in rows]
        )
    }
    homes = _homes(city.area_no, [given for _, _, given in rows])
    rejects: list[JsonObject] = []
    writing: dict[str, tuple[Any, ...]] = {}
    versions: list[tuple[Any, ...]] = []
    created = unchanged = 0
    for number, origin, given in rows:
        wrong = list(faults(given))
        home = homes.get(str(given.get("address_id")))
        if home is None and not wrong:
            wrong = [("address_id", "no_address", "is no address of this city in force")]
        if wrong:
            field, code, reason = wrong[0]
            rejects.append({"number": number, "field": field, "code": code, "reason": reason})
            continue
        before = held.get(origin)
        content = _content(given, home)
        if origin in writing or (before and _equal(before, content)):
            unchanged += 1
            continue
        created += before is None
        writing[origin] = _row(city.area_no, before, content, home, origin, source, synthetic)
        writing[origin] += (before.valid_from if before else today, None)
        version = before.version + 1 if before else 1
        writing[origin] += (version, now)
        versions.append((writing[origin][0], version, as_json(content), by, today, now))
    insert_rows("places_entity", _COLUMNS, list(writing.values()), _UPSERT)
    insert_rows("places_entityversion", _VERSION, versions)
    return {
        "area_no": city.area_no,
        "created": created,
        "changed": len(writing) - created,
        "unchanged": unchanged,
        "rejects": rejects,
        "count": len(writing),
        "ids": [str(one[0]) for one in writing.values()],
    }


def _content(given: Mapping[str, Json], home: tuple[UUID, int] | None) -> JsonObject:
    return {
        "address_id": home[0] if home else None,
        "kind": given["kind"],
        "name": str(given.get("name") or ""),
        "code": str(given.get("code") or ""),
        "count": given.get("count"),
        "attributes": dict(given.get("attributes") or {}),
    }


def _equal(before: Entity, content: JsonObject) -> bool:
    return before.valid_to is None and all(getattr(before, name) == content[name] for name in _SAME)


def _row(
    city_no: int,
    before: Entity | None,
    content: JsonObject,
    home: tuple[UUID, int] | None,
    origin: str,
    source: str,
    synthetic: bool,
) -> tuple[Any, ...]:
    area_no = home[1] if home else city_no
    told = (content["kind"], content["name"], content["code"], content["count"])
    return (
        *(before.id if before else new_id(), city_no, area_no, content["address_id"], *told),
        *(as_json(content["attributes"]), source, synthetic, origin),
    )


def _homes(city_no: int, given: Sequence[Mapping[str, Json]]) -> dict[str, tuple[UUID, int]]:
    """The addresses in force that rows name: (id, area) by id."""
    ids = set()
    for one in given:
        try:
            ids.add(UUID(str(one.get("address_id"))))
        except ValueError:
            continue
    rows = Address.objects.filter(city_no=city_no, id__in=list(ids)).exclude(state="retired")
    return {str(uid): (uid, area_no) for uid, area_no in rows.values_list("id", "area_no")}
