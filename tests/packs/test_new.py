"""`cy new pack` writes what works at once."""

import json
from pathlib import Path

import pytest

from chengyun.app.command_line import run


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch, tree: Path, tmp_path: Path) -> Path:
    """An empty folder for the new pack, beside the packs of the checkout."""
    monkeypatch.setenv("CHENGYUN_PACKS", str(tree / "packs"))
    return tmp_path / "mine"


@pytest.mark.parametrize("kind", ["standard", "city", "scenario"])
def test_a_new_pack_reads_fits_and_passes_its_test(
    base: Path, capsys: pytest.CaptureFixture[str], kind: str
):
    assert run(["new", "pack", "my-town", "--kind", kind, "--into", str(base), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["faults"] == []
    assert any(path.endswith("tests/examples.yaml") for path in answer["files"])


def test_a_name_that_is_none_is_refused(base: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["new", "pack", "My Town", "--into", str(base)]) == 2
    assert "no name for a pack" in capsys.readouterr().err
    assert not (base / "My Town").exists()


def test_what_is_there_is_not_overwritten(base: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["new", "pack", "my-town", "--into", str(base)]) == 0
    mark = base / "my-town" / "pack.toml"
    mark.write_text("mine", encoding="utf-8")
    assert run(["new", "pack", "my-town", "--into", str(base)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert mark.read_text(encoding="utf-8") == "mine"
