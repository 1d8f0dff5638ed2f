"""Entities of SensorThings made in the register, with all that is posted inside them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import shapely
from psycopg.types.json import Jsonb
from shapely.geometry import shape

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import FieldError, NotFound, Problem
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places import reads as places
from chengyun.sensing.policy import check_may_keep
from chengyun.sensing.verbs.observing import NewObservation, observe
from chengyun.sensing.verbs.owning import kept_thing, own_place
from chengyun.sensing.verbs.statements import carry_out, fetch_rows

KIND = "sensorthings"
_RESULTS = {"Truth": "truth", "Category": "category", "": "category"}
_TABLES = {"Locations": "location", "FeaturesOfInterest": "feature", "Sensors": "sensor"}
_BODIES = {"Locations": "location", "FeaturesOfInterest": "feature", "Sensors": "metadata"}


@dataclass(frozen=True, slots=True)
class Entity:
    """What is posted: properties, and per link either numbers of entities or entities to make."""

    set: str
    said: Mapping[str, Any]
    links: Mapping[str, tuple["Entity | int", ...]]


@verb("sensing.post_entity")
def post_entity(actor: Actor, *, now: datetime, entity: Entity) -> JsonObject:
    """Make an entity and all inside it, or nothing.

    Returns {"entity": its number, an observation's its text}. Raises Forbidden, NotFound (a link
    to what is not there), Problem.
    """
    return {"entity": Making(actor, now).make(entity)}


class Making:
    """One posting: what it makes belongs to the actor's own area or department."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        self._actor, self._now = actor, now
        self.area_no, self.owner = own_place(actor)
        self._units = [self.owner] if self.owner else []

    def make(self, one: Entity, **context: int) -> int | str:
        """The number of an entity that is made."""
        match one.set:
            case "Things":
                return self._thing(one, **context)
            case "Datastreams":
                return self._datastream(one, **context)
            case "HistoricalLocations":
                return self._history(one)
            case "ObservedProperties":
                return self._property(one)
            case "Observations":
                return self.observations([(one, context.get("stream"))])[0]
        number = self._posted(one)
        for thing in self._numbers(one, "Things"):
            self.placed(thing, [number])
        for stream in one.links.get("Datastreams", ()):
            if isinstance(stream, Entity):
                self._datastream(stream, sensor=number)
        return number

    def _numbers(self, one: Entity, link: str, **context: int) -> list[int]:
        return [
            int(self.make(x, **context)) if isinstance(x, Entity) else x
            for x in one.links.get(link, ())
        ]

    def _posted(self, one: Entity) -> int:
        said = one.said
        body = said[_BODIES[one.set]]
        lon, lat = point_of(body) if one.set != "Sensors" else (None, None)
        return int(
            _returned(
                f"INSERT INTO sensing_{_TABLES[one.set]} (name, description, encoding, said,"  # noqa: S608
                " properties, lon, lat, area_no, unit_ids)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING no",
                [
                    *(said["name"], said["description"], said["encodingType"], Jsonb(body)),
                    Jsonb(said["properties"]) if said.get("properties") is not None else None,
                    *(lon, lat, self.area_no, self._units),
                ],
            )
        )

    def _thing(self, one: Entity, **context: int) -> int:
        places_ = self._numbers(one, "Locations")
        lon, lat = self._point(places_)
        area_no, grid = self.where(lon, lat)
        check_may_keep(self._actor, area_no, self.owner)
        id_ = new_id()
        number = int(
            _returned(
                "INSERT INTO sensing_thing (id, code, kind_id, name, description, properties,"
                " state, owner_id, unit_ids, city_no, area_no, grid_code, lon, lat, moved_at,"
                " private, simulated, version, created_at, updated_at) VALUES (%s, %s, %s, %s, %s,"
                " %s, 'active', %s, %s, %s, %s, %s, %s, %s, %s, false, false, 1, %s, %s)"
                " RETURNING no",
                [
                    *(id_, f"sta-{id_.hex}", KIND, one.said["name"], one.said["description"]),
                    *(Jsonb(one.said.get("properties") or {}), self.owner, self._units),
                    *(areas.city_of(area_no), area_no, grid, lon, lat),
                    *(self._now if lon is not None else None, self._now, self._now),
                ],
            )
        )
        if places_:
            self.placed(number, places_)
        for stream in one.links.get("Datastreams", ()):
            if isinstance(stream, Entity):
                self._datastream(stream, thing=number)
            else:
                relink(self._actor, stream, thing=number)
        return number

    def _point(self, numbers: list[int]) -> tuple[float | None, float | None]:
        rows = fetch_rows("SELECT lon, lat FROM sensing_location WHERE no = ANY(%s)", [numbers])
        derived = "SELECT lon, lat FROM sensing_thingplace WHERE no = ANY(%s) AND locations IS NULL"
        rows += fetch_rows(derived, [numbers])
        if len(rows) < len(set(numbers)):
            raise NotFound("There is no such Location.")
        return (rows[0][0], rows[0][1]) if rows else (None, None)

    def where(self, lon: float | None, lat: float | None) -> tuple[int, str]:
        """Area and grid of a point; the actor's own area where the point is in none of the node."""
        city = places.city_of(lon, lat) if lon is not None and lat is not None else None
        if city is not None and lon is not None and lat is not None:
            spot = places.locate(city, lon, lat)
            if spot.area_no is not None:
                return spot.area_no, spot.grid_code or ""
        return self.area_no, ""

    def placed(self, thing: int, numbers: list[int], at: datetime | None = None) -> int:
        """Put a thing to locations from an instant on; the number of the HistoricalLocation."""
        key, *_ = kept_thing(self._actor, thing)
        lon, lat = self._point(numbers)
        newest = _returned("SELECT max(at) FROM sensing_thingplace WHERE thing_id = %s", [key])
        when = at or self._now
        if at is None and newest is not None and newest >= when:
            when = newest + timedelta(microseconds=1)
        area_no, grid = self.where(lon, lat)
        number = _returned(
            "INSERT INTO sensing_thingplace (id, thing_id, at, lon, lat, area_no, locations)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (thing_id, at)"
            " DO UPDATE SET locations = excluded.locations, lon = excluded.lon, lat = excluded.lat"
            " RETURNING no",
            [new_id(), key, when, lon, lat, area_no, numbers],
        )
        if newest is None or when >= newest:
            check_may_keep(self._actor, area_no, self.owner)
            carry_out(
                "UPDATE sensing_thing SET lon = %s, lat = %s, area_no = %s, grid_code = %s,"
                " city_no = %s, moved_at = %s, updated_at = %s, version = version + 1"
                " WHERE id = %s",
                [lon, lat, area_no, grid, areas.city_of(area_no), when, self._now, key],
            )
        return int(number)

    def _history(self, one: Entity) -> int:
        (thing,) = self._numbers(one, "Thing")
        return self.placed(thing, self._numbers(one, "Locations"), one.said["time"])

    def _property(self, one: Entity) -> int:
        id_ = f"sta-{new_id().hex}"
        said = {"name": one.said["name"], "properties": one.said.get("properties")}
        number = _returned(
            "INSERT INTO sensing_observedproperty (id, name, unit, result, values, definition,"
            " pack, description, said, area_no) VALUES (%s, %s, '1', 'number', '{}', %s, '', %s,"
            " %s, %s) RETURNING no",
            [
                *(id_, Jsonb({"zh": said["name"], "en": said["name"]}), one.said["definition"]),
                *(one.said["description"], Jsonb(said), self.area_no),
            ],
        )
        for stream in one.links.get("Datastreams", ()):
            if isinstance(stream, Entity):
                self._datastream(stream, property_=int(number))
        return int(number)

    def _datastream(
        self, one: Entity, thing: int = 0, sensor: int = 0, property_: int = 0, **_: int
    ) -> int:
        thing = thing or self._numbers(one, "Thing")[0]
        sensor = sensor or self._numbers(one, "Sensor")[0]
        property_ = property_ or self._numbers(one, "ObservedProperty")[0]
        key, area_no, units = kept_thing(self._actor, thing)
        named = property_named(property_)
        if not sensor_known(sensor):
            raise NotFound("There is no such Sensor.")
        said = one.said
        kind = said["observationType"].rpartition("OM_")[2].removesuffix("Observation")
        id_ = new_id()
        number = int(
            _returned(
                "INSERT INTO sensing_datastream (id, thing_id, code, property_id, unit, result,"
                " every_s, keep_days, keep_hours_days, area_no, unit_ids, properties, name,"
                " description, observation_type, unit_said, observed_area, sensor_no)"
                " VALUES (%s, %s, %s, %s, %s, %s, 86400, 3650, 36500, %s, %s, %s, %s, %s, %s, %s,"
                " %s, %s) RETURNING no",
                [
                    *(id_, key, f"sta-{id_.hex}", named, _unit(said["unitOfMeasurement"])),
                    *(_RESULTS.get(kind, "number"), area_no, units),
                    *(Jsonb(said.get("properties") or {}), said["name"], said["description"]),
                    *(said["observationType"], Jsonb(said["unitOfMeasurement"])),
                    Jsonb(said["observedArea"]) if said.get("observedArea") else None,
                    sensor,
                ],
            )
        )
        deep = [x for x in one.links.get("Observations", ()) if isinstance(x, Entity)]
        if deep:
            self.observations([(x, number) for x in deep])
        return number

    def observations(self, given: list[tuple[Entity, int | None]]) -> list[str]:
        """The ids of observations; all or none."""
        rows = []
        for one, stream in given:
            known = self._numbers(one, "FeatureOfInterest")
            number = stream or self._numbers(one, "Datastream")[0]
            rows.append(NewObservation(number, one.said, known[0] if known else None))
        said = observe(self._actor, tuple(rows), now=self._now)
        for answer in said:
            if isinstance(answer, Problem):
                raise answer
        return [str(answer) for answer in said]


