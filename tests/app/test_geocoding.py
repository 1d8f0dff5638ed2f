"""Geocoding a file with a book of its own, as `./cy geocode --book` does it; `./cy brain`."""

import csv
import json
from pathlib import Path

import pytest

from chengyun.app import command_line

BOOK = """\
id,address,district,lon,lat
7,鹤庆路358弄81号,闵行区,121.41,31.01
8,人民路1号,闵行区,,
9,人民路1号,黄浦区,,
,,,,
"""
TEXTS = 'no,text\n1,你好，我住在鶴慶路358弄81號\n2,""\n3,人民路1号\n4,=1+1\n'


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "book.csv").write_text(BOOK, encoding="utf-8")
    (tmp_path / "texts.csv").write_text(TEXTS, encoding="gb18030")
    return tmp_path


def geocode(files: Path, *more: str, column: str = "text") -> int:
    words = ["geocode", str(files / "texts.csv"), "--column", column]
    words += ["--out", str(files / "out.csv"), "--book", str(files / "book.csv"), *more]
    return command_line.run(words)


def test_rows_come_back_with_what_was_found(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert geocode(files, "--json") == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert {name: told[name] for name in ("read", "unique", "candidates", "none", "bad")} == {
        "read": 4,
        "unique": 1,
        "candidates": 1,
        "none": 1,
        "bad": 1,
    }
    assert told["bad_rows"] == [{"row": 2, "reason": "the text is empty"}]
    with (files / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        first, empty, two, formula = csv.DictReader(file)
    assert (first["no"], first["address_id"], first["level"]) == ("1", "7", "building")
    assert (first["lon"], first["lat"], first["verdict"]) == ("121.410000", "31.010000", "unique")
    assert first["reason"]
    assert first["reason_en"]
    assert (empty["verdict"], empty["reason"]) == ("none", "the text is empty")
    assert two["verdict"] == "candidates"
    assert formula["text"].startswith("'")


def test_a_wrong_column_or_file_is_said(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert geocode(files, column="nothing") == 1
    assert "no, text" in capsys.readouterr().err
    (files / "book.csv").write_bytes(b"")
    assert geocode(files) == 1
    assert "empty" in capsys.readouterr().err


def test_brain_lists_reads_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path), "--json"]
    assert command_line.run(["brain", "list", *data]) == 0
    shipped = json.loads(capsys.readouterr().out)[0]
    assert (shipped["name"], shipped["shipped"], shipped["sound"]) == ("addresses", True, True)
    assert command_line.run(["brain", "parse", "鹤庆路358弄81号", *data]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [part["part"] for part in found] == ["road", "lane", "number"]
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert command_line.run(["brain", "train", "addresses", str(tmp_path / "bad.csv"), *data]) == 1
    assert "labelled" in capsys.readouterr().err
    assert command_line.run(["brain", "train", *data]) == 2
