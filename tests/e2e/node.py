"""A node of the tests' own with a small city, and who may sign in to it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TREE = Path(__file__).parents[2]
_CITY = "import runpy; runpy.run_path('tests/e2e/city.py')"


def cy(*words: str, data: Path) -> str:
    """Run ./cy on the data folder; its standard output."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CHENGYUN_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "chengyun", words[0], "--data", str(data), *words[1:]],
        env=env,
        cwd=TREE,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass
class Node:
    """Where it answers, and one-time links by person."""

    data: Path
    address: str
    links: dict[str, list[str]]

    def link(self, who: str) -> str:
        """A fresh one-time link of a person."""
        return self.address + self.links[who].pop()


def start(data: Path) -> Node:
    """Start a node without the demo, and build the small city in it."""
    flags = ("--detach", "--json", "--port", "0", "--no-demo", "--no-simulate")
    told = json.loads(cy("up", *flags, data=data))
    links = json.loads(cy("manage", "shell", "--no-imports", "-c", _CITY, data=data))
    return Node(data, told["address"], links)
