"""What a web worker of granian serves."""

import os

from django.core.handlers.wsgi import WSGIHandler

from chengyun.app.supervisor.linux import die_with_parent
from chengyun.app.wsgi import application as wsgi


def application() -> WSGIHandler:
    """Called once in each worker: granian's own end must not leave workers on the port."""
    die_with_parent(os.getppid())
    return wsgi
