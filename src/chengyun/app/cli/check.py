"""Check the code: format, lint, types, the order of the rooms, the shape of files, the screens."""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from chengyun.app.bootstrap import node_command
from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import tree
from chengyun.app.supervisor.supervising import to_stderr

_EXAMPLES = """\
  ./cy check                  everything, as CI does
  ./cy check format types     only these
  ./cy check --fix            let ruff put right what it can first"""
# Its script holds the path it was installed at; the tree may have been moved since.
_LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
_PYTHON = ("src", "tests", "packs", "bench")


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "check", __doc__ or "", _EXAMPLES)
    add_data(parser)
    add_json(parser)
    parser.add_argument("--fix", action="store_true", help="format and fix what ruff can")
    parser.add_argument("only", nargs="*", metavar="CHECK", help="names of checks; default: all")


def run(args: argparse.Namespace) -> int:
    """Run the checks, all of them even when one fails."""
    known = checks(tree())
    unknown = [name for name in args.only if name not in known]
    if unknown:
        to_stderr(f"There is no check {unknown[0]!r}. There are: {', '.join(known)}")
        return 2
    if args.fix:
        folders = _python_folders(tree())
        for words in (["format", *folders], ["check", "--fix", "--quiet", *folders]):
            subprocess.run([sys.executable, "-m", "ruff", *words], cwd=tree(), check=False)
    results = {}
    for name, (words, folder) in known.items():
        if args.only and name not in args.only:
            continue
        started = time.monotonic()
        to_stderr(f"{name} …")
        env = dict(os.environ, PYTHONWARNINGS="ignore")
        code = subprocess.run(words, cwd=folder, env=env, stdout=2, check=False).returncode
        results[name] = {"passed": code == 0, "seconds": round(time.monotonic() - started, 1)}
        to_stderr(f"{name}: {'passed' if code == 0 else 'FAILED'} in {results[name]['seconds']} s")
    failed = [name for name, result in results.items() if not result["passed"]]
    if args.json:
        print(json.dumps({"passed": not failed, "checks": results}))
    else:
        print(f"Failed: {', '.join(failed)}" if failed else f"All {len(results)} checks passed.")
    return 1 if failed else 0


def checks(root: Path) -> dict[str, tuple[list[str], Path]]:
    """Every check's command line and folder, the quick ones first."""
    python = [sys.executable, "-m"]
    folders = _python_folders(root)
    found = {
        "format": ([*python, "ruff", "format", "--check", *folders], root),
        "lint": ([*python, "ruff", "check", *folders], root),
        "rooms": ([sys.executable, "-c", _LINT_IMPORTS, "--no-logo"], root),
        "shape": ([*python, "pytest", "-q", "tests/shape"], root),
        "types": ([*python, "mypy"], root),
    }
    web = root / "web"
    if (web / "package.json").exists():
        scripts = json.loads((web / "package.json").read_text(encoding="utf-8"))["scripts"]
        npm, _ = node_command(root / ".venv")
        for script in ("lint", "typecheck"):
            if script in scripts:
                found[f"screens-{script}"] = ([*npm, "run", "--silent", script], web)
    return found


def _python_folders(root: Path) -> list[str]:
    return [name for name in _PYTHON if (root / name).is_dir()]
