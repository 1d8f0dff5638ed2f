"""Stop the node that runs on a data folder."""

import argparse
import json
import signal
import time

from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor import state
from chengyun.app.supervisor.folder import Folder
from chengyun.app.supervisor.linux import is_alive, send
from chengyun.app.supervisor.supervising import to_stderr

_EXAMPLES = """\
  ./cy down
  ./cy down --data /tmp/city"""
_PATIENCE = 90.0


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "down", __doc__ or "", _EXAMPLES)
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Ask the supervisor to stop and wait until it has."""
    folder = Folder(args.data.absolute())
    found = state.read(folder) if folder.held() else None
    if found is None:
        to_stderr(f"No node runs on {folder.root}.")
        return _answer(args, stopped=False)
    to_stderr(f"Stopping process {found.pid} …")
    until = time.monotonic() + _PATIENCE
    send(found.pid, signal.SIGTERM)
    # The lock goes a moment before the process does.
    while folder.held() or is_alive(found.pid):
        if time.monotonic() > until:
            # Its children carry a parent-death signal: they end with it.
            to_stderr("It does not stop; killing it.")
            send(found.pid, signal.SIGKILL)
            until = time.monotonic() + _PATIENCE
        time.sleep(0.1)
    return _answer(args, stopped=True)


def _answer(args: argparse.Namespace, *, stopped: bool) -> int:
    if args.json:
        print(json.dumps({"stopped": stopped}))
    elif stopped:
        print("Stopped.")
    return 0
