"""Row-level security: what the database itself lets the app role see and change."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, ProgrammingError, connection, transaction

from chengyun.kernel import areas
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor, Grant, Scope
from chengyun.kernel.ids import new_id
from chengyun.kernel.rights import grant_roles
from chengyun.kernel.scope import APP_ROLE, BULK_ROLE, bind, bind_subject, policy_sql

pytestmark = pytest.mark.django_db(transaction=True)

HERE, STREET = areas.pack(1, 2), areas.pack(1, 2, 3)
THERE = areas.pack(1, 5)
MINE, THEIRS = UUID(int=1), UUID(int=2)
Role = Callable[[str], AbstractContextManager[None]]


@pytest.fixture(scope="module", autouse=True)
def throw_away(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE tests_scoped (id uuid PRIMARY KEY, area_no bigint NOT NULL,"
                " unit_ids uuid[] NOT NULL, is_public boolean NOT NULL, said text NOT NULL)"
            )
            for statement in policy_sql("tests_scoped"):
                cursor.execute(statement)
        grant_roles()
        yield
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE tests_scoped")


@pytest.fixture(autouse=True)
def rows() -> Iterator[dict[str, UUID]]:
    made = {name: new_id() for name in ("here", "street", "there", "unit", "public")}
    values = {
        "here": (HERE, [], False),
        "street": (STREET, [THEIRS], False),
        "there": (THERE, [THEIRS], False),
        "unit": (THERE, [MINE, THEIRS], False),
        "public": (THERE, [], True),
    }
    with connection.cursor() as cursor:
        for name, (area, units, public) in values.items():
            cursor.execute(
                "INSERT INTO tests_scoped VALUES (%s, %s, %s, %s, %s)",
                [made[name], area, units, public, name],
            )
    yield made
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tests_scoped")


def seen() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM tests_scoped")
        return {found[0] for found in cursor}


def change(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        yield


def actor(*grants: Grant) -> Actor:
    return Actor("user", new_id(), "somebody", grants)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (actor(Grant("dispatcher", MINE, HERE)).scope(), {"here", "street"}),
        (actor(Grant("acceptor", MINE, STREET)).scope(), {"street"}),
        (actor(Grant("handler", MINE, HERE)).scope(), {"unit"}),
        (actor(Grant("handler", THEIRS, HERE)).scope(), {"street", "there", "unit"}),
        (
            actor(Grant("department", MINE, HERE), Grant("leader", MINE, HERE)).scope(),
            {"here", "street", "unit"},
        ),
        (actor(Grant("system_admin", MINE, HERE)).scope(), set()),
        (actor().scope(), set()),
        (PUBLIC.scope(), {"public"}),
        (SYSTEM.scope(), {"here", "street", "there", "unit", "public"}),
    ],
)
def test_only_what_lies_inside_is_seen(working_as: Role, scope: Scope, expected: set[str]) -> None:
    with working_as(APP_ROLE), transaction.atomic():
        bind(scope)
        assert seen() == expected


def test_without_a_bound_scope_there_are_no_rows(working_as: Role) -> None:
    with working_as(APP_ROLE):
        assert seen() == set()
        with transaction.atomic():
            assert seen() == set()


def test_a_scope_ends_with_its_transaction(working_as: Role) -> None:
    with working_as(APP_ROLE):
        with transaction.atomic():
            bind(SYSTEM.scope())
        assert seen() == set()


def test_the_bulk_role_stands_above(working_as: Role) -> None:
    with working_as(BULK_ROLE):
        assert len(seen()) == 5


def test_what_is_not_seen_cannot_be_changed_or_deleted(
    working_as: Role, rows: dict[str, UUID]
) -> None:
    with working_as(APP_ROLE), transaction.atomic():
        bind(actor(Grant("dispatcher", MINE, HERE)).scope())
        assert change("UPDATE tests_scoped SET said = 'x' WHERE id = %s", rows["there"]) == 0
        assert change("UPDATE tests_scoped SET said = 'x' WHERE id = %s", rows["here"]) == 1
        assert change("DELETE FROM tests_scoped") == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM tests_scoped WHERE id = %s FOR UPDATE", [rows["there"]])
            assert cursor.fetchall() == []


MOVE = "UPDATE tests_scoped SET unit_ids = '{}', area_no = %s WHERE id = %s"


def test_a_row_leaves_sight_only_in_the_hands_of_who_holds_it(
    working_as: Role, rows: dict[str, UUID]
) -> None:
    scope = actor(Grant("department", MINE, HERE)).scope()
    with working_as(APP_ROLE):
        with transaction.atomic():
            bind(scope)
            with refused():
                change(MOVE, THERE, rows["unit"])
        with transaction.atomic():
            bind(scope)
            bind_subject(rows["unit"])
            assert change(MOVE, THERE, rows["unit"]) == 1
            assert seen() == {"unit"}, "still held"
        with transaction.atomic():
            bind(scope)
            assert seen() == set()


def test_binding_again_lets_go_of_the_row(working_as: Role, rows: dict[str, UUID]) -> None:
    with working_as(APP_ROLE), transaction.atomic():
        bind(actor().scope())
        bind_subject(rows["there"])
        assert seen() == {"there"}
        bind(actor().scope())
        assert seen() == set()


def test_anybody_may_add_anywhere_but_not_read_it_back(working_as: Role) -> None:
    values = [new_id(), THERE, [THEIRS], False, "told"]
    with working_as(APP_ROLE):
        with transaction.atomic():
            bind(PUBLIC.scope())
            assert change("INSERT INTO tests_scoped VALUES (%s, %s, %s, %s, %s)", *values) == 1
            assert "told" not in seen()
        returning = "INSERT INTO tests_scoped VALUES (%s, %s, %s, %s, %s) RETURNING id"
        with transaction.atomic():
            bind(PUBLIC.scope())
            with refused():
                change(returning, new_id(), *values[1:])


def test_the_policy_is_no_place_to_slip_sql_in(working_as: Role) -> None:
    """Values come from rows we wrote; still, a wrong one is an error, never a wider view."""
    with working_as(APP_ROLE), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('cy.areas', '{[1,2]} OR true', true)")
        with pytest.raises(DataError, match="malformed"), transaction.atomic():
            seen()


def test_a_locked_table_without_a_public_column() -> None:
    statements = " ".join(policy_sql("other", public=None, units="units"))
    assert "is_public" not in statements
    assert "units &&" in statements
