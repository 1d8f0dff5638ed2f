"""Which door one room enters another by, and what a room's own files may use of each other."""

import ast

from tests.shape.sources import (
    HEIGHT,
    ROOMS,
    SOURCE,
    TREE,
    entered,
    imports,
    parsed,
    part_of,
    python_files,
    room_of,
)

DOORS = {"models", "verbs", "reads", "events", "ports"}
# Values without Django: a kind, a deadline, a route. Types come from where they are read.
PURE = {"decide"}
# What a file may use of its own room. `decide`, `events` and `ports` are pure and free to all but
# each other's superiors; `policy` guards whoever asks.
INSIDE = {
    "decide": {"decide", "events"},
    "events": {"decide", "events"},
    "ports": {"decide", "events", "ports"},
    "models": {"decide", "events", "models"},
    "policy": {"decide", "models", "policy"},
    "schemas": {"decide", "models", "schemas"},
    "verbs": {"models", "decide", "events", "policy", "ports", "reads", "verbs", "protocols"},
    "reads": {"models", "decide", "events", "policy", "ports", "reads"},
    "api": {"verbs", "reads", "schemas", "decide", "policy", "models", "channels", "api"},
    # What speaks with other houses is told everything and asks no database.
    "channels": {"decide", "channels"},
    # One file for each language devices speak: a message in, points out.
    "protocols": {"decide", "protocols"},
    "jobs": {"verbs", "reads", "decide", "events", "channels", "jobs"},
    "handlers": {"verbs", "reads", "decide", "events", "models", "jobs", "handlers"},
}
IMPURE = {
    "django",
    "ninja",
    "psycopg",
    "httpx",
    "procrastinate",
    "requests",
    "socket",
    "subprocess",
}


def test_other_rooms_are_entered_by_their_doors():
    found = [
        f"{path.relative_to(SOURCE)} enters {name}"
        for path in python_files()
        if room_of(path) in ROOMS
        for name in imports(parsed(path))
        if (way := entered(name))
        and way[0] in ROOMS
        and way[0] != room_of(path)
        and way[1] not in DOORS | PURE
    ]
    assert not found


def test_inside_a_room_files_look_the_right_way():
    found = [
        f"{path.relative_to(SOURCE)} uses {name}"
        for path in python_files()
        if room_of(path) in ROOMS and (allowed := INSIDE.get(part_of(path)))
        for name in imports(parsed(path))
        if (way := entered(name)) and way[0] == room_of(path) and way[1] not in allowed
    ]
    assert not found


def test_deciding_is_pure():
    found = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for path in python_files()
        if part_of(path) == "decide"
        for name in imports(parsed(path))
        if name.split(".")[0] in IMPURE
    ]
    assert not found


def test_nothing_is_imported_late():
    found = [
        f"{path.relative_to(SOURCE)}:{late.lineno}"
        for path in python_files()
        if path.name != "apps.py"  # Django's ready() is the one place made for it
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for late in ast.walk(function)
        if isinstance(late, ast.Import | ast.ImportFrom)
    ]
    assert not found, "a late import is a cycle with a coat on"


def test_no_import_is_for_typing_only():
    found = [
        f"{path.relative_to(SOURCE)}:{block.lineno}"
        for path in python_files()
        for block in ast.walk(parsed(path))
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
    ]
    assert not found


def test_foreign_keys_by_name_look_downwards():
    found = []
    for path in python_files():
        for call in ast.walk(parsed(path)):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            kind = ast.unparse(call.func).rpartition(".")[2]
            target = call.args[0]
            if kind not in {"ForeignKey", "OneToOneField", "ManyToManyField"}:
                continue
            if isinstance(target, ast.Constant) and "." in str(target.value):
                room = str(target.value).partition(".")[0]
                if HEIGHT.get(room, -1) > HEIGHT.get(room_of(path), -1):
                    found.append(f"{path.relative_to(SOURCE)}:{call.lineno} → {target.value}")
    assert not found


def test_packs_see_only_the_sdk():
    found = [
        f"{path.relative_to(TREE)} imports {name}"
        for path in (TREE / "packs").rglob("*.py")
        for name in imports(parsed(path))
        if name.split(".")[0] in {"chengyun", "packs"} and name.split(".")[1:2] != ["sdk"]
    ]
    assert not found


def test_nothing_imports_packs():
    found = [
        str(path.relative_to(SOURCE))
        for path in python_files()
        if any(name.split(".")[0] == "packs" for name in imports(parsed(path)))
    ]
    assert not found
