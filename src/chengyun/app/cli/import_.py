"""Import a file as history: original times and states, no clocks, no notices; nothing is lost.

Reads CSV (plain or .gz, any usual encoding) and XLSX, as a stream. A row that cannot be a case
goes into a rejects file with the reason beside it: mend it there and import that file. Running an
import again doubles nothing; after a crash the same command goes on.
"""

import argparse

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import running

_EXAMPLES = """\
  ./cy import cases hotline.csv.gz --mapping tainan1999
  ./cy import cases export.xlsx --mapping chengyun          an export of ours
  ./cy import cases list.csv --mapping my-mapping.yaml --dry-run
  ./cy import cases hotline.rejects.csv --mapping tainan1999   mended rows"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "import", __doc__ or "", _EXAMPLES)
    parser.add_argument("what", choices=["cases"], help="what the file holds")
    parser.add_argument("file", help="CSV, CSV.GZ or XLSX")
    parser.add_argument(
        "--mapping",
        required=True,
        metavar="NAME",
        help="a mapping of a pack, chengyun for our own exports, or a YAML or JSON file",
    )
    parser.add_argument("--rejects", metavar="FILE", help="where rejected rows go")
    parser.add_argument("--dry-run", action="store_true", help="check every row, keep none")
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Let a process of the node read the file; exit code 0 also with rejects."""
    words = ["import_cases", args.file, "--mapping", args.mapping]
    if args.rejects:
        words += ["--rejects", args.rejects]
    if args.dry_run:
        words.append("--dry-run")
    if args.json:
        words.append("--json")
    return running(args.data).manage(*words)
