"""The three roles of a node: what each may and may not do."""

import psycopg
import pytest
from psycopg import errors

from chengyun.app.supervisor import roles
from chengyun.app.supervisor.address import ROLES, Address

PASSWORDS = {role: f"test-{role}-0123456789" for role in ROLES}


@pytest.fixture(scope="module")
def urls(database_server):
    address = Address(Address(database_server).of_database("roles_test"))
    yield roles.prepare(address, PASSWORDS)
    with psycopg.connect(address.of_database("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE roles_test WITH (FORCE)")
        for role in ROLES:
            connection.execute(f"DROP ROLE roles_test_{role}")


def test_preparing_again_changes_nothing(database_server, urls):
    address = Address(Address(database_server).of_database("roles_test"))
    assert roles.prepare(address, PASSWORDS) == urls


def test_only_bulk_leaves_row_level_security(urls):
    for role, expected in (("owner", False), ("app", False), ("bulk", True)):
        with psycopg.connect(urls[role]) as connection:
            row = connection.execute(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles "
                "WHERE rolname = current_user"
            ).fetchone()
            assert row == (False, expected, False, False)


def test_app_uses_the_tables_and_cannot_change_them(urls):
    with psycopg.connect(urls["owner"]) as connection:
        connection.execute("CREATE TABLE thing (id bigserial PRIMARY KEY, area bigint)")
        connection.execute("ALTER TABLE thing ENABLE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY one ON thing USING (area = 1)")
    with psycopg.connect(urls["bulk"]) as connection:
        connection.execute("INSERT INTO thing (area) VALUES (1), (2)")
        assert connection.execute("SELECT count(*) FROM thing").fetchone() == (2,)
    with psycopg.connect(urls["app"], autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM thing").fetchone() == (1,)
        for forbidden in (
            "ALTER TABLE thing DISABLE ROW LEVEL SECURITY",
            "DROP TABLE thing",
            "TRUNCATE thing",
            "CREATE TABLE other (id int)",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_a_user_who_may_not_make_roles_is_told_what_to_run(database_server, urls):
    wanted = Address(Address(urls["app"]).of_database("another_city"))
    with pytest.raises(roles.DatabaseRefused) as refused:
        roles.prepare(wanted, PASSWORDS)
    said = str(refused.value)
    assert 'CREATE ROLE "another_city_bulk" LOGIN BYPASSRLS' in said
    assert 'CREATE DATABASE "another_city" OWNER "another_city_owner"' in said
    assert PASSWORDS["app"] not in said.splitlines()[0]


def test_roles_made_by_an_administrator_are_used(urls):
    assert roles.prepare(Address(urls["app"]), PASSWORDS).keys() == urls.keys()
