"""What the kernel's tests share: an instant, actors, plain connections beside Django's."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from chengyun.kernel.actor import Actor, Grant
from chengyun.kernel.ids import new_id
from chengyun.kernel.rights import grant_roles
from chengyun.kernel.scope import APP_ROLE, BULK_ROLE


@pytest.fixture(scope="session", autouse=True)
def working_roles(django_db_setup: None, django_db_blocker: Any) -> None:
    """The two working roles exist and hold their rights, whichever server the tests run on."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            for role, extra in ((APP_ROLE, ""), (BULK_ROLE, "BYPASSRLS")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE ROLE {role} LOGIN {extra}")
        grant_roles()
        connection.close()


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def somebody() -> Callable[..., Actor]:
    """Make a user with posts: `somebody(("dispatcher", area_no), ("handler", area_no, org))`."""

    def make(*posts: tuple[Any, ...], name: str = "somebody") -> Actor:
        grants = tuple(
            Grant(post=p[0], area_no=p[1], org_id=p[2] if len(p) > 2 else new_id()) for p in posts
        )
        return Actor(kind="user", id=new_id(), name=name, grants=grants)

    return make


@pytest.fixture
def connect() -> Iterator[Callable[[], psycopg.Connection[Any]]]:
    """Open further plain connections to the test database."""
    with ExitStack() as stack:

        def open_one() -> psycopg.Connection[Any]:
            parameters = connection.get_connection_params()
            known = ("dbname", "user", "password", "host", "port")
            plain = {key: parameters[key] for key in known if parameters.get(key)}
            return stack.enter_context(psycopg.connect(**plain))

        yield open_one


@pytest.fixture
def working_as() -> Callable[[str], AbstractContextManager[None]]:
    """Run Django's connection as one of the working roles."""

    @contextmanager
    def become(role: str) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")

    return become


@pytest.fixture
def data_dir(settings: Any, tmp_path: Path) -> Path:
    """A data folder of its own for files."""
    settings.DATA_DIR = tmp_path
    return tmp_path
