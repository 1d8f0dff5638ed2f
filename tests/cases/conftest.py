"""A city built once per module; every test starts from it and leaves nothing behind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from chengyun.cases.reads import forget_kinds, forget_rules
from chengyun.kernel.rights import grant_roles
from chengyun.kernel.scope import APP_ROLE
from chengyun.people.reads import forget_actors
from tests.app.world import World, build
from tests.cases.desk import Clock, Desk, run_as_app


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The city in an open transaction, rolled back after the module."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {APP_ROLE}")
        grant_roles()
        with transaction.atomic():
            yield build()
            transaction.set_rollback(True)
    forget_kinds()
    forget_rules()


@pytest.fixture
def world(city: World, db: None) -> Iterator[World]:
    """The city as it was built; what a test adds is rolled back to here."""
    forget_actors()
    yield city
    forget_actors()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still until told."""
    made = Clock()
    monkeypatch.setattr("chengyun.app.middleware.system_clock", made)
    return made


@pytest.fixture
def desk(world: World, clock: Clock, settings: Any, tmp_path: Path) -> Desk:
    """Everybody's doors, under the database role of a running node."""
    settings.DATA_DIR = tmp_path
    run_as_app()
    return Desk(world, clock)
