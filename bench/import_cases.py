"""Import of 100,000 rows as history: rows/s, and peak memory beside that of a fifth of the rows.

Product: `import_cases` on a file in the form of a real hotline's, from reading the first byte to
the last commit. Reference and limit: the very rows it wrote (cases and their events, all indexes),
taken out and brought into tables made alike by plain binary COPY, which does no work of ours.
"""

import csv
import json
import os
import subprocess
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import psycopg

from chengyun.app.supervisor.node import Node, manage_command

NAME = "import"
UNIT = "rows/s"
_SCHEMA = "bench_copy"
ROWS = 100_000
FEW = 20_000
_HEAD = ["case_id", "requested_at", "district", "category", "subcategory", "description"]
_DISTRICTS = ("永康區", "東區", "安南區", "北區", "中西區", "南區", "安平區", "仁德區")
_KINDS = (("髒亂及汙染", "環境髒亂"), ("違規停車", "違規停車"), ("道路維修", "路面坑洞"))
_TABLES = (
    ("cases_case", "external_source = 'tainan1999'"),
    (
        "kernel_event",
        "subject_id IN (SELECT id FROM cases_case WHERE external_source = 'tainan1999')",
    ),
)


def run(node: Node | None) -> dict[str, object]:
    """Measure on a node of its own."""
    assert node is not None
    with tempfile.TemporaryDirectory(prefix="cy-bench-") as folder:
        few, many = Path(folder) / "few.csv", Path(folder) / "many.csv"
        _write(few, "F", FEW)
        _write(many, "M", ROWS)
        _, few_mb = _import(node, few)
        done, many_mb = _import(node, many)
        assert done["read"] == done["imported"] == ROWS, done
        product = ROWS / float(done["seconds"])
        reference = _copy_again(node, Path(folder))
    return {
        "product": round(product),
        "reference": round(reference),
        "reference_name": "binary COPY of the rows the import wrote, in and out of a file",
        "limit": round(reference),
        "limit_name": "the same COPY: no import can be faster",
        "p50_ms": None,
        "p99_ms": None,
        "peak_mb": round(many_mb),
        "peak_mb_at_20000_rows": round(few_mb),
        "load": os.getloadavg()[0],
    }


def _write(path: Path, mark: str, rows: int) -> None:
    random = Random(mark)
    start = datetime(2018, 1, 1)  # noqa: DTZ001 - the file's own local time
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*_HEAD, "address", "lat", "lon"])
        for number in range(rows):
            district = random.choice(_DISTRICTS)
            category, kind = random.choice(_KINDS)
            address = f"臺南市{district}中山路{random.randint(1, 9_999)}號"
            at = start + timedelta(seconds=number * 40)
            lat, lon = random.uniform(22.95, 23.05), random.uniform(120.15, 120.3)
            words = f"{address} {kind} 請派員處理"
            line = [f"{mark}{number:08d}", str(at), district, category, kind, words, address]
            writer.writerow([*line, f"{lat:.6f}", f"{lon:.6f}"])


def _import(node: Node, path: Path) -> tuple[dict[str, float], float]:
    """The import's own account, and the peak memory of its process in MB."""
    command = manage_command("import_cases", str(path), "--mapping", "tainan1999", "--json")
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
    assert process.returncode == 0, said
    return json.loads(said), used.ru_maxrss / 1024


def _copy_again(node: Node, folder: Path) -> float:
    """Take the imported rows out and bring them into tables made alike; rows/s of bringing in."""
    with psycopg.connect(node.database_url("owner"), autocommit=True) as owner:
        for table, where in _TABLES:
            # Table names and conditions are constants above.
            out = f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT (FORMAT BINARY)"  # noqa: S608
            with (folder / table).open("wb") as file, owner.cursor().copy(out) as source:
                for block in source:
                    file.write(block)
        owner.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
        owner.execute(f"CREATE SCHEMA {_SCHEMA}")
        try:
            for table, _ in _TABLES:
                owner.execute(f"CREATE TABLE {_SCHEMA}.{table} (LIKE {table} INCLUDING ALL)")
            started = time.perf_counter()
            with owner.transaction():
                for table, _ in _TABLES:
                    into = f"COPY {_SCHEMA}.{table} FROM STDIN (FORMAT BINARY)"
                    with (folder / table).open("rb") as file, owner.cursor().copy(into) as target:
                        while block := file.read(1 << 20):
                            target.write(block)
            took = time.perf_counter() - started
            found = owner.execute(f"SELECT count(*) FROM {_SCHEMA}.cases_case").fetchone()  # noqa: S608
        finally:
            owner.execute(f"DROP SCHEMA {_SCHEMA} CASCADE")
    assert found is not None
    return int(found[0]) / took
