"""Import of 1,000,000 features into a layer: features/s, and memory beside that of a fifth.

Product: `import_places --kind layer` on a GeoPackage of points, lines and polygons, from the first
byte to the last commit: checked, repaired, measured, keyed, versioned. Reference: GDAL reading the
same file alone, then binary COPY of the rows the import wrote into a table made alike. Limit: that
COPY. The second import of the file, which changes nothing, stands beside. Needs its own node.
"""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import psycopg
import pyogrio
import shapely

from chengyun.app.supervisor.node import Node, manage_command

NAME = "layer-import"
UNIT = "features/s"
MANY = 1_000_000
FEW = 200_000
_AT_ONCE = 20_000
_SCHEMA = "bench_copy"


def run(node: Node | None) -> dict[str, object]:
    """Measure on a node of its own."""
    assert node is not None
    with tempfile.TemporaryDirectory(prefix="cy-bench-") as folder:
        few, many = Path(folder) / "few.gpkg", Path(folder) / "many.gpkg"
        _write(few, FEW)
        _write(many, MANY)
        _, _, few_mb = _import(node, few)
        done, took, many_mb = _import(node, many)
        assert done["created"] == MANY, done
        again, second, _ = _import(node, many)
        assert again["created"] == again["changed"] == again["retired"] == 0, again
        reading = _read(many)
        copying = _copy_again(node, Path(folder) / "rows")
    return {
        "product": round(MANY / took),
        "reference": round(MANY / (reading + copying)),
        "reference_name": "GDAL reading the file, then COPY of the rows the import wrote",
        "limit": round(MANY / copying),
        "limit_name": "that COPY alone",
        "p50_ms": None,
        "p99_ms": None,
        "seconds": round(took, 1),
        "seconds_again": round(second, 1),
        "peak_mb": round(many_mb),
        "peak_mb_at_200000": round(few_mb),
        "load": os.getloadavg()[0],
    }


def _write(path: Path, count: int) -> None:
    """A third each of points, short lines and small squares, all over the demo's city.

    In pieces: a process inherits the peak memory of the one that starts it.
    """
    random = np.random.default_rng(count)
    for first in range(0, count, _AT_ONCE):
        number = np.arange(first, min(count, first + _AT_ONCE))
        at = random.uniform((121.0, 30.9), (121.9, 31.5), (len(number), 2))
        kind = number % 3
        shapes = np.empty(len(number), dtype=object)
        shapes[kind == 0] = shapely.points(at[kind == 0])
        start, corner = at[kind == 1], at[kind == 2]
        shapes[kind == 1] = shapely.linestrings(np.stack([start, start + 0.0003], axis=1))
        west, south = corner[:, 0], corner[:, 1]
        shapes[kind == 2] = shapely.box(west, south, west + 0.0002, south + 0.0002)
        pyogrio.raw.write(
            path,
            shapely.to_wkb(shapes),
            [number, random.integers(1, 60, len(number)), kind.astype(str).astype(object)],
            ["ref", "height", "use"],
            layer="things",
            geometry_type="Unknown",
            crs="EPSG:4326",
            driver="GPKG",
            append=first > 0,
        )


def _import(node: Node, path: Path) -> tuple[dict[str, int], float, float]:
    """The import's own account, its seconds, and the peak memory of its process in MB."""
    options = (f"code=bench-{path.stem}", "key=ref")
    command = manage_command(
        *("import_places", str(path), "--kind", "layer", "--source", "bench", "--json"),
        *(word for option in options for word in ("--option", option)),
    )
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        env=node.environment("bulk"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - began
    assert process.returncode == 0, said
    return json.loads(said), took, used.ru_maxrss / 1024


def _read(path: Path) -> float:
    began = time.perf_counter()
    for skipped in range(0, MANY, _AT_ONCE):
        pyogrio.raw.read(path, skip_features=skipped, max_features=_AT_ONCE)
    return time.perf_counter() - began


def _copy_again(node: Node, rows: Path) -> float:
    """Take the imported rows out and bring them into a table made alike; seconds of the latter."""
    table = "places_mapfeature"
    with psycopg.connect(node.database_url("owner"), autocommit=True) as owner:
        # The name is a constant above.
        out = (
            f"COPY (SELECT * FROM {table} WHERE layer_id ="  # noqa: S608
            " (SELECT id FROM places_maplayer WHERE code = 'bench-many')) TO STDOUT (FORMAT BINARY)"
        )
        with rows.open("wb") as file, owner.cursor().copy(out) as source:
            for block in source:
                file.write(block)
        owner.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
        owner.execute(f"CREATE SCHEMA {_SCHEMA}")
        try:
            owner.execute(f"CREATE TABLE {_SCHEMA}.{table} (LIKE {table} INCLUDING ALL)")
            began = time.perf_counter()
            into = f"COPY {_SCHEMA}.{table} FROM STDIN (FORMAT BINARY)"
            with rows.open("rb") as file, owner.cursor().copy(into) as target:
                while block := file.read(1 << 20):
                    target.write(block)
            return time.perf_counter() - began
        finally:
            owner.execute(f"DROP SCHEMA {_SCHEMA} CASCADE")
