"""Print the evaluation of a month by unit, area or post: counters, rates, score, grade.

Every figure opens its cases on the page /evaluation of the node. --search also looks for patterns
of gaming; --rebuild first folds every case's history again.
"""

import argparse

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import running

_EXAMPLES = """\
  ./cy evaluate --period 2026-03 --by unit
  ./cy evaluate --period 2026-03 --by area --area 310101 --csv > streets.csv
  ./cy evaluate --period 2026-03 --by post --json"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "evaluate", __doc__ or "", _EXAMPLES)
    parser.add_argument("--period", required=True, metavar="YYYY-MM", help="the month")
    parser.add_argument("--by", choices=["unit", "area", "post"], default="unit")
    parser.add_argument("--area", metavar="CODE", help="inside this area (default: the city)")
    parser.add_argument(
        "--level", choices=["city", "district", "street", "community"], help="depth of the rows"
    )
    parser.add_argument("--search", action="store_true", help="look for patterns of gaming first")
    parser.add_argument("--rebuild", action="store_true", help="fold all histories again first")
    add_data(parser)
    parser.add_argument("--csv", action="store_true", help="print CSV")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Let a process of the node count."""
    words = ["evaluate", "--period", args.period, "--by", args.by]
    for name in ("area", "level"):
        if getattr(args, name):
            words += [f"--{name}", getattr(args, name)]
    words += [f"--{n}" for n in ("search", "rebuild", "csv", "json") if getattr(args, n)]
    return running(args.data).manage(*words)
