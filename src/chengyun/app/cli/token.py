"""Print an API key for a script (one post, one area), or a device's MQTT credential."""

import argparse

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor.node import running
from chengyun.app.supervisor.supervising import to_stderr

_EXAMPLES = """\
  ./cy token --post dispatcher --area 310101
  ./cy token --device SH-PD-0012          user name and password for MQTT and HTTP
  curl -H "Authorization: Bearer $(./cy token --post acceptor --area 310000)" \\
       http://127.0.0.1:8420/api/v1/cases"""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "token", __doc__ or "", _EXAMPLES)
    add_data(parser)
    add_json(parser)
    parser.add_argument("--post", help="e.g. acceptor, dispatcher, department")
    parser.add_argument("--area", help="the area's code, e.g. 310101")
    parser.add_argument("--device", metavar="CODE", help="a thing's code: a credential for it")
    parser.add_argument(
        "--org", help="the organisation's code; else the nearest one that may give the post"
    )


def run(args: argparse.Namespace) -> int:
    """Let the node issue the key and print it."""
    if bool(args.device) == bool(args.post or args.area) or bool(args.post) != bool(args.area):
        to_stderr("Give --post and --area, or --device alone.")
        return 2
    if args.device:
        words = ["device_key", args.device]
    else:
        words = ["token", "--post", args.post, "--area", args.area]
    if args.org:
        words += ["--org", args.org]
    if args.json:
        words.append("--json")
    return running(args.data).manage(*words)
