"""Street tiles of the component register over HTTP, live, out of so many made-up components.

Product: the p99 of tiles at zoom 16, asked over HTTP with row security, none of them twice.
Reference: the same rows read by the same SQL and written by shapely and mapbox-vector-tile, without
HTTP and rights. Limit: the SELECT alone. Ground: a square as dense as a city of 15 million
components in 40 by 60 km. `CHENGYUN_BENCH_COMPONENTS` says how many.

Filled as a bulk load is: rows first, then the very indexes, constraints and triggers of the
product, whose definitions are asked of the database, and the sums by cell in one statement. What
writing costs with all of them in place is told apart (`written_a_second`). Only on a node of its
own, whose folder goes when the bench ends.
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import mapbox_vector_tile
import numpy as np
import psycopg
import shapely

from _loading import Line, conditions, token
from chengyun.app.supervisor.node import Node
from chengyun.places.decide.tiling import EXTENT, Tile, bounds, placed
from chengyun.places.models import Region

NAME = "tiles"
UNIT = "ms"
COMPONENTS = int(os.environ.get("CHENGYUN_BENCH_COMPONENTS", "200000"))
DENSITY = 15_000_000 / (40 * 60)
"""Components a square kilometre: as in a city of fifteen million of them."""
WEST, SOUTH = 121.20, 31.00
TILES = 200
CHUNK = 200_000
LOADERS = 2
WRITTEN = 20_000
"""Rows that are written at the end with every index and trigger in place."""
_KM = 1 / 111.32

_FILL = """
INSERT INTO places_component (id, city_no, area_no, grid_code, scheme, kind_id, code, name, state,
    manager, manager_code, owner, owner_code, maintainer, maintainer_code, lon, lat, datum,
    position_source, photos, note, source, synthetic, origin, origin_hash, valid_from, version,
    updated_at)
