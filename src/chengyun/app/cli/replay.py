"""Replay a file as life: its rows, shifted to now, go through every door of the running node.

Reported, accepted, filed, dispatched, handled, checked and closed over HTTP by keys of the city's
own posts, N times as fast as it happened. Everything is labelled as simulated. Stopped and run
again, it reports nothing twice and goes on where each case stands.
"""

import argparse

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import running

_EXAMPLES = """\
  ./cy replay hotline.csv.gz --mapping tainan1999 --speed 3600        an hour a second
  ./cy replay requests.csv --mapping la311 --speed 1000000 --limit 500"""
_FASTEST = 1e9


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "replay", __doc__ or "", _EXAMPLES)
    parser.add_argument("file", help="CSV, CSV.GZ or XLSX")
    parser.add_argument("--mapping", required=True, metavar="NAME", help="as for ./cy import cases")
    parser.add_argument(
        "--speed", type=_speed, required=True, metavar="N", help="times real time, e.g. 60"
    )
    parser.add_argument(
        "--limit", type=int, default=10_000, metavar="N", help="rows to read (default: 10,000)"
    )
    add_data(parser)
    add_json(parser)


def _speed(said: str) -> float:
    speed = float(said)
    if not 0 < speed <= _FASTEST:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most {_FASTEST:g}")
    return speed


def run(args: argparse.Namespace) -> int:
    """Let a process of the node play it."""
    node = running(args.data)
    words = ["replay_cases", args.file, "--mapping", args.mapping, "--speed", str(args.speed)]
    words += ["--limit", str(args.limit), "--address", node.state.local or node.address]
    if args.json:
        words.append("--json")
    return node.manage(*words)
