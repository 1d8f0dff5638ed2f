"""A node of the tests' own with a small city, and who may sign in to it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
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
    _spots: Iterator[int] = field(default_factory=count)

    def link(self, who: str) -> str:
        """A fresh one-time link of a person."""
        if not self.links[who]:
            self.links = _links(self.data)
        return self.address + self.links[who].pop()

    def spot(self) -> tuple[float, float]:
        """Longitude and latitude in the first community, apart from all given out before.

        A second report of a kind at one place would wait as a likely duplicate.
        """
        row, column = divmod(next(self._spots), 11)
        return 121.0012 + 0.0017 * column, 31.0075 + 0.0017 * (row % 7)


def _links(data: Path) -> dict[str, list[str]]:
    links: dict[str, list[str]] = json.loads(
        cy("manage", "shell", "--no-imports", "-c", _CITY, data=data)
    )
    return links


def start(data: Path) -> Node:
    """Start a node without the demo, and build the small city in it."""
    flags = ("--detach", "--json", "--port", "0", "--no-demo", "--no-simulate")
    told = json.loads(cy("up", *flags, data=data))
    return Node(data, told["address"], _links(data))
