"""Write a new pack that works at once, with its test."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import orjson

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.packs.checking import check
from chengyun.app.packs.examples import failures
from chengyun.app.packs.loading import default_roots, read_catalog
from chengyun.app.packs.scaffold import plan, write
from chengyun.sdk.kinds import Role

_EXAMPLES = """\
  ./cy new pack my-city                     kinds, a duty list and a test in packs/my-city
  ./cy new pack my-city --kind city         the same and a city with a mapping for its CSV file
  ./cy new pack my-lake --kind scenario     things, a rule, a simulation and a story
  ./cy new pack my-city --into data/packs   a pack of this node alone, not of the checkout"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "new", __doc__ or "", _EXAMPLES)
    parser.add_argument("what", choices=["pack"], help="what to write")
    parser.add_argument("name", help="its name: lower-case letters, digits, dashes")
    parser.add_argument(
        "--kind",
        choices=["standard", "city", "scenario"],
        default="standard",
        help="standard: case kinds and duties; city: organisations and an import mapping too;"
        " scenario: things, a rule, a scene and a story",
    )
    parser.add_argument(
        "--into", type=Path, metavar="DIR", help="folder for the pack (default: packs/)"
    )
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Write the pack, check it together with the others, say what to do next."""
    roots = default_roots()
    root = args.into if args.into is not None else roots[0]
    root.mkdir(parents=True, exist_ok=True)
    if root not in roots:
        roots = (*roots, root)
    catalog, _ = read_catalog(roots)
    taken = {mapping.city.ordinal for mapping in catalog.mappings.values()}
    try:
        files = plan(
            args.name,
            kind=args.kind,
            today=datetime.now(UTC).date().isoformat(),
            ordinal=next(n for n in range(200, 1024) if n not in taken),
            roles=", ".join(role for role in get_args(Role) if role != "street_center"),
        )
        written = write(root, args.name, files)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except FileExistsError:
        print(
            f"{root / args.name} is there already: choose another name, or remove it",
            file=sys.stderr,
        )
        return 2
    catalog, faults = read_catalog(roots)
    faults += check(catalog)
    if args.name in {pack.name for pack in catalog}:
        faults += failures(catalog, catalog.pack(args.name), now=datetime.now(UTC))
    for fault in faults:
        print(fault, file=sys.stderr)
    if args.json:
        answer = {"files": [str(path) for path in written], "faults": [str(f) for f in faults]}
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    else:
        for path in written:
            print(path)
        named = f"CHENGYUN_PACKS={os.pathsep.join(map(str, roots))} " if args.into else ""
        print(
            f"Edit these files, then run: {named}./cy test tests/packs -k {args.name}",
            file=sys.stderr,
        )
    return 1 if faults else 0
