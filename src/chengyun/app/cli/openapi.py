"""Print the description of the API (OpenAPI 3.1, JSON); no node need run."""

import argparse
import subprocess

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import manage_command

_EXAMPLES = """\
  ./cy openapi > openapi.json"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "openapi", __doc__ or "", _EXAMPLES)
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print it; it is JSON with and without --json."""
    del args
    return subprocess.run(manage_command("openapi"), check=False).returncode
