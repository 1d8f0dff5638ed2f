"""Start a node: database, web, live stream, workers and, unless told not to, a simulation."""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from chengyun.app.cli._announcing import show
from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.cli._detaching import detach
from chengyun.app.supervisor.doors import free_port, is_loopback
from chengyun.app.supervisor.folder import Folder
from chengyun.app.supervisor.node import Node, has_command, running
from chengyun.app.supervisor.services import Options
from chengyun.app.supervisor.state import NodeState
from chengyun.app.supervisor.supervising import Supervisor, to_stderr

_EXAMPLES = """\
  ./cy up                                  on http://127.0.0.1:8420, data in ./data
  ./cy up --detach --port 9000 --data /tmp/city
  ./cy up --no-simulate                    without simulated reports
  ./cy up --fresh                          erase the data folder first
  ./cy up --database postgresql://admin@db.example/chengyun
  ./cy up --host 0.0.0.0 --public-url https://city.example"""
_LOCK_SECONDS = 2.0


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "up", __doc__ or "", _EXAMPLES)
    add_data(parser)
    add_json(parser)
    parser.add_argument("--detach", action="store_true", help="return once the node answers")
    parser.add_argument(
        "--port",
        type=int,
        default=8420,
        metavar="N",
        help="pages on N, live stream on N+1, devices (MQTT) on N+2, N+3 inside; 0: free",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--fresh", action="store_true", help="erase the data folder first")
    parser.add_argument("--no-simulate", action="store_true", help="no simulated reports")
    parser.add_argument(
        "--no-demo", action="store_true", help="no demo city: for a city's own data"
    )
    parser.add_argument("--no-screens", action="store_true", help="do not build the screens first")
    parser.add_argument(
        "--database", metavar="URL", help="an outside PostgreSQL (14 or newer) instead of our own"
    )
    parser.add_argument("--no-mqtt", action="store_true", help="no broker for devices")
    parser.add_argument(
        "--puback",
        choices=("power-cut", "process-death"),
        default="power-cut",
        help="what a message survives once MQTT has acknowledged it; the first is the slower one",
    )
    parser.add_argument("--public-url", metavar="URL", help="the address users see, e.g. a proxy's")
    parser.add_argument("--tls-certificate", type=Path, metavar="FILE", help="answer by HTTPS")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="the certificate's key")


def run(args: argparse.Namespace) -> int:
    """Start, or say that it runs already."""
    folder = Folder(args.data.absolute())
    if bool(args.tls_certificate) != bool(args.tls_key):
        to_stderr("--tls-certificate and --tls-key belong together.")
        return 2
    if args.detach:
        if folder.held():
            return _already(args, folder)
        code, whole = detach(folder, sys.argv[1:])
        if whole:
            show(args, whole)
        return code
    lock = folder.lock()
    until = time.monotonic() + _LOCK_SECONDS
    while lock is None and time.monotonic() < until:
        # `status` holds the lock for an instant to see whether somebody else does.
        time.sleep(0.1)
        lock = folder.lock()
    if lock is None:
        return _already(args, folder)
    if args.fresh:
        if args.database:
            to_stderr(
                "--fresh erases the data folder, not an outside database: empty that yourself."
            )
            return 2
        to_stderr(f"Erasing {folder.root} …")
        folder.erase()
    folder.make()
    options = Options(
        host=args.host,
        port=args.port or free_port(),
        simulate=not (args.no_simulate or args.no_demo),
        demo=not args.no_demo,
        database=args.database,
        public_url=args.public_url,
        tls_certificate=args.tls_certificate and args.tls_certificate.absolute(),
        tls_key=args.tls_key and args.tls_key.absolute(),
        mqtt=not args.no_mqtt,
        puback=args.puback,
    )
    safe = is_loopback(options.host) or options.tls_certificate
    if not safe and not (options.public_url or "").startswith("https://"):
        to_stderr(
            "Anybody on the network can read passwords on their way: give --tls-certificate and "
            "--tls-key, or put a TLS proxy in front and name it with --public-url https://…"
        )

    def announce(node: NodeState, links: list[dict[str, str]]) -> None:
        _announce(args, folder, node, links)

    return Supervisor(folder, options, to_stderr).run(announce)


def _announce(
    args: argparse.Namespace, folder: Folder, node: NodeState, links: list[dict[str, str]]
) -> None:
    show(args, {**asdict(node), "links": links, "data": str(folder.root)})


def _links(node: Node) -> list[dict[str, str]]:
    if not has_command("signin_links"):
        return []
    said = node.answer("signin_links")
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def _already(args: argparse.Namespace, folder: Folder) -> int:
    node = running(folder.root)
    to_stderr(f"A node runs on {folder.root} already (process {node.state.pid}).")
    if args.fresh:
        to_stderr("Stop it first: ./cy down")
        return 1
    _announce(args, folder, node.state, _links(node))
    return 0
