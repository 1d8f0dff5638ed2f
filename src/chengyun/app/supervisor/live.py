"""The live-stream process: granian's command line with the application loaded before it forks."""

import os
from typing import Any

from granian.cli import entrypoint

from chengyun.app.stream import application as asgi
from chengyun.app.supervisor.linux import die_with_parent


def application() -> Any:
    """Called once in the worker: granian's own end must not leave it on the port."""
    die_with_parent(os.getppid())
    return asgi


if __name__ == "__main__":
    entrypoint()
