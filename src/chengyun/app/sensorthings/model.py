"""The data model of 18-088 chapter 8 over our tables: entity sets, properties, links.

A link's condition speaks of the target as `x` and of the source's columns as `<column>`.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "text", "time", "json", "result", "geometry", "boolean", "id"]

# Source columns that links ask for, with their type in PostgreSQL.
KEYS = {
    "id": "bigint",
    "key": "uuid",
    "thing_key": "uuid",
    "property_key": "text",
    "sensor_no": "bigint",
    "stream": "bigint",
    "at": "timestamptz",
    "foi": "bigint",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A navigation property: the set it leads to, whether to many, and its condition."""

    to: str
    many: bool
    on: str


@dataclass(frozen=True, slots=True)
class EntitySet:
    """One entity set: its relation, properties with their types, keys and links."""

    name: str
    one: str
    sql: str
    properties: dict[str, Kind]
    keys: tuple[str, ...]
    links: dict[str, Link]
    order: tuple[str, ...] = ("id",)


_NOW = (
    "SELECT {what} FROM sensing_thingplace p WHERE {whose} AND p.at ="
    " (SELECT max(q.at) FROM sensing_thingplace q WHERE q.thing_id = p.thing_id)"
)
_PLACES = "unnest(coalesce(p.locations, ARRAY[p.no]))"
_AT_PLACE = "(p.locations @> ARRAY[<id>] OR (p.locations IS NULL AND p.no = <id>))"
_PLACED = "jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array(p.lon, p.lat))"
_POSTED = (
    "SELECT l.no AS id, l.name, l.description, l.encoding, l.said AS {said}, l.properties,"
    " l.lon, l.lat FROM sensing_{table} l WHERE ({{seen_posted}}{used})"
)
_PLACED_ONE = (
    " OR EXISTS (SELECT FROM sensing_thingplace p JOIN sensing_thing t ON t.id = p.thing_id"
    " WHERE p.locations @> ARRAY[l.no] AND {seen})"
)
_USED_ONE = (
    " OR EXISTS (SELECT FROM sensing_datastream d JOIN sensing_thing t ON t.id = d.thing_id"
    " WHERE d.sensor_no = l.no AND {seen})"
)

