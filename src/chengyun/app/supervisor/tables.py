"""Whether the tables are as new as the program, known without starting Django."""

import hashlib
from pathlib import Path

from psycopg import Connection, sql

from chengyun.app.supervisor.node import tree

# The mark is a comment in the database itself: it travels with every backup and copy.
_MARK = "chengyun migrations "


def expected() -> str:
    """A hash over every migration of ours and the versions of everybody else's."""
    root = tree()
    total = hashlib.sha256()
    found: list[Path] = sorted((root / "src" / "chengyun").glob("*/migrations/*.py"))
    for path in [*found, root / "requirements.lock"]:
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()


def up_to_date(connection: Connection[tuple[object, ...]]) -> bool:
    """Whether this database was migrated to exactly this program."""
    row = connection.execute(
        "SELECT obj_description('public'::regnamespace, 'pg_namespace')"
    ).fetchone()
    return row is not None and row[0] == _MARK + expected()


def mark_up_to_date(connection: Connection[tuple[object, ...]]) -> None:
    """Remember it; as the owner of the schema."""
    connection.execute(
        sql.SQL("COMMENT ON SCHEMA public IS {}").format(sql.Literal(_MARK + expected()))
    )
