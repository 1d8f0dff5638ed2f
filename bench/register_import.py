"""Import of 100,000 standard addresses and 1,000,000 components: rows/s, and memory.

Product: `import_places --kind components` on a CSV, from the first byte to the last commit: read,
checked, located, coded, versioned, with the register's indexes and triggers. Reference: Python's
csv module reading the same file, then binary COPY of the rows the import wrote into a table made
alike. Limit: that COPY. `--kind addresses` stands beside. Needs its own node.
"""

import csv
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from random import Random

import psycopg

from chengyun.app.supervisor.node import Node, manage_command

NAME = "register-import"
UNIT = "components/s"
COMPONENTS = int(os.environ.get("CHENGYUN_BENCH_COMPONENTS", "1000000"))
ADDRESSES = COMPONENTS // 10
_DISTRICT = "310115"
_WEST, _SOUTH, _EAST, _NORTH = 121.55, 31.05, 121.75, 31.20
_CLASSES = ("0101", "0102", "0103", "0104", "0105", "0106")
_TABLE = "places_component"
_SCHEMA = "bench_copy"


def run(node: Node | None) -> dict[str, object]:
    """Measure on a node of its own."""
    assert node is not None
    with tempfile.TemporaryDirectory(prefix="cy-bench-") as folder:
        components, addresses = Path(folder) / "components.csv", Path(folder) / "addresses.csv"
        _write(components, ("code", "scheme", "name", "state", "lon", "lat"), _components())
        _write(addresses, ("road", "number", "area_code", "lon", "lat"), _addresses())
        done, took, peak = _import(node, components, "components")
        assert done["created"] == COMPONENTS, done
        again, second, _ = _import(node, components, "components")
        assert again["created"] == again["changed"] == 0, again
        homes, homes_took, homes_peak = _import(node, addresses, "addresses")
        assert homes["created"] == ADDRESSES, homes
        reading = _read(components)
        copying = _copy_again(node, Path(folder) / "rows")
    return {
        "product": round(COMPONENTS / took),
        "reference": round(COMPONENTS / (reading + copying)),
        "reference_name": "csv reading the file, then COPY of the rows the import wrote",
        "limit": round(COMPONENTS / copying),
        "limit_name": "that COPY alone",
        "p50_ms": None,
        "p99_ms": None,
        "seconds": round(took, 1),
        "seconds_again": round(second, 1),
        "peak_mb": round(peak),
        "addresses_a_second": round(ADDRESSES / homes_took),
        "addresses_seconds": round(homes_took, 1),
        "addresses_peak_mb": round(homes_peak),
        "load": os.getloadavg()[0],
    }


def _spot(random: Random) -> tuple[str, str]:
    return f"{random.uniform(_WEST, _EAST):.6f}", f"{random.uniform(_SOUTH, _NORTH):.6f}"


def _components() -> Iterable[tuple[str, ...]]:
    random = Random(4)
    for number in range(COMPONENTS):
        kind = _CLASSES[number % len(_CLASSES)]
        code = f"{_DISTRICT}{kind}{number // len(_CLASSES) + 1:06d}"
        yield (code, "CJT214-2007", f"部件{number}", "完好", *_spot(random))


def _addresses() -> Iterable[tuple[str, ...]]:
    random = Random(5)
    for number in range(ADDRESSES):
        road, house = divmod(number, 500)
        yield (f"试验{road}路", f"{house + 1}号", _DISTRICT, *_spot(random))


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)


def _import(node: Node, path: Path, kind: str) -> tuple[dict[str, int], float, float]:
    """The import's own account, its seconds, and the peak memory of its process in MB."""
    command = manage_command("import_places", str(path), "--kind", kind, "--json")
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
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass
    return time.perf_counter() - began


def _copy_again(node: Node, rows: Path) -> float:
    """Take the imported rows out and bring them into a table made alike; seconds of the latter."""
    with psycopg.connect(node.database_url("owner"), autocommit=True) as owner:
        # The name is a constant above.
        out = f"COPY (SELECT * FROM {_TABLE} WHERE NOT synthetic) TO STDOUT (FORMAT BINARY)"  # noqa: S608
        with rows.open("wb") as file, owner.cursor().copy(out) as source:
            for block in source:
                file.write(block)
        owner.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
        owner.execute(f"CREATE SCHEMA {_SCHEMA}")
        try:
            owner.execute(f"CREATE TABLE {_SCHEMA}.{_TABLE} (LIKE {_TABLE} INCLUDING ALL)")
            began = time.perf_counter()
            into = f"COPY {_SCHEMA}.{_TABLE} FROM STDIN (FORMAT BINARY)"
            with rows.open("rb") as file, owner.cursor().copy(into) as target:
                while block := file.read(1 << 20):
                    target.write(block)
            return time.perf_counter() - began
        finally:
            owner.execute(f"DROP SCHEMA {_SCHEMA} CASCADE")
