"""The layer catalogue, and whole files brought into a layer as one new version."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.copy import copy_rows
from chengyun.kernel.problems import Conflict, FieldError, Forbidden, Invalid, NotFound
from chengyun.kernel.text import JsonObject, Text
from chengyun.kernel.verbs import verb
from chengyun.places.decide.featuring import Chunk, made_ready, schema_of
from chengyun.places.decide.layering import layer_faults
from chengyun.places.models import LayerVersion, MapFeature, MapLayer
from chengyun.places.policy import administers
from chengyun.places.verbs.cities import locked_city

FEATURE_COLUMNS = {
    "layer_id": "uuid",
    "key": "text",
    "shape": "bytea",
    "cell": "int8",
    "west": "float8",
    "south": "float8",
    "east": "float8",
    "north": "float8",
    "properties": "text",
    "datum": "text",
    "accuracy_m": "float8",
    "digest": "bytea",
    "valid_from": "timestamptz",
    "order_in_file": "int4",
}
_STAGE = """
DROP TABLE IF EXISTS pg_temp.places_staged;
CREATE TEMP TABLE places_staged (
    layer_id uuid, key text, shape bytea, cell bigint, west float8, south float8, east float8,
    north float8, properties text, datum text, accuracy_m float8, digest bytea,
    valid_from timestamptz, order_in_file int
) ON COMMIT DROP
"""
_KEPT = (
    "layer_id, key, shape, cell, west, south, east, north, properties, datum, accuracy_m, digest,"
    " valid_from"
)
_CLOSE_CHANGED = """
UPDATE places_mapfeature f SET valid_to = %s FROM places_staged s
WHERE f.layer_id = %s AND f.valid_to IS NULL AND s.key = f.key AND s.digest <> f.digest
"""
_CLOSE_MISSING = """
UPDATE places_mapfeature f SET valid_to = %s
WHERE f.layer_id = %s AND f.valid_to IS NULL
    AND NOT EXISTS (SELECT FROM places_staged s WHERE s.key = f.key)
