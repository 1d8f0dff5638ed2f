"""Ask the rules: list them, and try one on stored history.

A backtest says when the rule would have had a signal open, about which things, and, where people
judged its signals or a file of labels is given, how much of that was real (precision) and how much
of what was real it found (recall). Labels are CSV: thing,from,to and optionally real (1 or 0).
"""

import argparse
from pathlib import Path

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import running

_EXAMPLES = """\
  ./cy rules list
  ./cy rules backtest flood.ponding --from 2026-06-01 --to 2026-07-01
  ./cy rules backtest flood.ponding --from 2026-06-01 --to 2026-07-01 --labels floods.csv --json"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "rules", __doc__ or "", _EXAMPLES)
    parser.add_argument("what", choices=["list", "backtest"], help="what to do")
    parser.add_argument("rule", nargs="?", help="the rule's id, for a backtest")
    parser.add_argument("--from", dest="start", metavar="TIME", help="a day or an instant")
    parser.add_argument("--to", dest="end", metavar="TIME", help="not in the span any more")
    parser.add_argument("--version", type=int, help="of the rule (default: the one in force)")
    parser.add_argument("--thing", action="append", default=[], metavar="CODE", help="only these")
    parser.add_argument("--labels", type=Path, metavar="FILE", help="what really was, as CSV")
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Let a process of the node ask."""
    words = ["rules", args.what, *([args.rule] if args.rule else [])]
    asked = {"start": args.start, "end": args.end, "rule-version": args.version}
    for name, value in asked.items():
        words += [f"--{name}", str(value)] if value else []
    for code in args.thing:
        words += ["--thing", code]
    if args.labels:
        words += ["--labels", str(args.labels.resolve())]
    words += ["--json"] if args.json else []
    return running(args.data).manage(*words)