THINGS = """
SELECT t.no AS id, t.id AS key, t.name, t.description,
    CASE WHEN t.kind_id = 'sensorthings' THEN t.properties ELSE t.properties ||
    jsonb_build_object('code', t.code, 'kind', t.kind_id, 'state', t.state) END AS properties
FROM sensing_thing t WHERE {seen}"""
LOCATIONS = f"""
{_POSTED.format(table="location", said="location", used=_PLACED_ONE)}
UNION ALL
SELECT p.no, t.name, t.name, 'application/geo+json', {_PLACED}, NULL::jsonb, p.lon, p.lat
FROM sensing_thingplace p JOIN sensing_thing t ON t.id = p.thing_id
WHERE p.locations IS NULL AND {{seen}}"""
HISTORY = """
SELECT p.no AS id, p.at AS "time", p.thing_id AS thing_key,
    coalesce(p.locations, ARRAY[p.no]) AS location_ids
FROM sensing_thingplace p JOIN sensing_thing t ON t.id = p.thing_id WHERE {seen}"""
_TYPES = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_"
DATASTREAMS = f"""
SELECT d.no AS id, d.id AS key, d.thing_id AS thing_key, d.property_id AS property_key,
    coalesce(d.sensor_no, k.no) AS sensor_no,
    coalesce(nullif(d.name, ''), t.name || ' ' || d.code) AS name,
    coalesce(nullif(d.description, ''), d.code) AS description,
    coalesce(d.observation_type, '{_TYPES}' || CASE d.result WHEN 'truth' THEN 'TruthObservation'
    WHEN 'category' THEN 'CategoryObservation' ELSE 'Measurement' END) AS "observationType",
    coalesce(d.unit_said, jsonb_build_object('name', d.unit, 'symbol', d.unit,
    'definition', 'https://ucum.org/ucum#' || d.unit)) AS "unitOfMeasurement",
    d.observed_area AS "observedArea",
    CASE WHEN d.observation_type IS NOT NULL THEN d.properties ELSE d.properties ||
    jsonb_build_object('code', d.code, 'thing', t.code, 'unit', d.unit) END AS properties
FROM sensing_datastream d JOIN sensing_thing t ON t.id = d.thing_id
LEFT JOIN sensing_thingkind k ON k.id = t.kind_id WHERE {{seen}}"""
SENSORS = f"""
{_POSTED.format(table="sensor", said="metadata", used=_USED_ONE)}
UNION ALL
SELECT k.no, coalesce(k.content->'name'->>'zh', k.id), coalesce(k.content->'name'->>'en', k.id),
    'application/json', k.content, NULL::jsonb, NULL::float8, NULL::float8
FROM sensing_thingkind k"""
PROPERTIES = """
SELECT p.no AS id, p.id AS key, coalesce(p.said->>'name', p.name->>'zh', p.id) AS name,
    coalesce(nullif(p.definition, ''), 'urn:chengyun:property:' || p.id) AS definition,
    coalesce(nullif(p.description, ''), p.name->>'en', p.id) AS description,
    p.said->'properties' AS properties
FROM sensing_observedproperty p"""
FEATURES = f"""
{_POSTED.format(table="feature", said="feature", used="")}
UNION ALL
SELECT p.no, coalesce(l.name, t.name), coalesce(l.description, t.name),
    coalesce(l.encoding, 'application/geo+json'), coalesce(l.said, {_PLACED}), NULL::jsonb,
    p.lon, p.lat
FROM sensing_thingplace p JOIN sensing_thing t ON t.id = p.thing_id
LEFT JOIN sensing_location l ON l.no = p.locations[1] WHERE {{seen}}"""
_MICROS = "(extract(epoch FROM {}) * 1000000)::bigint"
OBSERVATIONS = f"""
SELECT o.stream, o.at, o.stream || '_' || {_MICROS.format("coalesce(s.born, o.at)")} AS id,
    o.at AS "phenomenonTime", s.until, s.result_at AS "resultTime", o.value, o.word, o.flags,
    CASE WHEN s.content ? 'result' THEN s.content->'result'
    WHEN o.word IS NOT NULL THEN to_jsonb(o.word)
    WHEN d.result = 'truth' THEN to_jsonb(o.value <> 0) ELSE to_jsonb(o.value) END AS result,
    s.content->'resultQuality' AS "resultQuality", s.content->'validTime' AS "validTime",
    s.content->'parameters' AS parameters,
    coalesce(s.feature, (SELECT p.no FROM sensing_thingplace p WHERE p.thing_id = d.thing_id
    ORDER BY p.at > o.at, CASE WHEN p.at > o.at THEN p.at - o.at ELSE o.at - p.at END
    LIMIT 1)) AS foi
FROM sensing_observation o JOIN sensing_datastream d ON d.no = o.stream
JOIN sensing_thing t ON t.id = d.thing_id
LEFT JOIN sensing_said s ON s.stream = o.stream AND s.at = o.at WHERE {{seen}}"""
_OF_FEATURE = (
    "x.foi = <id> AND x.stream IN (SELECT d.no FROM sensing_datastream d"
    " JOIN sensing_thingplace p ON p.thing_id = d.thing_id WHERE p.no = <id>"
    " UNION ALL SELECT s.stream FROM sensing_said s WHERE s.feature = <id>)"
)
_ENCODED: dict[str, Kind] = {"name": "text", "description": "text", "encodingType": "text"}

