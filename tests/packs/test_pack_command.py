"""`./cy pack check|test|list` without a node."""

import json
from pathlib import Path

import pytest

from chengyun.app.command_line import run
from chengyun.app.packs.scaffold import plan, write


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch, tree: Path, tmp_path: Path) -> Path:
    """A scenario of one's own outside the checkout."""
    monkeypatch.setenv("CHENGYUN_PACKS", str(tree / "packs"))
    files = plan("mine", kind="scenario", today="2026-01-01", ordinal=301, roles="")
    write(tmp_path, "mine", files)
    return tmp_path / "mine"


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return json.loads(capsys.readouterr().out)


def test_a_folder_is_checked(mine: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["pack", "check", str(mine)]) == 0
    assert "1 packs fit" in capsys.readouterr().out
    rules = mine / "rules/mine.yaml"
    rules.write_text(rules.read_text().replace("level_cm > most", "level_cm > mst"))
    assert run(["pack", "check", str(mine)]) == 1
    assert "mst" in capsys.readouterr().out


def test_its_stories_are_run(mine: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["pack", "test", str(mine), "--json"]) == 0
    assert told(capsys) == [{"pack": "mine", "version": "0.1.0", "passed": 4, "failed": 0}]


def test_a_changed_figure_fails(mine: Path, capsys: pytest.CaptureFixture[str]):
    rules = mine / "rules/mine.yaml"
    rules.write_text(rules.read_text().replace("value: 10.0", "value: 12.5"))
    assert run(["pack", "test", str(mine), "--json"]) == 1
    answer = capsys.readouterr()
    assert json.loads(answer.out)[0]["failed"] == 1
    assert "no case" in answer.err


def test_a_pack_that_does_not_fit_fails_and_is_not_run(
    mine: Path, capsys: pytest.CaptureFixture[str]
):
    (mine / "rules/mine.yaml").write_text("rules: nonsense\n")
    assert run(["pack", "test", str(mine), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["failed"] == 1


def test_unknown_packs_are_named(mine: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["pack", "test", "nosuch"]) == 2
    assert "There is no pack 'nosuch'" in capsys.readouterr().err


def test_packs_are_listed_without_a_node(
    mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["pack", "list", "--json", "--data", str(tmp_path / "none")]) == 0
    rows = {row["pack"]: row for row in told(capsys)}
    assert rows["flood"]["owner"] == {"zh": "城运项目", "en": "The Chengyun project"}
    assert rows["lifts"]["brings"]["rules"] == 4  # type: ignore[index]


def test_a_decision_needs_a_node_and_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["pack", "disable"]) == 2
    assert run(["pack", "rollback", "flood"]) == 2
    assert "--to" in capsys.readouterr().err
