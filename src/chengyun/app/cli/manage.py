"""Run a management command in the environment of a node, e.g. migrate, shell, setup."""

import argparse
import os

from django.core.management import execute_from_command_line

from chengyun.app.cli._arguments import Subparsers, add_data, command
from chengyun.app.supervisor import state
from chengyun.app.supervisor.address import ROLES
from chengyun.app.supervisor.folder import Folder
from chengyun.app.supervisor.node import environment

_EXAMPLES = """\
  ./cy manage help                         all management commands
  ./cy manage --role owner migrate
  ./cy manage --data /tmp/city shell"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "manage", __doc__ or "", _EXAMPLES)
    add_data(parser)
    parser.add_argument(
        "--role", choices=ROLES, default="bulk", help="database role (default: bulk)"
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT")


def run(args: argparse.Namespace) -> int:
    """Become Django's command line, on the node's database unless the environment names another."""
    folder = Folder(args.data.absolute())
    if "CHENGYUN_DATABASE_URL" not in os.environ:
        urls, found = folder.urls(), state.read(folder)
        if urls and found is not None:
            os.environ.update(environment(folder, found, urls, args.role))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengyun.app.settings")
    execute_from_command_line(["./cy manage", *(args.arguments or ["help"])])
    return 0