SELECT (lpad(to_hex(n), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
    %(city)s, %(city)s, '', 'bench', 'bench/component/' || n %% 120, lpad(n::text, 16, '0'),
    '井盖' || n, CASE WHEN n %% 20 = 0 THEN 'damaged' ELSE 'intact' END, '', '', '', '', '', '',
    %(west)s + random() * %(wide)s, %(south)s + random() * %(high)s, 'WGS84', 'bench', '[]', '',
    'bench', true, 'bench:' || n, '', current_date, 1, now()
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""
# Primary key and unique constraints, then the other indexes, each as the database would say it.
_CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'places_component'::regclass AND contype IN ('p', 'u') ORDER BY conname
"""
_INDEXES = """
SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON oid = indexrelid
WHERE indrelid = 'places_component'::regclass
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) ORDER BY relname
"""
_CELLS = """
INSERT INTO places_componentcell (city_no, x, y, n, lon_sum, lat_sum, bad)
SELECT city_no, places_cell_x(lon), places_cell_y(lat), count(*), sum(lon), sum(lat),
    count(*) FILTER (WHERE state <> 'intact')
FROM places_component WHERE valid_to IS NULL AND scheme = 'bench' GROUP BY 1, 2, 3
ON CONFLICT ON CONSTRAINT component_cell_once DO UPDATE SET n = places_componentcell.n + excluded.n,
    lon_sum = places_componentcell.lon_sum + excluded.lon_sum,
    lat_sum = places_componentcell.lat_sum + excluded.lat_sum,
    bad = places_componentcell.bad + excluded.bad
"""
_READ = """
SELECT id, lon, lat, kind_id, code, name, state, synthetic FROM places_component
WHERE city_no = %s AND valid_to IS NULL AND point(lon, lat) <@ box(point(%s, %s), point(%s, %s))
LIMIT 5001
"""


def run(node: Node) -> dict[str, object]:
    """Fill, ask, compare."""
    if not node.folder.root.parent.name.startswith("cy-bench-"):
        raise SystemExit("This bench leaves its rows behind: run it without --data.")
    url, city = node.database_url("owner"), Region.objects.get(code="310000").area_no
    # A square of the density, so that a street tile holds what it would in the whole city.
    side = (COMPONENTS / DENSITY) ** 0.5 * _KM
    wide = float(side / np.cos(np.radians(SOUTH)))
    given = {"city": city, "west": WEST, "south": SOUTH, "wide": wide, "high": side}
    with psycopg.connect(url, autocommit=True) as connection:
        size = _size(connection)
        steps = _filled(connection, url, given)
        size = _size(connection) - size
        found = _measured(node, connection, city, wide, side)
        written = _written(connection, given)
    return {
        **found,
        "components": COMPONENTS,
        "filled_s": round(sum(steps.values()), 1),
        "filled_by_step_s": steps,
        "written_a_second": written,
        "bytes": size,
        "bytes_each": round(size / COMPONENTS),
        **conditions(),
    }


def _filled(connection: Any, url: str, given: dict[str, Any]) -> dict[str, float]:
    """Load into the bare table, then bring back all that was there. Seconds of each step."""
    steps: dict[str, float] = {}
    began = time.perf_counter()

    def done(step: str) -> None:
        nonlocal began
        steps[step] = round(time.perf_counter() - began, 1)
        sys.stderr.write(f"{step}: {steps[step]} s\n")
        began = time.perf_counter()

    constraints = connection.execute(_CONSTRAINTS).fetchall()
    indexes = connection.execute(_INDEXES).fetchall()
    for name, _ in constraints:
        connection.execute(f'ALTER TABLE places_component DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    connection.execute("ALTER TABLE places_component DISABLE TRIGGER tiles_added")
    with ThreadPoolExecutor(LOADERS) as pool:
        firsts = range(1, COMPONENTS + 1, CHUNK)
        for _ in pool.map(lambda first: _load(url, given, first, COMPONENTS), firsts):
            pass
    done("rows")
    connection.execute("SET maintenance_work_mem = '1GB'")
    for name, definition in constraints:
        connection.execute(f'ALTER TABLE places_component ADD CONSTRAINT "{name}" {definition}')
    for _, definition in indexes:
        connection.execute(definition)
    done("indexes")
    connection.execute("SET work_mem = '256MB'")
    connection.execute(_CELLS)
    connection.execute("ALTER TABLE places_component ENABLE TRIGGER tiles_added")
    connection.execute("UPDATE places_city SET component_revision = gen_random_uuid()")
    done("cells")
    # Else the database tidies up while tiles are measured.
    connection.execute("VACUUM ANALYZE places_component, places_componentcell")
    done("tidying")
    return steps


def _load(url: str, given: dict[str, Any], first: int, most: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        last = min(first + CHUNK - 1, most)
        connection.execute(_FILL, {**given, "first": first, "last": last})


def _written(connection: Any, given: dict[str, Any]) -> int:
    """Rows a second into the full register, with its indexes and triggers."""
    first = COMPONENTS + 1
    began = time.perf_counter()
    connection.execute(_FILL, {**given, "first": first, "last": first + WRITTEN - 1})
    return round(WRITTEN / (time.perf_counter() - began))


def _measured(node: Node, connection: Any, city: int, wide: float, side: float) -> dict[str, Any]:
    random, line = Random(4), Line(node.address, token(node))
    asked: dict[int, list[float]] = {}
    tiles: dict[int, list[Tile]] = {}
    bytes_sent: list[int] = []
    for z in (16, 17, 14, 11):
        tiles[z] = _tiles(z, wide, side, random)
        took = asked.setdefault(z, [])
        for tile in tiles[z]:
            began = time.perf_counter()
            status, body = line.ask("GET", f"/api/v1/tiles/components/{z}/{tile.x}/{tile.y}.mvt")
            took.append(time.perf_counter() - began)
            assert status == 200, body[:300]
            if z == 16:
                bytes_sent.append(len(body))
    line.close()
    plain, naive, counts = _compared(connection, city, tiles[16])
    return {
        "product": _ms(asked[16], 99),
        "reference": _ms(naive, 99),
        "reference_name": "the same rows by shapely and mapbox-vector-tile, no HTTP, no rights",
        "limit": _ms(plain, 99),
        "limit_name": "the SELECT of the same rows alone",
        "lower_is_better": True,
        "p50_ms": _ms(asked[16], 50),
        "p99_ms": _ms(asked[16], 99),
        "reference_p50_ms": _ms(naive, 50),
        "limit_p50_ms": _ms(plain, 50),
        "features_a_tile": round(float(np.mean(counts))),
        "bytes_a_tile": round(float(np.mean(bytes_sent))),
        "tiles": len(tiles[16]),
        "other_zooms_p99_ms": {str(z): _ms(asked[z], 99) for z in (17, 14, 11)},
    }


def _tiles(z: int, wide: float, side: float, random: Random) -> list[Tile]:
    """Different tiles over what was filled, in any order."""
    corners = np.array([[WEST, SOUTH + side], [WEST + wide, SOUTH]])
    (west, north), (east, south) = (placed(Tile(z, 0, 0), corners) // EXTENT).astype(int).tolist()
    found = [Tile(z, x, y) for x in range(west, east + 1) for y in range(north, south + 1)]
    return random.sample(found, min(TILES, len(found)))


def _compared(
    connection: Any, city: int, tiles: list[Tile]
) -> tuple[list[float], list[float], list[int]]:
    plain, naive, counts = [], [], []
    for tile in tiles:
        west, south, east, north = bounds(tile)
        began = time.perf_counter()
        rows = connection.execute(_READ, (city, west, south, east, north)).fetchall()
        read = time.perf_counter()
        features = [
            {
                "geometry": shapely.Point(row[1], row[2]),
                "properties": {"id": str(row[0]), "kind": row[3], "code": row[4], "name": row[5]}
                | {"state": row[6], "synthetic": row[7]},
            }
            for row in rows[:5_000]
        ]
        mapbox_vector_tile.encode(
            [{"name": "components", "features": features}],
            default_options={"quantize_bounds": (west, south, east, north), "extents": EXTENT},
        )
        done = time.perf_counter()
        plain.append(read - began)
        naive.append(done - began)
        counts.append(len(rows))
    return plain, naive, counts


def _size(connection: Any) -> int:
    found = connection.execute("SELECT pg_total_relation_size('places_component')").fetchone()
    return int(found[0])


def _ms(seconds: list[float], percent: int) -> float:
    return round(float(np.percentile(seconds, percent)) * 1000, 2)
