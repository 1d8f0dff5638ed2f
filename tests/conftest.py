"""What every test may use: a PostgreSQL of the run's own, and the folder of shared data."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from chengyun.app.settings import database
from chengyun.app.supervisor.address import ROLES, Address
from chengyun.app.supervisor.folder import Folder
from chengyun.app.supervisor.postgres import Cluster
from chengyun.app.supervisor.roles import make


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The URL of a PostgreSQL whose user may do everything: the given one, else one started here.

    The node's three roles exist in it, so that a test can `SET ROLE chengyun_app`.
    """
    given = os.environ.get("CHENGYUN_DATABASE_URL")
    if given:
        yield given
        return
    root = Path(tempfile.mkdtemp(prefix="cy-test-"))
    folder = Folder(root / "data")
    folder.make()
    # Nothing here outlives the run: durability would only cost time.
    quick = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    cluster = Cluster(
        folder.postgres, folder.socket, folder.logs / "postgres.log", folder.secret("test"), quick
    )
    cluster.prepare()
    server = cluster.start()
    try:
        make(Address(cluster.url("chengyun")), {role: folder.secret(role) for role in ROLES})
        yield cluster.url("chengyun")
    finally:
        cluster.stop(server)
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, database_server: str
) -> None:
    """Point Django at the server, which is started only if a test needs a database."""
    del django_db_modify_db_settings_parallel_suffix
    if "CHENGYUN_DATABASE_URL" in os.environ:
        return
    found = database(database_server)
    for target in (settings.DATABASES["default"], connections["default"].settings_dict):
        target.update({key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})


@pytest.fixture(scope="session")
def tree() -> Path:
    """The top of the repository."""
    return Path(__file__).parents[1]
