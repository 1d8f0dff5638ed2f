"""Play days of a simulated city as fast as the machine allows, and say what happened.

Residents call and report, collectors walk, desks accept and dispatch, handlers work, return and
overrun, all through the ordinary moves and labelled as simulated. The days end now unless told
otherwise. The same seed, days, start and scale give the same history on a fresh city (compare the
digest). A second run adds to the first; Ctrl-C stops between two batches.
"""

import argparse

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import running

_EXAMPLES = """\
  ./cy simulate --days 7 --seed 1                        a week that ends now
  ./cy simulate --days 1 --start 2026-03-02 --scale 0.02   a small Monday
  ./cy simulate --days 2 --storm 2                       the second day storms
  ./cy simulate --days 30 --open-only 100000             100,000 cases that nobody works on"""
_MOST_DAYS = 366.0


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "simulate", __doc__ or "", _EXAMPLES)
    parser.add_argument("--days", type=_days, default=1.0, metavar="N", help="default: 1")
    parser.add_argument("--seed", metavar="S", help="any word (default: the pack's)")
    parser.add_argument(
        "--scale", type=_scale, metavar="X", help="share of a whole city's load (default: 0.1)"
    )
    parser.add_argument("--start", metavar="DATE", help="first instant, e.g. 2026-03-02T08:00")
    parser.add_argument("--until", metavar="DATE", help="last instant (default: now)")
    parser.add_argument("--storm", type=int, metavar="K", help="the day on which it storms")
    parser.add_argument(
        "--open-only", type=int, metavar="N", help="N reports, and nobody works on them"
    )
    add_data(parser)
    add_json(parser)


def _days(said: str) -> float:
    days = float(said)
    if not 0 < days <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most {_MOST_DAYS:g}")
    return days


def _scale(said: str) -> float:
    scale = float(said)
    if not 0 < scale <= 2:
        raise argparse.ArgumentTypeError("must be above 0 and at most 2")
    return scale


def run(args: argparse.Namespace) -> int:
    """Let a process of the node play."""
    node = running(args.data)
    words = ["simulate", "--days", str(args.days)]
    for name in ("seed", "scale", "start", "until", "storm", "open_only"):
        value = getattr(args, name)
        if value is not None:
            words.append(f"--{name.replace('_', '-')}={value}")
    if args.json:
        words.append("--json")
    return node.manage(*words)
