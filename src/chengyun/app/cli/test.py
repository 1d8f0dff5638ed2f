"""Prove that it works here: every test, on a real PostgreSQL and a real headless Chromium."""

import argparse
import json
import os
import subprocess
import sys

from chengyun.app.bootstrap import node_command
from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.cli._browser import prepare_browser
from chengyun.app.supervisor.node import tree
from chengyun.app.supervisor.supervising import to_stderr

_EXAMPLES = """\
  ./cy test                           everything
  ./cy test tests/cases -k reopen     arguments go on to pytest; the screens' own tests are left out
  ./cy test --no-browser              without the tests that drive Chromium"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "test", __doc__ or "", _EXAMPLES)
    add_data(parser)
    add_json(parser)
    parser.add_argument("--no-browser", action="store_true", help="leave out tests with a browser")
    parser.add_argument("--no-screens", action="store_true", help="do not build the screens first")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, metavar="PYTEST-ARGUMENT")


def run(args: argparse.Namespace) -> int:
    """Run pytest, then the tests of the screens."""
    words = [word for word in args.pytest if word not in {"--no-browser", "--no-screens"}]
    browser = not (args.no_browser or "--no-browser" in args.pytest)
    env = dict(os.environ, CHENGYUN_LOG=os.environ.get("CHENGYUN_LOG", "WARNING"))
    chosen = ["-m", "not e2e"] if not browser or not prepare_browser(env) else []
    to_stderr("pytest …")
    results = {
        "pytest": subprocess.run(
            [sys.executable, "-m", "pytest", *chosen, *words],
            cwd=tree(),
            env=env,
            stdout=2 if args.json else None,
            check=False,
        ).returncode
    }
    if not words:
        results |= _screens(args)
    if browser and chosen:
        # Said last, so that nobody takes a green run for the whole.
        to_stderr("The tests that drive a browser were NOT run: there is no Chromium.")
        if os.environ.get("CI") == "true":
            results["browser"] = 1
    failed = [name for name, code in results.items() if code != 0]
    if args.json:
        print(json.dumps({"passed": not failed, "results": results}))
    return 1 if failed else 0


def _screens(args: argparse.Namespace) -> dict[str, int]:
    web = tree() / "web"
    if not (web / "package.json").exists():
        return {}
    if "test" not in json.loads((web / "package.json").read_text(encoding="utf-8"))["scripts"]:
        return {}
    to_stderr("The screens' tests …")
    npm, _ = node_command(tree() / ".venv")
    words = [*npm, "run", "--silent", "test"]
    code = subprocess.run(words, cwd=web, stdout=2 if args.json else None, check=False).returncode
    return {"screens": code}
