"""Measure: product, reference and limit in one run on one machine, printed as one line of JSON."""

import argparse
import ast
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from chengyun.app.cli._arguments import Subparsers, add_json, command
from chengyun.app.cli._machine import machine
from chengyun.app.supervisor.node import running, tree
from chengyun.app.supervisor.supervising import to_stderr

_EXAMPLES = """\
  ./cy bench --list
  ./cy bench intake           on a node of its own, in a folder that is removed afterwards
  ./cy bench locate --data /tmp/city      on the node that runs there"""
_RUN_ONE = "import sys; from chengyun.app.measuring import main; main(sys.argv[1:])"


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "bench", __doc__ or "", _EXAMPLES)
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="use the node that runs on this folder"
    )
    add_json(parser)
    parser.add_argument("--list", action="store_true", help="names and units")
    parser.add_argument("name", nargs="?", help="which one")


def benches(root: Path) -> dict[str, tuple[Path, dict[str, object]]]:
    """Every bench's file and its constants, by name; none is imported for that."""
    found: dict[str, tuple[Path, dict[str, object]]] = {}
    for path in sorted((root / "bench").glob("*.py")):
        constants: dict[str, object] = {
            target.id: statement.value.value
            for statement in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        if "NAME" in constants:
            found[str(constants["NAME"])] = (path, constants)
    return found


def run(args: argparse.Namespace) -> int:
    """List, or run one."""
    found = benches(tree())
    if args.list:
        rows = [{"name": name, "unit": c.get("UNIT", "")} for name, (_, c) in found.items()]
        for row in [] if args.json else rows:
            print(f"{row['name']:<16} {row['unit']}")
        if args.json:
            print(json.dumps(rows))
        return 0
    if args.name not in found:
        to_stderr(f"Name one of: {', '.join(found) or '(there are none)'}")
        return 2
    path, constants = found[args.name]
    if args.data:
        return _measure(path, args.data)
    if constants.get("NODE") is False:
        return _measure(path, None)
    with tempfile.TemporaryDirectory(prefix="cy-bench-") as folder:
        data = Path(folder) / "data"
        words = [sys.executable, "-m", "chengyun"]
        up = ["up", "--detach", "--no-simulate", "--port", "0", "--data", str(data)]
        if subprocess.run([*words, *up], stdout=2, check=False).returncode != 0:
            return 1
        try:
            return _measure(path, data)
        finally:
            subprocess.run([*words, "down", "--data", str(data)], stdout=2, check=False)


def _measure(path: Path, data: Path | None) -> int:
    env = dict(os.environ)
    if data is not None:
        env = running(data).environment("bulk")
        env["CHENGYUN_BENCH_DATA"] = str(data.absolute())
    words = [sys.executable, "-c", _RUN_ONE, str(path), json.dumps(machine())]
    return subprocess.run(words, env=env, check=False).returncode
