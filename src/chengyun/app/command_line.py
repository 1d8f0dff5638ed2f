"""Finding the called command among `chengyun.app.cli` and running it."""

import argparse
import ast
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import psycopg

from chengyun import __version__
from chengyun.app import cli
from chengyun.app.supervisor.folder import NotOurs
from chengyun.app.supervisor.node import NotRunning

_EPILOG = """\
examples:
  ./cy up                     start everything and print the address; Ctrl-C stops it
  ./cy up --detach            the same in the background; ./cy down stops it
  ./cy test                   prove that it works on this machine
  ./cy COMMAND --help         what a command does, with examples

Data lives in ./data unless --data DIR names another folder; the folder can be moved.
"""


def commands() -> dict[str, Path]:
    """Command names and their files, without importing any."""
    return {
        path.stem.rstrip("_").replace("_", "-"): path
        for folder in cli.__path__
        for path in sorted(Path(folder).glob("*.py"))
        if not path.stem.startswith("_")
    }


def one_line(path: Path) -> str:
    """The first line of a command's docstring."""
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return words.partition("\n")[0]


def build_parser(found: dict[str, Path], called: str | None) -> argparse.ArgumentParser:
    """A parser that knows every command by name and the called one in full."""
    parser = argparse.ArgumentParser(
        prog="./cy",
        description="Chengyun (城运): software that runs a city. Commands:",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Chengyun {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    for name, path in found.items():
        if name == called:
            module = import_module(f"{cli.__name__}.{path.stem}")
            before = set(subparsers.choices)
            module.add_parser(subparsers)
            for added in set(subparsers.choices) - before:
                subparsers.choices[added].set_defaults(run=module.run)
        else:
            subparsers.add_parser(name, help=one_line(path), add_help=False)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    found = commands()
    called = next((word for word in arguments if not word.startswith("-")), None)
    parser = build_parser(found, called if called in found else None)
    if not arguments:
        parser.print_help()
        return 0
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args) or 0)
    except (NotOurs, NotRunning) as said:
        print(f"cy: {said}", file=sys.stderr)
        return 1
    except psycopg.OperationalError as refused:
        print(f"cy: the database does not answer: {refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
