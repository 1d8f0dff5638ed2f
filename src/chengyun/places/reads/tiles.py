"""Live tiles: which collections there are for somebody, and one tile of one of them.

A tile is made from the rows of this moment. No tile is kept: whoever has one asks again with its
tag, and the collection's stamp, read from the database, tells whether it still holds.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from chengyun.kernel import audit
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound, Unavailable
from chengyun.places.decide.drawing import Collection, Look
from chengyun.places.decide.tiling import Tile
from chengyun.places.decide.vector_tiles import write
from chengyun.places.models import MapLayer
from chengyun.places.ports import TileSource, tile_sources
from chengyun.places.reads.atlas import city_map
from chengyun.places.reads.flights import Flights
from chengyun.places.reads.tiles_layers import layer_named

MOST_FEATURES = 5_000
"""Features of a tile; a screen of tiles draws some ten times that."""
LONGEST_S = 5
# Of how tiles are written: another way of writing is another tag.
_WRITER = "1"
_GRADED = 3
_LIMIT = "SELECT set_config('statement_timeout', %s, true)"


@dataclass(frozen=True, slots=True)
class MadeTile:
    """A tile as it is sent; `body` None: the asker's copy still holds."""

    tag: str
    body: bytes | None
    count: int = 0
    truncated: bool = False


_flights: Flights[MadeTile] = Flights(2 * LONGEST_S)


def collections_seen(actor: Actor, city_no: int) -> list[Collection]:
    """Every collection of a city in the actor's sight. Raises NotFound."""
    city_map(city_no)
    return [one for name in tile_sources for one in tile_sources[name].collections(actor, city_no)]


def collection_named(actor: Actor, city_no: int, name: str) -> Collection:
    """A collection in sight. Raises NotFound."""
    city_map(city_no)
    first, _, rest = name.partition(".")
    source = tile_sources.get(first)
    found = None
    if first == "layers" and rest:
        found = layer_named(actor, city_no, rest)
    elif source is not None:
        known = source.collections(actor, city_no)
        found = next((one for one in known if one.id == name), None)
    if found is None:
        raise NotFound("There is no such collection.")
    return found


def source_of(collection: Collection) -> TileSource:
    """Whoever draws a collection."""
    return tile_sources[collection.id.partition(".")[0]]


def look_of(
    actor: Actor, city_no: int, name: str, *, now: datetime, at: datetime | None = None
) -> Look:
    """A look at a collection, now or as of a time.

    Raises NotFound, Invalid (a time, where the collection knows the present alone).
    """
    collection = collection_named(actor, city_no, name)
    if at is not None and not collection.history:
        said = "this collection can only be read as it is now"
        raise Invalid([FieldError("at", said, "no_history")])
    return Look(collection, actor, now, at)


def tile_of(look: Look, tile: Tile, known: str = "") -> MadeTile:
    """One tile; without a body where `known`, the tag of the asker's copy, still holds.

    Raises NotFound (no such tile), Unavailable (it takes too long).
    """
    if not tile.exists:
        raise NotFound("There is no such tile.")
    stamp = source_of(look.collection).stamp(look)
    tag = ""
    if stamp is not None:
        tag = _tag(f"{look.collection.id}/{look.collection.city_no}/{stamp}/{look.at}/{tile}")
        if known == tag:
            return MadeTile(tag, None)
    _note(look)
    scope = look.actor.scope() if look.collection.by_row else None
    state = _snapshot() if stamp is None else stamp
    key = (look.collection.id, look.collection.city_no, scope, look.at, state, tile)
    try:
        made = _flights.get(key, lambda: _made(look, tile, tag))
    except TimeoutError as error:
        raise _slow() from error
    return MadeTile(made.tag, None) if known == made.tag else made


def _made(look: Look, tile: Tile, tag: str) -> MadeTile:
    with bounded(LONGEST_S):
        sheet = source_of(look.collection).sheet(look, tile, MOST_FEATURES)
    written = write(tile, [sheet], MOST_FEATURES)
    return MadeTile(
        tag or _tag(hashlib.sha256(written.body).hexdigest()),
        written.body,
        written.count,
        written.truncated,
    )


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """A savepoint whose statements end after some seconds. Raises Unavailable then."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            before = cursor.fetchone()[0]
            cursor.execute(_LIMIT, [f"{int(seconds * 1_000)}ms"])
            yield
            cursor.execute(_LIMIT, [before])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise _slow() from error
        raise


def _snapshot() -> str:
    """Which transactions are done: who asks after one gets no tile that was begun before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def _slow() -> Unavailable:
    return Unavailable("This takes too long; ask for less ground or fewer features.", code="slow")


def _note(look: Look) -> None:
    """Looking at data of a high grade is written down, as when it is listed."""
    row = look.collection.subject
    if isinstance(row, MapLayer) and row.grade >= _GRADED:
        audit.write(look.actor, "places.read_layer", now=look.now, subject=row.id)


def _tag(said: str) -> str:
    return f'"{hashlib.blake2b(f"{_WRITER}/{said}".encode(), digest_size=16).hexdigest()}"'
