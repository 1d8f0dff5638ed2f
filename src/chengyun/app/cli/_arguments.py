"""Arguments that several commands share, so that they mean the same everywhere."""

import argparse
from pathlib import Path
from typing import Any

Subparsers = Any  # argparse's own type is private


def command(
    subparsers: Subparsers, name: str, description: str, examples: str
) -> argparse.ArgumentParser:
    """A command's parser with its examples below the options."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=description.partition("\n")[0],
        description=description,
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def add_data(parser: argparse.ArgumentParser) -> None:
    """`--data DIR`."""
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("data"),
        metavar="DIR",
        help="folder with the node's data (default: ./data)",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument(
        "--json",
        action="store_true",
        help="print JSON alone on standard output; everything else goes to standard error",
    )
