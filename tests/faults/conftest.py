"""A node of its own with the tests' small city, started as its user starts it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chengyun.app.supervisor.node import Node, running
from tests.faults.driving import API, Line, report_body

ROOT = Path(__file__).parents[2]
RUN = (
    "import json, django; django.setup(); from tests.faults.{} import run; print(json.dumps(run()))"
)
SETTINGS = ("CHENGYUN_", "DJANGO_", "PROMETHEUS_")


@dataclass(frozen=True)
class Town:
    """A running node and keys by post."""

    node: Node
    keys: dict[str, str]

    def run(self, script: str) -> Any:
        """What a script of this folder prints, run with the node's database."""
        return _run(self.node, script)

    def ready(self) -> bool:
        """Whether everything of the node is there."""
        with suppress(OSError, ValueError):
            line = Line(self.node.address)
            status, _ = line.once("GET", "/readyz", "")
            line.close()
            return status == 200
        return False


def wait_for(what: Callable[[], object], seconds: float = 45.0) -> None:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.1)


def _cy(*words: str, data: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(SETTINGS)}
    command = [sys.executable, "-m", "chengyun", *words, "--data", str(data)]
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, timeout=180, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


def _run(node: Node, script: str) -> Any:
    env = node.environment("bulk") | {
        "PYTHONPATH": str(ROOT),
        "CHENGYUN_LOG": "ERROR",
        "DJANGO_SETTINGS_MODULE": "chengyun.app.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(script)],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data = tmp_path_factory.mktemp("town") / "data"
    _cy("up", "--detach", "--port", "0", "--no-demo", "--no-simulate", "--no-screens", data=data)
    try:
        node = running(data)
        found = Town(node, _run(node, "town"))
        # The web processes learn of a new city within seconds.
        line = Line(node.address)
        ask = report_body(0, "第一件"), "first"
        wait_for(lambda: line.once("POST", f"{API}/cases", found.keys["acceptor"], *ask)[0] == 201)
        line.close()
        yield found
    finally:
        _cy("down", data=data)
