"""Import cases as history (original times and states, no clocks, no notices), readings or places.

Cases: reads CSV (plain or .gz, any usual encoding) and XLSX, as a stream. A row that cannot be a
case goes into a rejects file with the reason beside it: mend it there and import that file.
Running an import again doubles nothing; after a crash the same command goes on.
Observations: readings of sensors as history, from CSV (plain or .gz), XLSX or Parquet.
Places: reference data of one city, by kind. `import regions` is `import places --kind regions`:
GeoJSON, or CSV with code, name and parent_code; what changed is kept as history.
"""

import argparse
import sys
from pathlib import Path

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import running

_EXAMPLES = """\
  ./cy import cases hotline.csv.gz --mapping tainan1999
  ./cy import cases export.xlsx --mapping chengyun          an export of ours
  ./cy import cases list.csv --mapping my-mapping.yaml --dry-run
  ./cy import cases hotline.rejects.csv --mapping tainan1999   mended rows
  ./cy import observations gauges.csv.gz --mapping plain --json
  ./cy import observations year.parquet --mapping my-mapping.yaml
  ./cy import regions streets.geojson --city 310000 --source "survey of 2026"
  ./cy import regions outlines.geojson --city 310000 --source map --datum GCJ02
  ./cy import places addresses.csv --kind addresses --source "register of 2026" --json
  ./cy import places roads.osm.gz --kind layer --source OpenStreetMap --option role=road
  ./cy import places wells.zip --kind layer --datum gcj02 --option code=wells --json
  ./cy import places houses.osm.gz --kind layer --option space=building --option where=building=
  ./cy import places pipes.shp.zip --kind layer --option space=pipe --option depth=埋深"""
_KINDS = Path(__file__).parents[1] / "exchange" / "places"


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "import", __doc__ or "", _EXAMPLES)
    parser.add_argument(
        "what", choices=["cases", "observations", "regions", "places"], help="what the file holds"
    )
    parser.add_argument(
        "file", help="CSV, CSV.GZ or XLSX; Parquet for observations, GeoJSON for regions"
    )
    parser.add_argument("--kind", choices=kinds(), help="places: what the file holds")
    parser.add_argument(
        "--mapping",
        metavar="NAME",
        help="a mapping of a pack, chengyun for our own exports, or a YAML or JSON file",
    )
    parser.add_argument("--rejects", metavar="FILE", help="where rejected rows go")
    parser.add_argument("--dry-run", action="store_true", help="check every row, keep none")
    parser.add_argument(
        "--city",
        metavar="CODE",
        help="places: the city's code (may be left out by a node with one)",
    )
    parser.add_argument("--source", help="places: where the data come from")
    parser.add_argument(
        "--datum",
        metavar="NAME",
        help="places: WGS84 (default), CGCS2000 or gcj02; layers also bd09, EPSG:n, GRID:code",
    )
    parser.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE", help="places: a kind's own"
    )
    add_data(parser)
    add_json(parser)


def kinds() -> list[str]:
    """The kinds of reference data, by their modules' names; none of them is imported here."""
    stems = (path.stem for path in _KINDS.glob("*.py"))
    return sorted(one.rstrip("_").replace("_", "-") for one in stems if not one.startswith("_"))


def run(args: argparse.Namespace) -> int:
    """Let a process of the node read the file; exit code 0 also with rejects."""
    needed = {
        "cases": ("mapping",),
        "observations": ("mapping",),
        "regions": ("city", "source"),
        "places": ("kind",),
    }[args.what]
    missing = [f"--{name}" for name in needed if not getattr(args, name)]
    if missing:
        print(f"cy import {args.what} needs {' and '.join(missing)}", file=sys.stderr)
        return 2
    if args.what in ("cases", "observations"):
        words = [f"import_{args.what}", args.file, "--mapping", args.mapping]
    else:
        kind = args.kind if args.what == "places" else "regions"
        words = ["import_places", args.file, "--kind", kind]
        for name in ("city", "source", "datum"):
            words += [f"--{name}", getattr(args, name)] if getattr(args, name) else []
        for one in args.option:
            words += ["--option", one]
    if args.rejects:
        words += ["--rejects", args.rejects]
    if args.dry_run:
        words.append("--dry-run")
    if args.json:
        words.append("--json")
    return running(args.data).manage(*words)
