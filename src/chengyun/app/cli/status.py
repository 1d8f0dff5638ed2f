"""Show what runs: addresses, process ids, versions, health."""

import argparse
import json
import sys
import time
from importlib.metadata import PackageNotFoundError, version

import psycopg

from chengyun import __version__
from chengyun.app.cli._arguments import Subparsers, add_data, add_json, command
from chengyun.app.supervisor import state
from chengyun.app.supervisor.asking import status_of
from chengyun.app.supervisor.folder import Folder
from chengyun.app.supervisor.node import Node

_EXAMPLES = """\
  ./cy status                 exit code 0: running and healthy, 1: running but not, 3: not running
  ./cy status --json"""
_PARTS = ("django", "django-ninja", "granian", "procrastinate", "psycopg")


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = command(subparsers, "status", __doc__ or "", _EXAMPLES)
    add_data(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the status."""
    folder = Folder(args.data.absolute())
    found = state.read(folder) if folder.held() else None
    if found is None:
        whole: dict[str, object] = {"running": False, "data": str(folder.root)}
        print(json.dumps(whole) if args.json else f"No node runs on {folder.root}.")
        return 3
    node = Node(folder, found)
    health = _health(node)
    healthy = found.phase == "running" and all(health.values())
    whole = {
        "running": True,
        "phase": found.phase,
        "healthy": healthy,
        "address": found.address,
        "stream": found.stream,
        "mqtt": found.mqtt,
        "puback": found.puback,
        "data": str(folder.root),
        "pid": found.pid,
        "uptime_s": round(time.time() - found.started_at),
        "simulated": found.simulated,
        "database": found.database,
        "processes": {
            name: {"pid": p.pid, "state": p.state, "restarts": p.restarts}
            for name, p in sorted(found.processes.items())
        },
        "health": health,
        "versions": _versions(node),
    }
    if args.json:
        print(json.dumps(whole, ensure_ascii=False))
    else:
        _show(whole, found)
    return 0 if healthy else 1


def _health(node: Node) -> dict[str, bool]:
    return {
        "alive": status_of(node.state.local, "/healthz") == 200,
        "ready": status_of(node.state.local, "/readyz") == 200,
        "processes": all(p.state == "running" for p in node.state.processes.values()),
    }


def _versions(node: Node) -> dict[str, str]:
    found = {"chengyun": __version__, "python": sys.version.split()[0]}
    for part in _PARTS:
        try:
            found[part] = version(part)
        except PackageNotFoundError:
            found[part] = "?"
    try:
        with psycopg.connect(node.database_url("app"), connect_timeout=5) as connection:
            row = connection.execute("SHOW server_version").fetchone()
            found["postgresql"] = str(row[0]) if row else "?"
    except (psycopg.OperationalError, KeyError):
        found["postgresql"] = "does not answer"
    return found


def _show(whole: dict[str, object], node: state.NodeState) -> None:
    print(
        f"Chengyun {__version__}: {node.phase}, {'healthy' if whole['healthy'] else 'NOT healthy'}"
    )
    for name in ("address", "stream", "mqtt", "puback", "data", "database", "uptime_s"):
        print(f"  {name:<10} {whole[name]}")
    for name, process in sorted(node.processes.items()):
        print(f"  {name:<10} {process.state}, process {process.pid}, {process.restarts} restarts")
    for title in ("health", "versions"):
        entries = whole[title]
        if isinstance(entries, dict):
            said = ", ".join(f"{key} {value}" for key, value in entries.items())
            print(f"  {title:<10} {said}")
