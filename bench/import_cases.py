"""Import of 100,000 rows as history: rows/s, and peak memory beside that of a fifth of the rows.

Product: `import_cases` on a file in the form of a real hotline's, from reading the first byte to
the last commit. Reference and limit: the very rows it wrote (cases and their events, all indexes),
taken out again and brought back by plain binary COPY, which does no work of ours.
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

from django.db import connection, transaction

from chengyun.app.supervisor.node import Node, manage_command

NAME = "import"
UNIT = "rows/s"
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
        reference = _copy_again(Path(folder))
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


def _copy_again(folder: Path) -> float:
    """Take the imported rows out, delete them, bring them back; rows/s of bringing back."""
    with connection.cursor() as cursor:
        for table, where in _TABLES:
            # Table names and conditions are constants above.
            statement = f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT (FORMAT BINARY)"  # noqa: S608
            with (folder / table).open("wb") as file, cursor.cursor.copy(statement) as out:
                for block in out:
                    file.write(block)
        for table, where in reversed(_TABLES):
            cursor.execute(f"DELETE FROM {table} WHERE {where}")  # noqa: S608
        started = time.perf_counter()
        with transaction.atomic():
            for table, _ in _TABLES:
                statement = f"COPY {table} FROM STDIN (FORMAT BINARY)"
                with (folder / table).open("rb") as file, cursor.cursor.copy(statement) as copy:
                    while block := file.read(1 << 20):
                        copy.write(block)
        took = time.perf_counter() - started
        cursor.execute("SELECT count(*) FROM cases_case WHERE external_source = 'tainan1999'")
        count = int(cursor.fetchone()[0])
    assert count == ROWS + FEW
    return count / took
