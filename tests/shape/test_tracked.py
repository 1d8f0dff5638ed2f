"""What stands in the repository: locks with hashes, no addresses, no path of one machine."""

import json
import re
import tomllib

from chengyun import __version__
from tests.shape.sources import TREE, text_of, tracked_files

# Put together here, so that this file does not find itself.
MACHINE_PATHS = re.compile(r"(^|[^A-Za-z0-9_.])/(wor" + r"k|far" + r"m|roo" + r"t)/")
HOME = re.compile(r"/" + r"home/[a-z]+/|/" + r"Users/[A-Za-z]+/")
ADDRESS = re.compile(r"https?://|file://|--find-links|--index-url|--extra-index-url")
REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "npm" + "mirror.com",
    "tuna." + "tsinghua",
)


def test_python_locks_hold_hashes_and_no_addresses():
    locks = sorted(TREE.glob("requirements*.lock"))
    assert len(locks) == 2
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert not ADDRESS.search(text), lock.name
        blocks = re.split(r"\n(?=\S)", text.strip())
        without = [b.splitlines()[0] for b in blocks if b[0] != "#" and "--hash=sha256:" not in b]
        assert not without, lock.name


def test_the_development_lock_agrees_with_the_runtime_lock():
    pins = [
        set(re.findall(r"^(\S+==\S+)", (TREE / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0] <= pins[1]


def test_the_locks_hold_what_the_project_names():
    project = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    for name, wanted in (
        ("requirements.lock", [*project["project"]["dependencies"], *groups["demo"]]),
        ("requirements-dev.lock", groups["dev"]),
    ):
        text = (TREE / name).read_text(encoding="utf-8")
        pinned = {plain(found) for found in re.findall(r"^(\S+?)==", text, re.MULTILINE)}
        named = {plain(re.split(r"[\[<>=;~! ]", line)[0]) for line in wanted}
        assert named <= pinned, f"{name} is older than pyproject.toml"


def plain(name):
    return re.sub(r"[-_.]+", "-", re.sub(r"\[.*", "", name)).lower()


def test_npm_locks_hold_hashes_and_no_addresses():
    for lock in [path for path in tracked_files() if path.name == "package-lock.json"]:
        packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
        for name, entry in packages.items():
            assert "http" not in entry.get("resolved", ""), name
            if name.startswith("node_modules") and not entry.get("link"):
                assert entry.get("integrity") or entry.get("inBundle"), name


def test_no_path_of_one_machine_and_no_registry():
    found = []
    for path in tracked_files():
        text = text_of(path)
        if text is None:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            own = path.name in {".npmrc", "pyproject.toml", "package.json"} or "lock" in path.name
            named = any(host in line for host in REGISTRIES)
            if MACHINE_PATHS.search(line) or HOME.search(line) or (own and named):
                found.append(f"{path.relative_to(TREE)}:{number}")
    assert not found


def test_one_version():
    project = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == __version__