"""
_ADD = f"""
INSERT INTO places_mapfeature ({_KEPT})
SELECT {_KEPT.replace("properties,", "properties::jsonb,")} FROM places_staged s
WHERE NOT EXISTS (
    SELECT FROM places_mapfeature f
    WHERE f.layer_id = s.layer_id AND f.key = s.key AND f.valid_to IS NULL
)
"""  # noqa: S608 - constants only


@verb("places.put_layer")
def put_layer(
    actor: Actor,
    *,
    now: datetime,
    city_no: int,
    code: str,
    name: Text | None = None,
    owner_id: UUID | None = None,
    owner_name: str | None = None,
    grade: int | None = None,
    public: bool | None = None,
    source: str | None = None,
    dated: date | None = None,
    licence: str | None = None,
    role: str | None = None,
    style: JsonObject | None = None,
    min_zoom: float | None = None,
    max_zoom: float | None = None,
    synthetic: bool | None = None,
) -> JsonObject:
    """Enter a layer into the catalogue, or change its entry; what is not given stays.

    A new layer is graded 2 and not public until somebody says otherwise.
    Returns {"id", "code", "created"}. Raises Invalid, Forbidden, NotFound.
    """
    check_may_keep(actor, city_no)
    city = locked_city(city_no)
    given: dict[str, Any] = {
        "name_zh": name["zh"] if name else None,
        "name_en": name["en"] if name else None,
        "owner_id": owner_id,
        "owner_name": owner_name,
        "grade": grade,
        "public": public,
        "source": source,
        "dated": dated,
        "licence": licence,
        "role": role,
        "style": style,
        "min_zoom": min_zoom,
        "max_zoom": max_zoom,
        "synthetic": synthetic,
    }
    row = MapLayer.objects.filter(city=city, code=code).first()
    created = row is None
    if row is None:
        row = MapLayer(city=city, code=code, name_zh=code, made_at=now)
    for field, value in given.items():
        if value is not None:
            setattr(row, field, value)
    faults = layer_faults(
        row.code, row.grade, row.public, row.role, row.style, (row.min_zoom, row.max_zoom)
    )
    if faults:
        raise Invalid([FieldError(field, said, "bad_layer") for field, said in faults])
    row.changed_at = now
    row.save()
    return {"id": str(row.id), "code": row.code, "created": created, "version": row.version}


@verb("places.import_layer")
def import_layer(
    actor: Actor,
    *,
    now: datetime,
    layer_id: UUID,
    chunks: Iterable[Chunk],
    source: str,
    file_name: str = "",
    datum: str = "WGS84",
    whole: bool = True,
    effective: datetime | None = None,
    dry_run: bool = False,
) -> JsonObject:
    """Bring a file's features into a layer: one new version, or none if nothing differs.

    Features are told apart by key. Streams: memory holds one chunk and the keys. Needs the role
    above row security (COPY).

    Args:
        chunks: as they are read; they may count refusals elsewhere.
        whole: the file is the whole layer, so what it lacks is retired; else it adds and changes.
        effective: when the new state began; not before the version before it. Default: now.

    Returns {"id", "version", "count", "read", "created", "changed", "unchanged", "retired"}.
    Raises Invalid, Conflict (a key twice), Forbidden, NotFound.
    """
    row = MapLayer.objects.select_for_update().filter(pk=layer_id).first()
    if row is None:
        raise NotFound("There is no such layer.")
    check_may_keep(actor, row.city_id)
    since = effective or now
    newest = row.features.aggregate(last=Max("valid_from"))["last"]
    if since > now or (newest is not None and since < newest):
        said = "must not be in the future, nor before the newest version"
        raise Invalid([FieldError("effective", said, "bad_time")])
    staged = _Stage(row.id, datum, since)
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        staged.copy(chunks)
        cursor.execute("CREATE INDEX ON places_staged (key)")
        cursor.execute("ANALYZE places_staged")
        cursor.execute("SELECT key FROM places_staged GROUP BY key HAVING count(*) > 1 LIMIT 3")
        twice = [key for (key,) in cursor.fetchall()]
        if twice:
            said = f"The file names features twice: {', '.join(twice)}. Name another key column."
            raise Conflict(said, code="repeated_key")
        if dry_run:
            return {"id": str(row.id), "count": 0, "read": staged.read, "version": row.version}
        cursor.execute(_CLOSE_CHANGED, [since, row.id])
        changed = cursor.rowcount
        retired = 0
        if whole:
            cursor.execute(_CLOSE_MISSING, [since, row.id])
            retired = cursor.rowcount
        cursor.execute(_ADD)
        created = cursor.rowcount - changed
    told = {"read": staged.read, "created": created, "changed": changed, "retired": retired}
    told["unchanged"] = staged.read - created - changed
    if created or changed or retired:
        row.geometry = staged.geometry if whole else _joined(row.geometry, staged.geometry)
        row.schema = schema_of(staged.sample)
        note_version(row, actor, now, told, source=source, datum=datum, accuracy=staged.accuracy)
        LayerVersion.objects.filter(layer=row, number=row.version).update(file_name=file_name)
    return {"id": str(row.id), "version": row.version, "count": created + changed + retired, **told}


def note_version(
    row: MapLayer,
    actor: Actor,
    now: datetime,
    counts: JsonObject,
    *,
    source: str,
    datum: str = "WGS84",
    accuracy: float | None = None,
    set_id: UUID | None = None,
) -> None:
    """Count a layer's version up, with its extent and number of features as they are now."""
    live = MapFeature.objects.filter(layer=row, valid_to=None)
    edges = live.aggregate(w=Min("west"), s=Min("south"), e=Max("east"), n=Max("north"))
    row.west, row.south, row.east, row.north = (edges[side] for side in "wsen")
    row.count = live.count()
    row.version += 1
    row.changed_at = now
    row.save()
    LayerVersion.objects.create(
        layer=row,
        number=row.version,
        at=now,
        made_by=actor.id,
        made_by_name=actor.name,
        source=source,
        set_id=set_id,
        datum=datum,
        accuracy_m=accuracy,
        added=counts["created"],
        changed=counts["changed"],
        retired=counts["retired"],
    )


def check_may_keep(actor: Actor, city_no: int) -> None:
    """Let the system and the city's administrators through. Raises Forbidden."""
    if not administers(actor, areas.city_of(city_no)):
        raise Forbidden("Only a system administrator of the city keeps its layers.")


def _joined(one: str, other: str) -> str:
    return other if one in ("", other) else one if other == "" else "mixed"


class _Stage:
    """Copies features into the table beside, and remembers what the catalogue wants to know."""

    def __init__(self, layer_id: UUID, datum: str, since: datetime) -> None:
        self._fixed = (layer_id, datum, since)
        self._seen: Counter[str] = Counter()
        self.sample: list[Any] = []
        self.geometry = ""
        self.accuracy = 0.0
        self.read = 0

    def copy(self, chunks: Iterable[Chunk]) -> None:
        """All of them, as one COPY."""
        copy_rows("places_staged", FEATURE_COLUMNS, self._rows(chunks))

    def _rows(self, chunks: Iterable[Chunk]) -> Iterable[Sequence[Any]]:
        layer_id, datum, since = self._fixed
        for chunk in chunks:
            if len(chunk.shapes) == 0:
                continue
            self.accuracy = max(self.accuracy, chunk.accuracy_m)
            self.geometry = _joined(self.geometry, chunk.geometry)
            self.sample = self.sample or list(chunk.properties[:1000])
            for one in made_ready(chunk, self._seen):
                self.read += 1
                where = (one.cell, *one.box, one.properties, datum, chunk.accuracy_m, one.digest)
                yield (layer_id, one.key, one.shape, *where, since, self.read)
