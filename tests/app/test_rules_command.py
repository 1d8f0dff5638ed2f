"""`./cy rules`: what it lists, how it tries a rule on history, and how it refuses."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chengyun.sensing import verbs
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs.storing import forget_days
from tests.places.test_verbs import add_city
from tests.rules.declared import flood, load
from tests.sensing.senses import NOW, declare, gauges, no, readings

pytestmark = pytest.mark.django_db
SPAN = ("--start", "2026-03-02", "--end", "2026-03-03")
# NOW is 10:00 in the city.
LABELS = """thing,from,to,real
g0,2026-03-02T10:00,2026-03-02T10:10,1
g1,2026-03-02T10:00+08:00,2026-03-02T10:10+08:00,0
g1,2026-03-02T12:00,2026-03-02T12:10,
g1,2025-03-02,2025-03-03,
"""


@pytest.fixture(autouse=True)
def history() -> Iterator[None]:
    """Two gauges, of which each was once too high for ten minutes."""
    forget_streams()
    forget_days()
    add_city()
    declare()
    load(flood())
    rows = [
        (no(code), NOW + timedelta(minutes=at), value)
        for code in gauges(2)
        for at, value in ((-20, 0.1), (0, 0.8), (10, 0.1))
    ]
    verbs.take(readings(rows), now=NOW + timedelta(hours=1), door="import")
    yield
    forget_streams()
    forget_days()


def said(capsys: Any, *words: str) -> str:
    call_command("rules", *words)
    return str(capsys.readouterr().out)


def test_the_list_names_every_rule(capsys):
    listed = said(capsys, "list").splitlines()
    assert listed[0].split()[:2] == ["rule", "pack"]
    assert listed[1].split() == ["flood-level", "test", "1", "0", "–", "on"]
    (one,) = json.loads(said(capsys, "list", "--json"))
    assert (one["id"], one["pack"], one["enabled"]) == ("flood-level", "test", True)


def test_a_backtest_says_when_it_would_have_fired(capsys):
    found = json.loads(said(capsys, "backtest", "flood-level", *SPAN, "--json"))
    assert {"rule", "from", "to", "things", "readings", "fired", "spells"} <= found.keys()
    # A day without a time is the city's day.
    assert (found["from"], found["to"]) == ("2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z")
    assert (found["things"], found["readings"], found["fired"]) == (2, 6, 2)
    assert found["spells"][0] == {
        "thing": "g0",
        "from": "2026-03-02T02:00:00Z",
        "to": "2026-03-02T02:10:00Z",
        "severity": 3,
        "words": {"level": 0.8, "most": 0.5},
        "judged": None,
    }
    only = said(capsys, "backtest", "flood-level", *SPAN, "--thing", "g1")
    assert only.startswith("flood-level: 1 times over 1 things")


def test_labels_make_precision_and_recall(capsys, tmp_path: Path):
    file = tmp_path / "floods.csv"
    file.write_text(LABELS, "utf-8")
    words = ("backtest", "flood-level", *SPAN, "--labels", str(file))
    found = json.loads(said(capsys, *words, "--json"))
    counts = [found[name] for name in ("labels", "left_out", "true", "false", "missed")]
    assert counts == [3, 1, 1, 1, 1]
    assert (found["precision"], found["recall"]) == (0.5, 0.5)
    shown = said(capsys, *words)
    assert "3 labels: precision 50%, recall 50%; 1 missed" in shown
    assert "1 labels lie outside the span" in shown


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("flood-levl", *SPAN), "no rule 'flood-levl': did you mean flood-level?"),
        ((), "Name the rule"),
        (("flood-level",), "--from: None is not a day or an instant"),
        (("flood-level", "--start", "yesterday", "--end", "2026-03-03"), "--from: 'yesterday'"),
        (("flood-level", "--start", "2026-03-03", "--end", "2026-03-02"), "is not after --from"),
        (("flood-level", *SPAN, "--rule-version", "9"), "there is no version 9"),
        (("flood-level", *SPAN, "--thing", "g9"), "looks at no thing g9"),
    ],
)
def test_what_is_wrong_is_said(words, reason):
    with pytest.raises(CommandError) as refused:
        call_command("rules", "backtest", *words)
    assert reason in str(refused.value)
    assert refused.value.returncode == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("thing,from\n", "has no column to"),
        ("thing,from,to\ng0,2026-03-02,soon\n", "line 2: to: 'soon' is not a day"),
        ("thing,from,to\ng0,2026-03-03,2026-03-02\n", "line 2: to lies before from"),
        ("thing,from,to\ng0\n", "line 2: from: None is not a day"),
        ("thing,from,to\n,2026-03-02,2026-03-03\n", "line 2: names no thing"),
        ("thing,from,to\ng0,2026-03-02,\udcff\n", "is no CSV file in UTF-8"),
        (None, "No such file"),
    ],
)
def test_a_file_of_labels_that_cannot_be_read_is_refused(text, reason, tmp_path: Path):
    file = tmp_path / "floods.csv"
    if text is not None:
        file.write_text(text, "utf-8", errors="surrogateescape")
    with pytest.raises(CommandError) as refused:
        call_command("rules", "backtest", "flood-level", *SPAN, "--labels", str(file))
    assert reason in str(refused.value)
