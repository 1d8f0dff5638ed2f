"""One seed, two databases that never saw each other: one history."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from chengyun.kernel.text import JsonObject

_RUN = (
    "import json, django; django.setup(); from tests.app.town_played import run;"
    " print(json.dumps(run()))"
)


@contextmanager
def empty_database(server: str, name: str) -> Iterator[str]:
    """A database of its own, by its URL; gone afterwards."""
    named = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))
        owner.execute(sql.SQL("CREATE DATABASE {}").format(named))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))


@contextmanager
def playing(url: str, tree: Path, data: Path, seed: str) -> Iterator[subprocess.Popen[str]]:
    """A fresh process that plays a day in a database and prints what it says of itself."""
    process = subprocess.Popen(
        [sys.executable, "-c", _RUN],
        # The order of sets differs from process to process, as it does in life.
        env=os.environ
        | {
            "CHENGYUN_DATABASE_URL": url,
            "CHENGYUN_DATA_DIR": str(data),
            "CHENGYUN_LOG": "ERROR",
            "DJANGO_SETTINGS_MODULE": "chengyun.app.settings",
            "PYTHONPATH": str(tree),
            "PYTHONHASHSEED": seed,
        },
        cwd=tree,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_one_seed_is_one_history(database_server: str, tree: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        players = []
        for name, seed in (("first", "1"), ("second", "2")):
            url = stack.enter_context(
                empty_database(database_server, f"cy_played_{name}_{os.getpid()}")
            )
            player = stack.enter_context(playing(url, tree, tmp_path / name, seed))
            players.append(player)
        said = [player.communicate(timeout=300)[0] for player in players]
        assert [player.returncode for player in players] == [0, 0]
    first, second = (_apart_from_speed(json.loads(one.splitlines()[-1])) for one in said)
    assert first["whole"]
    assert first["cases"] > 80
    assert len(first["digest"]) == 64
    assert first == second


def _apart_from_speed(account: JsonObject) -> JsonObject:
    return {k: v for k, v in account.items() if not k.endswith("_s") and k != "memory_mb"}
