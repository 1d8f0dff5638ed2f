"""The web process: granian's command line with the application loaded once, before it forks."""

import os

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from granian.cli import entrypoint

from chengyun.app.supervisor.linux import die_with_parent
from chengyun.app.wsgi import application as wsgi


def application() -> WSGIHandler:
    """Called once in each worker: granian's own end must not leave workers on the port."""
    die_with_parent(os.getppid())
    return wsgi


if __name__ == "__main__":
    # A connection opened while loading must not be shared by two workers.
    connections.close_all()
    entrypoint()
