"""The three database roles: owner migrates, app answers users, bulk copies and follows."""

import psycopg
from psycopg import sql

from chengyun.app.supervisor.address import ROLES, Address

OLDEST_POSTGRES = 140000


class DatabaseRefused(Exception):
    """The outside server does not let us in; the message says what to run there."""


def version_of(url: str) -> int:
    """The server's version number, e.g. 180006."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        return connection.info.server_version


def role_urls(address: Address, passwords: dict[str, str]) -> dict[str, str]:
    """The database's address for each role."""
    return {role: address.as_role(role, passwords[role]) for role in ROLES}


def prepare(address: Address, passwords: dict[str, str]) -> dict[str, str]:
    """Make the roles and the database, or find them made.

    Returns:
        The database's address for each role.

    Raises:
        DatabaseRefused: they are missing and the URL's user may not make them.
    """
    urls = role_urls(address, passwords)
    try:
        make(address, passwords)
    except (psycopg.errors.InsufficientPrivilege, psycopg.OperationalError) as refused:
        # An administrator may have made them for us: then everything needed is there.
        if not all(_lets_in(url) for url in urls.values()):
            raise DatabaseRefused(_what_to_run(address, passwords, str(refused))) from None
    _check_version(urls["owner"])
    _grant(address, urls["owner"])
    return urls


def make(address: Address, passwords: dict[str, str]) -> None:
    """Create or correct roles and database, as the URL's user. Repeating changes nothing."""
    with psycopg.connect(
        address.of_database("postgres"), autocommit=True, connect_timeout=10
    ) as connection:
        # One at a time, also when several nodes start against one server.
        connection.execute("SELECT pg_advisory_lock(hashtext('chengyun roles'))")
        for role in ROLES:
            for statement in _role_statements(connection, address, role, passwords[role]):
                connection.execute(statement)
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (address.name,)
        ).fetchone()
        if found is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(address.name), sql.Identifier(address.role_name("owner"))
                )
            )
    with psycopg.connect(
        address.of_database(address.name), autocommit=True, connect_timeout=10
    ) as connection:
        owner = sql.Identifier(address.role_name("owner"))
        connection.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(address.name), owner)
        )
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))


def _role_statements(
    connection: psycopg.Connection[tuple[object, ...]], address: Address, role: str, password: str
) -> list[sql.Composed]:
    name = address.role_name(role)
    identifier = sql.Identifier(name)
    rights = sql.SQL("LOGIN BYPASSRLS" if role == "bulk" else "LOGIN")
    found = connection.execute(
        "SELECT rolbypassrls FROM pg_roles WHERE rolname = %s", (name,)
    ).fetchone()
    # ALTER names BYPASSRLS only when it changes: naming it takes the right to give it.
    if found is not None and found[0] is (role == "bulk"):
        rights = sql.SQL("LOGIN")
    verb = sql.SQL("CREATE" if found is None else "ALTER")
    statements = [
        sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(
            verb, identifier, rights, sql.Literal(password)
        )
    ]
    if role == "owner":
        statements.append(sql.SQL("GRANT {} TO CURRENT_USER").format(identifier))
    return statements


def _grant(address: Address, owner_url: str) -> None:
    """Let app and bulk use every table the owner will make; each table rules what they see."""
    users = sql.SQL(", ").join(sql.Identifier(address.role_name(role)) for role in ("app", "bulk"))
    future = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT"
    with psycopg.connect(owner_url, connect_timeout=10) as connection:
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {}",
            f"{future} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{}}",
            f"{future} USAGE, SELECT ON SEQUENCES TO {{}}",
            f"{future} EXECUTE ON FUNCTIONS TO {{}}",
        ):
            connection.execute(sql.SQL(statement).format(users))


def _lets_in(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def _check_version(url: str) -> None:
    if version_of(url) < OLDEST_POSTGRES:
        raise DatabaseRefused("PostgreSQL 14 or newer is needed.")


def _what_to_run(address: Address, passwords: dict[str, str], why: str) -> str:
    owner, app, bulk = (f'"{address.role_name(role)}"' for role in ROLES)
    return "\n".join(
        (
            f"{address.without_password()} cannot be used to make roles ({why.strip()}).",
            "Let an administrator of that server run the following once, then start again:",
            "",
            f"  CREATE ROLE {owner} LOGIN PASSWORD '{passwords['owner']}';",
            f"  CREATE ROLE {app} LOGIN PASSWORD '{passwords['app']}';",
            f"  CREATE ROLE {bulk} LOGIN BYPASSRLS PASSWORD '{passwords['bulk']}';",
            f"  CREATE DATABASE \"{address.name}\" OWNER {owner} ENCODING 'UTF8';",
            f'  \\c "{address.name}"',
            f"  ALTER SCHEMA public OWNER TO {owner};",
        )
    )