SETS = {
    one.name: one
    for one in (
        EntitySet(
            "Things",
            "Thing",
            THINGS,
            {"name": "text", "description": "text", "properties": "json"},
            ("id", "key"),
            {
                "Datastreams": Link("Datastreams", True, "x.thing_key = <key>"),
                "Locations": Link(
                    "Locations",
                    True,
                    f"x.id IN ({_NOW.format(what=_PLACES, whose='p.thing_id = <key>')})",
                ),
                "HistoricalLocations": Link("HistoricalLocations", True, "x.thing_key = <key>"),
            },
        ),
        EntitySet(
            "Locations",
            "Location",
            LOCATIONS,
            {**_ENCODED, "location": "geometry", "properties": "json"},
            ("id",),
            {
                "Things": Link(
                    "Things", True, f"x.key IN ({_NOW.format(what='p.thing_id', whose=_AT_PLACE)})"
                ),
                "HistoricalLocations": Link(
                    "HistoricalLocations",
                    True,
                    f"x.id IN (SELECT p.no FROM sensing_thingplace p WHERE {_AT_PLACE})",
                ),
            },
        ),
        EntitySet(
            "HistoricalLocations",
            "HistoricalLocation",
            HISTORY,
            {"time": "time"},
            ("id", "thing_key"),
            {
                "Thing": Link("Things", False, "x.key = <thing_key>"),
                "Locations": Link(
                    "Locations",
                    True,
                    f"x.id IN (SELECT {_PLACES} FROM sensing_thingplace p WHERE p.no = <id>)",
                ),
            },
        ),
        EntitySet(
            "Datastreams",
            "Datastream",
            DATASTREAMS,
            {
                "name": "text",
                "description": "text",
                "observationType": "text",
                "unitOfMeasurement": "json",
                "observedArea": "json",
                "properties": "json",
            },
            ("id", "thing_key", "property_key", "sensor_no"),
            {
                "Thing": Link("Things", False, "x.key = <thing_key>"),
                "Sensor": Link("Sensors", False, "x.id = <sensor_no>"),
                "ObservedProperty": Link("ObservedProperties", False, "x.key = <property_key>"),
                "Observations": Link("Observations", True, "x.stream = <id>"),
            },
        ),
        EntitySet(
            "Sensors",
            "Sensor",
            SENSORS,
            {**_ENCODED, "metadata": "json", "properties": "json"},
            ("id",),
            {"Datastreams": Link("Datastreams", True, "x.sensor_no = <id>")},
        ),
        EntitySet(
            "ObservedProperties",
            "ObservedProperty",
            PROPERTIES,
            {"name": "text", "definition": "text", "description": "text", "properties": "json"},
            ("id", "key"),
            {"Datastreams": Link("Datastreams", True, "x.property_key = <key>")},
        ),
        EntitySet(
            "Observations",
            "Observation",
            OBSERVATIONS,
            {
                "phenomenonTime": "time",
                "resultTime": "time",
                "result": "result",
                "resultQuality": "json",
                "validTime": "json",
                "parameters": "json",
            },
            ("id", "stream", "at", "foi"),
            {
                "Datastream": Link("Datastreams", False, "x.id = <stream>"),
                "FeatureOfInterest": Link("FeaturesOfInterest", False, "x.id = <foi>"),
            },
            ("stream", "at"),
        ),
        EntitySet(
            "FeaturesOfInterest",
            "FeatureOfInterest",
            FEATURES,
            {**_ENCODED, "feature": "geometry", "properties": "json"},
            ("id",),
            {"Observations": Link("Observations", True, _OF_FEATURE)},
        ),
    )
}
COLUMNS = {"encodingType": "encoding"}
"""Properties whose column has another name."""


def key_type(entity: EntitySet, key: str) -> str:
    """The PostgreSQL type of a key column of a set."""
    texts = (entity.name == "Observations" and key == "id") or (
        entity.name == "ObservedProperties" and key == "key"
    )
    return "text" if texts else KEYS[key]
