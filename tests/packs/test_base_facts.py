"""The base pack against the table of codes and deadlines it was retyped from."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.sdk.kinds import KindsFile

SCHEMES = {
    "GBT30428.2": "GBT30428.2",
    "CJT214-2007": "CJT214-2007",
    "LOCAL-EXT(counted": "EXT-YUNCHENG",
    "LOCAL-EXT(major": "EXT-LONGHUA",
    "Shanghai": "SH-GRID",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def base(catalog: Catalog) -> LoadedPack:
    return catalog.pack("base")


def test_every_class_is_there_with_its_code_and_names(catalog: Catalog, shared_data: Path | None):
    assert len(base(catalog).kinds) == 452
    if shared_data is None:
        return
    have = {
        (
            kind.scheme,
            kind.type,
            kind.major_code + kind.minor_code,
            kind.name["zh"],
            kind.name["en"],
        )
        for kind in base(catalog).kinds
    }
    for row in rows(shared_data / "case-standards" / "case_types.csv"):
        scheme = next(to for start, to in SCHEMES.items() if row["source"].startswith(start))
        code = row["major_code"] + row["minor_code"]
        assert (scheme, row["kind"], code, row["minor_zh"].strip(), row["minor_en"].strip()) in have


def test_no_code_is_invented(catalog: Catalog):
    for kind in base(catalog).kinds:
        if kind.scheme == "SH-GRID":
            assert not any(char.isdigit() for char in kind.code)
            assert kind.minor_code == ""
        else:
            assert kind.code == kind.major_code + kind.minor_code


def test_limits_are_those_of_the_table(catalog: Catalog, shared_data: Path | None):
    if shared_data is None:
        return
    table: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows(shared_data / "case-standards" / "case_deadlines.csv"):
        table[row["kind"], row["major_code"] + row["minor_code"]].add(row["deadline"])
    files: list[KindsFile] = list(base(catalog).kind_files.values())
    for file in files:
        if file.scheme not in ("GBT30428.2", "EXT-YUNCHENG"):
            continue
        for kind in file.kinds:
            limits = {text for one in kind.conditions for text in (one.limit, *one.also)}
            assert limits == table[file.type, kind.code], kind.code


def test_conditions_are_in_our_own_words(catalog: Catalog, shared_data: Path | None):
    if shared_data is None:
        return
    folder = shared_data / "case-standards"
    book = load_workbook(folder / "yuncheng_component_event_standards.xlsx", read_only=True)
    theirs = "\n".join(
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell
    )
    theirs += (folder / "yuncheng_components_standards.csv").read_text(encoding="utf-8-sig")
    copied = {
        text
        for kind in base(catalog).kinds
        for one in kind.conditions
        for text in (one.text["zh"], one.closing["zh"])
        if len(text) >= 12 and text in theirs
    }
    assert copied == set()


def test_one_scheme_is_offered_for_new_reports(catalog: Catalog):
    assert catalog.default_scheme == "GBT30428.2"
    public = [kind for kind in base(catalog).kinds if kind.public]
    assert {kind.scheme for kind in public} == {"GBT30428.2", "EXT-YUNCHENG"}
    names = [kind.name["zh"] for kind in public]
    assert len(names) == len(set(names))


def test_holidays_of_2026(catalog: Catalog):
    calendar = catalog.calendars["cn"]
    assert calendar.known_until == date(2026, 12, 31)
    assert not calendar.is_workday(date(2026, 10, 7))
    assert calendar.is_workday(date(2026, 10, 10))  # a Saturday, worked for National Day
    assert calendar.is_workday(date(2027, 1, 1))  # not published yet: only weekends count
