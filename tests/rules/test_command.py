"""`./cy rules`: what a script gets, and what is said to whoever mistypes."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chengyun.sensing.verbs import take
from tests.rules.declared import flood, load
from tests.sensing.conftest import things
from tests.sensing.senses import NOW, no, readings

__all__ = ["things"]
MINUTE = timedelta(minutes=1)
SPAN = ("--start", "2026-03-01", "--end", "2026-03-03")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What the command prints as JSON."""
    capsys.readouterr()
    call_command("rules", *words, "--json", stdout=StringIO())
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def history(things: list[str]) -> list[str]:
    """A rule, and two floods at one gauge and one at another, ten minutes each."""
    load(flood())
    rows = []
    for gauge, starts in (("g0", (-300, -120)), ("g1", (-60,))):
        for minute in range(-360, 0, 5):
            wet = any(start <= minute < start + 10 for start in starts)
            rows.append((no(gauge), NOW + minute * MINUTE, 0.9 if wet else 0.1))
    take(readings(rows), now=NOW, door="test")
    return things


def test_rules_are_listed(history: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = told(capsys, "list")
    assert (one["id"], one["pack"], one["version"], one["enabled"]) == (
        "flood-level",
        "test",
        1,
        True,
    )
    call_command("rules", "list")
    assert "flood-level" in capsys.readouterr().out


def test_a_backtest_says_when_and_how_well(
    history: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = tmp_path / "floods.csv"
    real = NOW - 120 * MINUTE
    lines = ["thing,from,to,real"]
    for gauge, start, known in (
        ("g0", real, 1),
        ("g0", NOW - 300 * MINUTE, 0),
        ("g1", NOW - 60 * MINUTE, 1),
        ("g1", NOW - 200 * MINUTE, 1),
    ):
        lines.append(f"{gauge},{start.isoformat()},{(start + 9 * MINUTE).isoformat()},{known}")
    labels.write_text("\n".join(lines), encoding="utf-8")
    found = told(capsys, "backtest", "flood-level", *SPAN, "--labels", str(labels))
    assert (found["fired"], found["things"], found["readings"]) == (3, 3, 144)
    assert [(one["thing"], one["severity"]) for one in found["spells"]] == [
        ("g0", 3),
        ("g0", 3),
        ("g1", 3),
    ]
    assert found["precision"] == pytest.approx(2 / 3)
    assert found["recall"] == pytest.approx(2 / 3)
    assert (found["labels"], found["missed"]) == (4, 1)
    only = told(capsys, "backtest", "flood-level", *SPAN, "--thing", "g1")
    assert (only["fired"], only["precision"]) == (1, None)
    call_command("rules", "backtest", "flood-level", *SPAN, "--labels", str(labels))
    assert "67%" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backtest", *SPAN), "Name the rule"),
        (("backtest", "flood-levels", *SPAN), "flood-levels"),
        (("backtest", "flood-level", "--start", "yesterday", "--end", "2026-03-03"), "--from"),
        (("backtest", "flood-level", "--end", "2026-03-03"), "--from"),
        (("backtest", "flood-level", "--start", "2026-03-03", "--end", "2026-03-01"), "to"),
        (("backtest", "flood-level", *SPAN, "--rule-version", "9"), "version 9"),
    ],
)
def test_what_is_wrong_is_named(history: list[str], words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("rules", *words)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("thing,from\n", "to"),
        ("thing,from,to\ng0,noon,2026-03-01\n", "line 2"),
        ("thing,from,to\ng0,2026-03-02,2026-03-01\n", "line 2"),
    ],
)
def test_labels_that_cannot_be_read(
    history: list[str], tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        call_command("rules", "backtest", "flood-level", *SPAN, "--labels", str(path))
    assert said in str(caught.value)
