"""What the documents name is there: commands, pages, tests; and both READMEs say the same."""

import re
from pathlib import Path

import pytest

from chengyun.app import command_line
from tests.shape.sources import TREE

COMMANDS = set(command_line.commands())
README = {name: TREE / name for name in ("README.md", "README.zh-CN.md")}
PAGES = sorted([*TREE.glob("*.md"), *(TREE / "docs").rglob("*.md"), TREE / "packs" / "README.md"])
# `./cy word`, where the word may be followed by anything but a letter.
CALLED = re.compile(r"\./cy ([a-z][a-z0-9-]*)")
ROW = re.compile(r"^\| `([a-z]+)` \|.*\| `\./cy ([a-z]+)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
TEST = re.compile(r"`(tests/[A-Za-z0-9_/.]+|packs/[a-z0-9_/.-]+|web/src/[a-z/]+|bench/[a-z_.]+)`")


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """The page without its code blocks, in which `#` begins a comment and no heading."""
    return re.sub(r"^```.*?^```$", "", text(page), flags=re.MULTILINE | re.DOTALL)


def slug(heading: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TREE)))
def test_every_command_named_exists(page):
    assert set(CALLED.findall(text(page))) <= COMMANDS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TREE)))
def test_every_link_inside_leads_somewhere(page):
    missing = []
    for link in LINK.findall(text(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists():
            missing.append(link)
        elif anchor:
            headings = re.findall(r"^#+ (.*)$", prose(target), re.MULTILINE)
            missing += [] if anchor in {slug(one) for one in headings} else [link]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TREE)))
def test_every_file_cited_is_there(page):
    cited = {name for name in TEST.findall(text(page)) if "..." not in name}
    assert not sorted(name for name in cited if not (TREE / name).exists())


def test_both_readmes_say_the_same_things():
    headings = [re.findall(r"^#+ ", prose(page), re.MULTILINE) for page in README.values()]
    assert headings[0] == headings[1]
    rows = [
        re.findall(r"^\| ([A-F]\d|\d) \|", text(page), re.MULTILINE) for page in README.values()
    ]
    assert rows[0] == rows[1]
    called = [CALLED.findall(text(page)) for page in README.values()]
    assert called[0] == called[1]


def test_the_readme_tells_of_every_command():
    for page in README.values():
        told = ROW.findall(text(page))
        assert all(name == example for name, example in told)
        # `manage` is for whoever works on the program.
        assert {name for name, _ in told} == COMMANDS - {"manage"}


def test_every_decision_stands_in_the_list():
    listed = set(LINK.findall(text(TREE / "docs" / "why" / "README.md")))
    assert {page.name for page in (TREE / "docs" / "why").glob("0*.md")} == listed
