"""A node as commands see it: where it answers, and the environment of its processes."""

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from chengyun.app.supervisor import state
from chengyun.app.supervisor.folder import Folder

COMMANDS = "chengyun.app.management.commands"


class NotRunning(Exception):
    """The command needs a running node; the message says how to start one."""


def tree() -> Path:
    """The folder this program was started from: the one that holds `cy`."""
    return Path(__file__).parents[4]


def has_command(name: str) -> bool:
    """Whether the program knows a management command of its own by that name."""
    try:
        return find_spec(f"{COMMANDS}.{name}") is not None
    except ModuleNotFoundError:
        return False


@dataclass(frozen=True)
class Node:
    """A running node."""

    folder: Folder
    state: state.NodeState

    @property
    def address(self) -> str:
        """Where its pages and its API answer, without a trailing slash."""
        return self.state.address

    def database_url(self, role: str = "bulk") -> str:
        """Its database, as owner, app or bulk."""
        return self.folder.urls()[role]

    def environment(self, role: str = "bulk") -> dict[str, str]:
        """The environment of a process of this node."""
        return environment(self.folder, self.state, self.folder.urls(), role)

    def manage(self, *arguments: str, role: str = "bulk") -> int:
        """Run a management command in its own process, its streams ours; returns the exit code."""
        return subprocess.run(
            manage_command(*arguments), env=self.environment(role), check=False
        ).returncode

    def answer(self, *arguments: str, role: str = "bulk") -> str:
        """Run a management command and return what it printed.

        Raises:
            subprocess.CalledProcessError: it failed; its message went to standard error.
        """
        return subprocess.run(
            manage_command(*arguments),
            env=self.environment(role),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout


def manage_command(*arguments: str) -> list[str]:
    """The command line of a management command."""
    return [sys.executable, "-m", "chengyun", "manage", *arguments]


def environment(
    folder: Folder, node: state.NodeState, urls: dict[str, str], role: str
) -> dict[str, str]:
    """The environment of a process of a node, with the database of one role and no other."""
    own = {
        "CHENGYUN_DATA_DIR": str(folder.root),
        "CHENGYUN_DATABASE_URL": urls[role],
        "CHENGYUN_HOST": node.host,
        "CHENGYUN_PORT": str(node.port),
        "CHENGYUN_STREAM_URL": node.stream,
        "CHENGYUN_BROKER_URL": node.broker,
        "CHENGYUN_MQTT_URL": node.mqtt,
        "CHENGYUN_MQTT_LOCAL": node.mqtt_local,
        "CHENGYUN_BROKER_KEY": folder.secret("broker"),
        "CHENGYUN_SIMULATE": "1" if node.simulated else "0",
        "CHENGYUN_SECRET_KEY": os.environ.get("CHENGYUN_SECRET_KEY") or folder.secret("key"),
        "CHENGYUN_MASTER_KEY": os.environ.get("CHENGYUN_MASTER_KEY") or folder.secret("master"),
        "CHENGYUN_VAPID_KEY": os.environ.get("CHENGYUN_VAPID_KEY") or folder.secret("vapid"),
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **own}


def running(data: Path) -> Node:
    """The node that runs on a data folder.

    Raises:
        NotRunning: none does.
    """
    folder = Folder(data.absolute())
    found = state.read(folder) if folder.held() else None
    if found is None or found.phase != "running":
        raise NotRunning(f"No node runs on {folder.root}. Start one: ./cy up --data {data}")
    return Node(folder, found)
