"""Find the standard address of each text in a column of a file.

Writes the same rows with address id, code, text, longitude, latitude (WGS84), level, score, verdict
and reason behind them. The verdict is `unique` where the answer may be used as it is, `candidates`
where a person should look, `none` where nothing was found.
"""

import argparse
import json
import sys
from pathlib import Path

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.exchange.tables import Unreadable
from chengyun.app.geocoding import NoSuchColumn, book_of_file, geocode_file
from chengyun.app.supervisor.node import running

_EXAMPLES = """\
  ./cy geocode complaints.csv --column text --out located.csv
  ./cy geocode complaints.csv --column text --out located.csv --city 310000 --json
  ./cy geocode list.csv --column where --out found.csv --book addresses.csv   without a node"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "geocode", __doc__ or "", _EXAMPLES)
    parser.add_argument("file", type=Path, help="CSV, CSV.GZ or XLSX with a head")
    parser.add_argument("--column", required=True, metavar="TEXT", help="which column to read")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="CSV to write")
    parser.add_argument("--city", metavar="CODE", help="the city (default: the node's first)")
    parser.add_argument(
        "--book",
        type=Path,
        metavar="FILE",
        help="addresses to search instead of the node's: CSV with a column address, and any of "
        "id, code, district, street, lon, lat, aliases",
    )
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Read here with a book of its own, else let a process of the node do it."""
    if not args.book:
        words = ["geocode", str(args.file), "--column", args.column, "--out", str(args.out)]
        words += ["--city", args.city] if args.city else []
        words += ["--json"] if args.json else []
        return running(args.data).manage(*words)
    try:
        book, faults = book_of_file(args.book)
        for fault in faults[:20]:
            print(f"{args.book} row {fault.row}: {fault.field} {fault.reason}", file=sys.stderr)
        done = geocode_file(book, args.file, column=args.column, out=args.out).told()
    except (Unreadable, NoSuchColumn, OSError) as error:
        print(f"cy geocode: {error}", file=sys.stderr)
        return 1
    print(json.dumps(done, ensure_ascii=False) if args.json else as_words(done))
    return 0


def as_words(done: dict[str, object]) -> str:
    """What came of it, for a person."""
    names = ("read", "unique", "candidates", "none", "bad", "rows_per_second")
    return " · ".join(f"{name} {done[name]}" for name in names)