def _unit(said: Mapping[str, Any]) -> str:
    return str(said.get("symbol") or said.get("name") or "1")[:40]


def property_named(number: int) -> str:
    """The name of an observed property. Raises NotFound."""
    rows = fetch_rows("SELECT id FROM sensing_observedproperty WHERE no = %s", [number])
    if not rows:
        raise NotFound("There is no such ObservedProperty.")
    return str(rows[0][0])


def sensor_known(number: int) -> bool:
    """Whether there is such a sensor, posted or of a kind of things."""
    asked = (
        "SELECT no FROM sensing_sensor WHERE no = %s"
        " UNION ALL SELECT no FROM sensing_thingkind WHERE no = %s"
    )
    return bool(fetch_rows(asked, [number, number]))


def relink(actor: Actor, stream: int, **to: int) -> None:
    """Give a datastream another thing, sensor or observed property."""
    owner = fetch_rows(
        "SELECT t.no FROM sensing_datastream d JOIN sensing_thing t ON t.id = d.thing_id"
        " WHERE d.no = %s",
        [stream],
    )
    if not owner:
        raise NotFound("There is no such Datastream.")
    kept_thing(actor, owner[0][0])
    if "thing" in to:
        key, area_no, units = kept_thing(actor, to["thing"])
        carry_out(
            "UPDATE sensing_datastream SET thing_id = %s, area_no = %s, unit_ids = %s"
            " WHERE no = %s",
            [key, area_no, units, stream],
        )
    if "property" in to:
        named = property_named(to["property"])
        carry_out("UPDATE sensing_datastream SET property_id = %s WHERE no = %s", [named, stream])
    if "sensor" in to:
        if not sensor_known(to["sensor"]):
            raise NotFound("There is no such Sensor.")
        carry_out(
            "UPDATE sensing_datastream SET sensor_no = %s WHERE no = %s", [to["sensor"], stream]
        )


def point_of(body: Any) -> tuple[float, float]:
    """A point that stands for a GeoJSON geometry or feature. Raises Problem."""
    try:
        held = body.get("geometry") or body
        found = shape(held)
        point = found if isinstance(found, shapely.Point) else found.representative_point()
        lon, lat = float(point.x), float(point.y)
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        shapely.errors.ShapelyError,
    ):
        lon = lat = math.nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        fault = FieldError("location", "must be GeoJSON in WGS84 degrees", "bad_geometry")
        raise Problem("location: must be GeoJSON in WGS84 degrees", errors=[fault])
    return lon, lat


def _returned(asked: str, values: list[Any]) -> Any:
    return fetch_rows(asked, values)[0][0]
