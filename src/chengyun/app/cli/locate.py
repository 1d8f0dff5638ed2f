"""Say for every point of a CSV in which areas and grids it lies: codes of every level and layer.

Adds city, district, street, community and one column grid_CODE for each grid layer, and
locate_problem, which says why a row has none. Streams: a file may be larger than memory.
"""

import argparse

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import running

_EXAMPLES = """\
  ./cy locate points.csv --out placed.csv
  ./cy locate points.csv --out placed.csv --lon lng --lat lat --datum gcj02 --json"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "locate", __doc__ or "", _EXAMPLES)
    parser.add_argument("file", help="CSV with a column of longitudes and one of latitudes")
    parser.add_argument("--out", required=True, metavar="FILE", help="the file to write")
    parser.add_argument("--lon", metavar="COLUMN", help="default: lon, lng, longitude, x, 经度")
    parser.add_argument("--lat", metavar="COLUMN", help="default: lat, latitude, y, 纬度")
    parser.add_argument("--datum", metavar="NAME", help="WGS84 (default), gcj02, bd09, EPSG:n …")
    parser.add_argument("--city", metavar="CODE", help="the city (may be left out if only one)")
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Let a process of the node read and write."""
    words = ["locate_points", args.file, "--out", args.out]
    for name in ("lon", "lat", "datum", "city"):
        words += [f"--{name}", getattr(args, name)] if getattr(args, name) else []
    if args.json:
        words.append("--json")
    return running(args.data).manage(*words)
