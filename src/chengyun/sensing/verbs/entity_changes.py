"""Entities of SensorThings changed and deleted; what packs and devices declare stays theirs."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from psycopg.types.json import Jsonb

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, Forbidden, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.policy import check_may_keep
from chengyun.sensing.verbs.entities import Making, point_of, relink
from chengyun.sensing.verbs.observing import NewObservation, observe
from chengyun.sensing.verbs.owning import kept_thing
from chengyun.sensing.verbs.statements import carry_out, fetch_rows

_TABLES = {
    "Locations": ("location", "location"),
    "FeaturesOfInterest": ("feature", "feature"),
    "Sensors": ("sensor", "metadata"),
}
_COLUMNS = {
    "Things": {"name": "name", "description": "description", "properties": "properties"},
    "Datastreams": {
        "name": "name",
        "description": "description",
        "properties": "properties",
        "observationType": "observation_type",
        "unitOfMeasurement": "unit_said",
        "observedArea": "observed_area",
    },
    "ObservedProperties": {"definition": "definition", "description": "description"},
}
_1970 = datetime(1970, 1, 1, tzinfo=UTC)


@verb("sensing.change_entity")
def change_entity(
    actor: Actor,
    *,
    now: datetime,
    set: str,  # noqa: A002 - the standard's word
    number: int | str,
    said: Mapping[str, Any],
    links: Mapping[str, tuple[int, ...]],
) -> JsonObject:
    """Change the properties and links that are named.

    Raises NotFound, Forbidden, Conflict (what packs declare is changed there), Problem.
    """
    if isinstance(number, str):
        _change_observation(actor, now, number, said, links)
    elif set in _TABLES:
        _change_posted(actor, now, set, number, said, links)
    elif set == "HistoricalLocations":
        _change_history(actor, number, said)
    else:
        _change_registered(actor, now, set, number, said, links)
    return {"entity": number}


def _change_posted(
    actor: Actor,
    now: datetime,
    set_: str,
    number: int,
    said: Mapping[str, Any],
    links: Mapping[str, tuple[int, ...]],
) -> None:
    table, body = _TABLES[set_]
    _kept_posted(actor, table, number)
    names = {"encodingType": "encoding", body: "said"}
    values = {names.get(name, name): _sealed(name, value, body) for name, value in said.items()}
    if body in said and set_ != "Sensors":
        values["lon"], values["lat"] = point_of(said[body])
    _update(f"sensing_{table}", "no", number, values)
    for thing in links.get("Things", ()):
        Making(actor, now).placed(thing, [number])
    for stream in links.get("Datastreams", ()):
        relink(actor, stream, sensor=number)
    if set_ == "Locations" and "lon" in values:
        carry_out(
            "UPDATE sensing_thingplace SET lon = %s, lat = %s WHERE locations = ARRAY[%s::bigint]",
            [values["lon"], values["lat"], number],
        )


def _sealed(name: str, value: Any, body: str) -> Any:
    return Jsonb(value) if name in (body, "properties") and value is not None else value


def _kept_posted(actor: Actor, table: str, number: int) -> None:
    rows = fetch_rows(
        f"SELECT area_no, unit_ids FROM sensing_{table} WHERE no = %s FOR UPDATE",  # noqa: S608
        [number],
    )
    if not rows:
        kinds = "sensing_thingkind" if table == "sensor" else "sensing_thingplace"
        if fetch_rows(f"SELECT FROM {kinds} WHERE no = %s", [number]):
            raise Conflict("This follows from the register; it is changed there.")
        raise NotFound("There is no such entity.")
    area_no, units = rows[0]
    check_may_keep(actor, area_no, units[0] if units else None)


def _change_history(actor: Actor, number: int, said: Mapping[str, Any]) -> None:
    kept_thing(actor, _thing_of_place(number))
    if "time" in said:
        carry_out("UPDATE sensing_thingplace SET at = %s WHERE no = %s", [said["time"], number])


def _thing_of_place(number: int) -> int:
    rows = fetch_rows(
        "SELECT t.no FROM sensing_thingplace p JOIN sensing_thing t ON t.id = p.thing_id"
        " WHERE p.no = %s",
        [number],
    )
    if not rows:
        raise NotFound("There is no such entity.")
    return int(rows[0][0])


def _change_registered(
    actor: Actor,
    now: datetime,
    set_: str,
    number: int,
    said: Mapping[str, Any],
    links: Mapping[str, tuple[int, ...]],
) -> None:
    table = {"Things": "thing", "Datastreams": "datastream"}.get(set_, "observedproperty")
    if set_ == "Things":
        kept_thing(actor, number)
    elif set_ == "Datastreams":
        _kept_stream(actor, number, declared=bool(_DECLARED & said.keys()))
    else:
        _kept_property(actor, number)
    columns = _COLUMNS[set_]
    values = {columns[name]: _as_json(value) for name, value in said.items() if name in columns}
    for name in {"properties"} & values.keys():
        values[name] = values[name] if values[name] is not None else Jsonb({})
    if set_ == "Things" and values:
        values["updated_at"] = now
    _update(f"sensing_{table}", "no", number, values)
    if set_ == "ObservedProperties" and {"name", "properties"} & said.keys():
        fresh = {k: said[k] for k in ("name", "properties") if k in said}
        carry_out(
            "UPDATE sensing_observedproperty SET said = coalesce(said, '{}') || %s WHERE no = %s",
            [Jsonb(fresh), number],
        )
    if links.get("Locations"):
        Making(actor, now).placed(number, list(links["Locations"]))
    for link, name in (("Thing", "thing"), ("Sensor", "sensor"), ("ObservedProperty", "property")):
        for other in links.get(link, ()):
            relink(actor, number, **{name: other})
    mine = "thing" if set_ == "Things" else "property"
    for stream in links.get("Datastreams", ()):
        relink(actor, stream, **{mine: number})


_DECLARED = {"unitOfMeasurement", "observationType", "observedArea"}


def _as_json(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, (dict, list)) else value


def _kept_stream(actor: Actor, number: int, *, declared: bool) -> None:
    rows = fetch_rows(
        "SELECT t.no, d.observation_type FROM sensing_datastream d"
        " JOIN sensing_thing t ON t.id = d.thing_id WHERE d.no = %s",
        [number],
    )
    if not rows:
        raise NotFound("There is no such Datastream.")
    kept_thing(actor, rows[0][0])
    if declared and rows[0][1] is None:
        raise Conflict("Unit and type of this Datastream are declared by its kind.")


def _kept_property(actor: Actor, number: int) -> None:
    rows = fetch_rows("SELECT pack, area_no FROM sensing_observedproperty WHERE no = %s", [number])
    if not rows:
        raise NotFound("There is no such ObservedProperty.")
    pack, area_no = rows[0]
    if pack or area_no is None:
        raise Conflict("This property is declared by a pack; it is changed there.")
    making = Making(actor, _1970)
    if making.area_no != area_no:
        check_may_keep(actor, area_no, making.owner)


def _found(actor: Actor, id_: str) -> tuple[int, datetime, datetime, Any]:
    """Stream, instant, first instant and row of an observation that the actor keeps."""
    stream, micros = (int(part) for part in id_.split("_"))
    born = _1970 + timedelta(microseconds=micros)
    thing = fetch_rows(
        "SELECT t.no FROM sensing_datastream d JOIN sensing_thing t ON t.id = d.thing_id"
        " WHERE d.no = %s",
        [stream],
    )
    if not thing:
        raise NotFound("There is no such Observation.")
    kept_thing(actor, thing[0][0])
    rows = fetch_rows(
        "SELECT o.at, o.value, o.word, d.result, s.until, s.result_at, s.feature, s.content"
        " FROM sensing_observation o JOIN sensing_datastream d ON d.no = o.stream"
        " LEFT JOIN sensing_said s ON s.stream = o.stream AND s.at = o.at"
        " WHERE o.stream = %s AND o.at = coalesce((SELECT s.at FROM sensing_said s"
        " WHERE s.stream = %s AND s.born = %s), %s) AND coalesce(s.born, o.at) = %s",
        [stream, stream, born, born, born],
    )
    if not rows:
        raise NotFound("There is no such Observation.")
    return stream, rows[0][0], born, rows[0]


def _change_observation(
    actor: Actor,
    now: datetime,
    id_: str,
    said: Mapping[str, Any],
    links: Mapping[str, tuple[int, ...]],
) -> None:
    stream, at, born, row = _found(actor, id_)
    if any(other != stream for other in links.get("Datastream", ())):
        raise Conflict("An Observation stays in its Datastream; post it to the other one.")
    _, value, word, kind, until, result_at, feature, content = row
    held = orjson.loads(content) if content else {}
    truth = bool(value) if kind == "truth" else value
    before: dict[str, Any] = {
        "result": held.pop("result", word if word is not None else truth),
        "phenomenonTime": (at, until) if until else at,
        "resultTime": result_at,
        **held,
    }
    fresh = {**before, **said}
    if fresh["phenomenonTime"] is None:
        fresh["phenomenonTime"] = at
    _remove(stream, at)
    chosen = links.get("FeatureOfInterest", ())
    one = NewObservation(stream, fresh, chosen[0] if chosen else feature)
    (done,) = observe(actor, (one,), now=now)
    if not isinstance(done, str):
        raise done
    moment = fresh["phenomenonTime"]
    moved = moment[0] if isinstance(moment, tuple) else moment
    carry_out(
        "INSERT INTO sensing_said (stream, at, born) VALUES (%s, %s, %s)"
        " ON CONFLICT (stream, at) DO UPDATE SET born = excluded.born",
        [stream, moved, born],
    )


def _remove(stream: int, at: datetime) -> None:
    carry_out("DELETE FROM sensing_observation WHERE stream = %s AND at = %s", [stream, at])
    carry_out("DELETE FROM sensing_said WHERE stream = %s AND at = %s", [stream, at])


@verb("sensing.delete_entity")
def delete_entity(
    actor: Actor,
    *,
    now: datetime,
    set: str,  # noqa: A002 - the standard's word
    number: int | str,
) -> JsonObject:
    """Delete an entity and what cannot be without it (18-088 table 25).

    Raises NotFound, Forbidden, Conflict (what the register or a pack holds is retired there).
    """
    if isinstance(number, str):
        stream, at, *_ = _found(actor, number)
        _remove(stream, at)
    elif set == "Things":
        _delete_thing(actor, number)
    elif set == "Datastreams":
        _delete_streams(actor, [number], asked=True)
    elif set == "HistoricalLocations":
        kept_thing(actor, _thing_of_place(number))
        carry_out("DELETE FROM sensing_thingplace WHERE no = %s", [number])
    elif set == "ObservedProperties":
        _kept_property(actor, number)
        _delete_streams(
            actor,
            _using("property_id = (SELECT id FROM sensing_observedproperty WHERE no = %s)", number),
        )
        _unused(
            "SELECT sensing_measured((SELECT id FROM sensing_observedproperty WHERE no = %s))",
            number,
        )
        carry_out("DELETE FROM sensing_observedproperty WHERE no = %s", [number])
    else:
        _delete_posted(actor, set, number)
    return {"entity": number}


def _using(condition: str, number: int) -> list[int]:
    asked = f"SELECT no FROM sensing_datastream WHERE {condition}"  # noqa: S608
    return [row[0] for row in fetch_rows(asked, [number])]


def _unused(asked: str, number: int) -> None:
    if fetch_rows(asked, [number])[0][0]:
        raise Forbidden("Datastreams that are not yours use this.")


def _delete_thing(actor: Actor, number: int) -> None:
    key, *_ = kept_thing(actor, number)
    if fetch_rows("SELECT FROM sensing_thing WHERE id = %s AND kind_id <> 'sensorthings'", [key]):
        raise Conflict("This thing is of the register: it is retired there, never deleted.")
    streams = fetch_rows("SELECT no FROM sensing_datastream WHERE thing_id = %s", [key])
    _delete_streams(actor, [row[0] for row in streams])
    carry_out("DELETE FROM sensing_thingplace WHERE thing_id = %s", [key])
    carry_out("DELETE FROM sensing_thing WHERE id = %s", [key])


def _delete_streams(actor: Actor, numbers: list[int], *, asked: bool = False) -> None:
    rows = fetch_rows(
        "SELECT d.no, t.no, d.observation_type FROM sensing_datastream d"
        " JOIN sensing_thing t ON t.id = d.thing_id WHERE d.no = ANY(%s)",
        [numbers],
    )
    if asked and not rows:
        raise NotFound("There is no such Datastream.")
    for _, thing, posted in rows:
        kept_thing(actor, thing)
        if posted is None:
            raise Conflict("This Datastream is declared by its kind; it is changed there.")
    for table in ("observation", "said"):
        carry_out(f"DELETE FROM sensing_{table} WHERE stream = ANY(%s)", [numbers])  # noqa: S608
    carry_out("DELETE FROM sensing_datastream WHERE no = ANY(%s)", [numbers])


def _delete_posted(actor: Actor, set_: str, number: int) -> None:
    table, _ = _TABLES[set_]
    _kept_posted(actor, table, number)
    if set_ == "Sensors":
        _delete_streams(actor, _using("sensor_no = %s", number))
        _unused("SELECT sensing_sensed(%s)", number)
    elif set_ == "Locations":
        carry_out("DELETE FROM sensing_thingplace WHERE locations = ARRAY[%s::bigint]", [number])
        carry_out(
            "UPDATE sensing_thingplace SET locations = array_remove(locations, %s::bigint)"
            " WHERE locations @> ARRAY[%s::bigint]",
            [number, number],
        )
    else:
        for stream, at in fetch_rows(
            "SELECT stream, at FROM sensing_said WHERE feature = %s", [number]
        ):
            _remove(stream, at)
    carry_out(f"DELETE FROM sensing_{table} WHERE no = %s", [number])  # noqa: S608


def _update(table: str, key: str, number: int, values: Mapping[str, Any]) -> None:
    if values:
        sets = ", ".join(f"{name} = %s" for name in values)
        carry_out(
            f"UPDATE {table} SET {sets} WHERE {key} = %s",  # noqa: S608 - names are ours
            [*values.values(), number],
        )
