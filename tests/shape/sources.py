"""The repository as text and as syntax trees, for the tests of its shape."""

import ast
import subprocess
from functools import cache
from pathlib import Path

TREE = Path(__file__).parents[2]
SOURCE = TREE / "src" / "chengyun"
# Lowest first; neighbours stand together.
ORDER = (
    ("kernel",),
    ("people",),
    ("brain",),
    ("places", "notices"),
    ("cases", "sensing"),
    ("lake",),
    ("rules",),
    ("dispatch", "vitals"),
    ("command", "programme"),
    ("federation",),
    ("sdk",),
    ("app",),
)
HEIGHT = {room: height for height, rooms in enumerate(ORDER) for room in rooms}
# Rooms with the inner order of design: everything but the ground, the door for packs and the roof.
ROOMS = frozenset(HEIGHT) - {"kernel", "sdk", "app"}


@cache
def python_files() -> tuple[Path, ...]:
    """Every module of the product, migrations left out: Django writes those."""
    return tuple(path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    """The module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def room_of(path: Path) -> str:
    """The room a file stands in, or an empty string for the top."""
    parts = path.relative_to(SOURCE).parts
    return parts[0] if len(parts) > 1 else ""


def part_of(path: Path) -> str:
    """The file of its room a module belongs to: `decide` for `cases/decide/clocks.py`."""
    parts = path.relative_to(SOURCE).parts
    return parts[1].removesuffix(".py") if len(parts) > 1 else ""


def imports(node: ast.AST) -> list[str]:
    """Every module, and every name taken from a module, imported anywhere below the node."""
    found = []
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            found += [alias.name for alias in child.names]
        elif isinstance(child, ast.ImportFrom) and child.module and child.level == 0:
            found += [f"{child.module}.{alias.name}" for alias in child.names]
    return found


def entered(module: str) -> tuple[str, str] | None:
    """The room and the part of it that an imported name leads to; None if it is not ours."""
    parts = module.split(".")
    if len(parts) < 3 or parts[0] != "chengyun" or parts[1] not in HEIGHT:
        return None
    return parts[1], parts[2]


@cache
def tracked_files() -> tuple[Path, ...]:
    """What git knows; everything outside ignored folders where there is no git."""
    said = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TREE,
        capture_output=True,
        check=False,
    )
    if said.returncode == 0:
        names = said.stdout.decode().split("\0")
        return tuple(TREE / name for name in names if name and (TREE / name).is_file())
    ignored = {".git", ".venv", "data", "node_modules", "dist"}
    return tuple(
        path
        for path in TREE.rglob("*")
        if path.is_file() and not ignored & set(path.relative_to(TREE).parts)
    )


def text_of(path: Path) -> str | None:
    """The file's text, or None for pictures and the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
