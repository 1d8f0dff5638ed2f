"""Export cases into CSV, XLSX or GeoJSON; an import by --mapping chengyun takes it all back.

Cells that a spreadsheet would run as a formula begin with an apostrophe; the import removes it.
"""

import argparse

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import running

_EXAMPLES = """\
  ./cy export cases --format csv --out cases.csv
  ./cy export cases --format xlsx --out huangpu.xlsx --area 310101 --since 2026-01-01
  ./cy export cases --format geojson --out map.geojson"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "export", __doc__ or "", _EXAMPLES)
    parser.add_argument("what", choices=["cases"], help="what to export")
    parser.add_argument("--format", choices=["csv", "xlsx", "geojson"], default="csv")
    parser.add_argument("--out", required=True, metavar="FILE", help="the file to write")
    parser.add_argument("--area", metavar="CODE", help="only inside this area")
    parser.add_argument("--since", metavar="TIME", help="reported from this day or time on (UTC)")
    parser.add_argument("--until", metavar="TIME", help="reported before this day or time (UTC)")
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Let a process of the node write the file."""
    words = ["export_cases", "--format", args.format, "--out", args.out]
    for name in ("area", "since", "until"):
        if getattr(args, name):
            words += [f"--{name}", getattr(args, name)]
    if args.json:
        words.append("--json")
    return running(args.data).manage(*words)
