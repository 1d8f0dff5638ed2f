"""Files: how long, what they may be called."""

from statistics import median

from tests.shape.sources import ROOMS, SOURCE, TREE, part_of, python_files, room_of, tracked_files

LONGEST = 400
MEDIAN = 80
ALLOWED = {
    *("__init__", "decide", "models", "ports", "events", "verbs", "reads", "policy", "schemas"),
    *("api", "jobs", "handlers", "admin", "apps", "migrations", "locale"),
}
# Rooms that speak many languages keep one file for each.
ALLOWED_IN = {"notices": {"channels"}, "sensing": {"protocols"}, "lake": {"engines"}}
EMPTY_WORDS = ("utils", "helpers", "common", "manager", "base", "misc")


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_a_reader_holds():
    screens = [
        path
        for path in tracked_files()
        if path.suffix in {".ts", ".vue"}
        and (TREE / "web" / "src") in path.parents
        and not path.name.endswith(".d.ts")
    ]
    found = {
        str(p.relative_to(TREE)): n
        for p in (*python_files(), *screens)
        if (n := lines(p)) > LONGEST
    }
    assert not found, "past 400 lines a file becomes a folder of the same name"


def test_the_middle_file_is_short():
    lengths = [lines(path) for path in python_files() if lines(path) > 3]
    assert median(lengths) <= MEDIAN


def test_rooms_hold_only_files_with_known_names():
    found = [
        str(path.relative_to(SOURCE))
        for path in python_files()
        if (room := room_of(path)) in ROOMS
        and part_of(path) not in ALLOWED | ALLOWED_IN.get(room, set())
    ]
    assert not found, "a room holds only the files of the design"


def test_no_file_is_called_nothing():
    found = [
        str(path.relative_to(SOURCE))
        for path in python_files()
        if path.stem in EMPTY_WORDS or path.parent.name in EMPTY_WORDS
    ]
    assert not found, "name it after what it holds"


def test_every_module_says_what_it_is():
    found = [
        str(path.relative_to(SOURCE))
        for path in python_files()
        if path.name != "apps.py"  # one class, Django's own
        and lines(path) > 3
        and not path.read_text(encoding="utf-8").lstrip().startswith(('"""', 'r"""'))
    ]
    assert not found, "a module begins with one sentence that says what it holds"
