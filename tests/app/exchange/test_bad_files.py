"""Hostile and broken files: a precise refusal of the file, or of the row; never a crash."""

import gzip
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from chengyun.app.exchange.csvfile import LINE_MAX
from chengyun.app.exchange.files import open_table
from chengyun.app.exchange.importing import HeaderError, Unreadable
from chengyun.cases.models import Case
from tests.app.exchange.conftest import HEADER, Bring, row, text_of


def refused(path: Path) -> str:
    with pytest.raises(Unreadable) as found:
        list(open_table(path).rows)
    return found.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xd0\xcf\x11\xe0 old excel", "old_xls"),
        (b"PK\x03\x04 no archive", "bad_xlsx"),
        (gzip.compress(b"id,at\n" + b"x" * 1000)[:-20], "bad_gzip"),
        (b"," * 1_000_000, "too_many_columns"),
        (b"x" * (LINE_MAX + 10), "bad_header"),
        (gzip.compress(b"a" * (210 << 20), 1), "zip_bomb"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(content)
    assert refused(path) == code


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing.csv") == "no_file"


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for one in rows:
        book.active.append(one)
    book.save(path)
    return path


def test_a_bomb_of_a_workbook_is_refused_unopened(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bomb.xlsx", [["id"], ["a"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/more.xml", b"<x>" + b"0" * (64 << 20))
    assert refused(path) == "zip_bomb"


def test_a_workbook_with_thousands_of_parts(tmp_path: Path) -> None:
    path = workbook(tmp_path / "parts.xlsx", [["id"], ["a"]])
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(2_100):
            archive.writestr(f"xl/x{number}.xml", "")
    assert refused(path) == "zip_bomb"


def test_entities_in_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    plain = workbook(tmp_path / "plain.xlsx", [["id"], ["a"]])
    path = tmp_path / "xxe.xlsx"
    lol = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                body = lol.encode() + body.split(b"?>", 1)[-1]
            target.writestr(name, body)
    assert refused(path) == "bad_xlsx"


def test_xlsx_says_what_csv_says(bring: Bring, tmp_path: Path) -> None:
    rows: list[list[object]] = [list(HEADER), list(row("a")), list(row("b"))]
    rows[1][8], rows[1][9] = 50.5, 10.5
    done = bring(workbook(tmp_path / "cases.xlsx", rows))
    assert (done.read, done.imported, done.encoding) == (2, 2, "xlsx")
    assert Case.objects.get(external_id="a").lat == 50.5


def test_a_header_without_the_id(bring: Bring) -> None:
    with pytest.raises(HeaderError) as error:
        bring("when,what\n1,2\n")
    assert set(error.value.missing) == {"id", "at"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": ""}, "bad_id"),
        ({"id": "x" * 201}, "bad_id"),
        ({"at": ""}, "no_time"),
        ({"at": "yesterday"}, "bad_time"),
        ({"at": "2199-01-01 00:00:00"}, "future"),
        ({"at": "1066-10-14 09:00:00"}, "too_early"),
    ],
)
def test_a_row_that_cannot_be_a_case(bring: Bring, change: dict[str, str], code: str) -> None:
    ident = change.pop("id", "a")
    done = bring([row(ident, **change), row("good")])
    assert (done.read, done.imported, done.rejected) == (2, 1, 1)
    assert done.codes == {code: 1}


def test_a_quote_that_nobody_closes_costs_one_row(bring: Bring) -> None:
    lines = text_of([row(str(n)) for n in range(2_000)]).splitlines(keepends=True)
    lines[5] = 'broken,"2024-05-01 08:00:00,no end\r\n'
    done = bring("".join(lines))
    assert (done.read, done.imported, done.rejected) == (2_000, 1_999, 1)
    assert done.codes == {"bad_csv": 1}


def test_an_endless_line_costs_one_row(bring: Bring) -> None:
    done = bring(text_of([row("a"), row("b", words="x" * (LINE_MAX + 5)), row("c")]))
    assert (done.read, done.imported, done.rejected) == (3, 2, 1)


def test_nul_bytes_are_taken_out(bring: Bring) -> None:
    done = bring(text_of([row("a", words="a\0b"), row("b\0")]))
    assert done.imported == 2
    assert Case.objects.get(external_id="a").text == "ab"
    assert Case.objects.filter(external_id="b").exists()


def test_a_row_of_a_million_values(bring: Bring) -> None:
    done = bring(
        text_of([row("a")]) + "," * 900_000 + "\r\n" + text_of([row("b")]).split("\n", 1)[1]
    )
    assert (done.read, done.imported) == (3, 2)
    assert done.codes == {"too_many_values": 1}
