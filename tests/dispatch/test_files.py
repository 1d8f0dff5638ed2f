"""Lists as files: what is taken, what is rejected and why, and the way back."""

import io
import zipfile
from datetime import date

import orjson
import pytest
from openpyxl import Workbook

from chengyun.dispatch import reads, verbs
from chengyun.dispatch.decide.files import SIZE_MAX
from chengyun.dispatch.models import DutyList
from chengyun.dispatch.verbs import Head
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Invalid
from tests.dispatch.conftest import NOW
from tests.dispatch.decide.world import CITY, entry

HEAD = Head(name="table", version="1", source="the bureau", effective_from=date(2026, 1, 1))
CSV = """条目编号,案件类型,主办职责,主办层级,主办单位代码,协办
a,S/event/*,sanitation,street,,power@city
b,S/event/0101,,,U5,
c,,sanitation,street,,
,,,,,
d,S/x,sanitation,moon,,
"""


def take(actor: Actor, name: str, data: bytes, head: Head = HEAD) -> dict[str, object]:
    return verbs.import_list(actor, now=NOW, city_no=CITY, file_name=name, data=data, head=head)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_good_rows_become_a_draft_and_the_others_are_told(
    city: int, author: Actor, encoding: str
) -> None:
    receipt = take(author, "list.csv", CSV.encode(encoding))
    assert (receipt["read"], receipt["imported"], receipt["rejected"]) == (4, 2, 2)
    assert [(r["row"], r["field"]) for r in receipt["rejects"]] == [  # type: ignore[attr-defined]
        (3, "kinds"),
        (5, "lead.level"),
    ]
    row = DutyList.objects.get(pk=receipt["id"])
    assert (row.status, row.source, row.entries) == ("draft", "the bureau", 2)


def test_an_xlsx_is_read_like_a_csv(city: int, author: Actor) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "kinds", "lead_org", "weekdays", "from", "to"])
    sheet.append(["a", "S/*", "U5", 6, "08:00", "12:00"])
    packed = io.BytesIO()
    book.save(packed)
    receipt = take(author, "List.XLSX", packed.getvalue())
    assert (receipt["imported"], receipt["rejected"]) == (1, 0)


def test_yaml_and_json_carry_their_own_head(city: int, author: Actor) -> None:
    made = {"id": "y", "version": "7", "effective_from": "2026-01-01", "entries": [entry("a")]}
    receipt = take(author, "list.json", orjson.dumps(made), Head())
    assert (receipt["name"], receipt["version"]) == ("y", "7")
    text = """
id: y
version: "8"
effective_from: 2026-01-01
entries:
  - {id: a, kinds: ["S/*"], lead: {org: U5}}
  - {id: b, kinds: ["S/*"], lead: {}}
"""
    receipt = take(author, "list.yaml", text.encode(), Head())
    assert (receipt["version"], receipt["read"], receipt["rejected"]) == ("8", 2, 1)


def test_an_export_is_taken_back_unchanged(city: int, author: Actor) -> None:
    made = [
        entry("=1+1", note={"zh": "@说明", "en": "-note"}),
        entry("w", when={"weekdays": [6, 7], "from": "22:00", "to": "06:00"}, sources=["hotline"]),
        entry("x", where={"depth": [1, "1", True]}, co=[{"org": "U5"}], area="310101"),
    ]
    body = {"id": "ours", "version": "1", "entries": made}
    first = verbs.save_draft(author, now=NOW, city_no=CITY, content=body)
    row = DutyList.objects.get(pk=first["id"])
    text = reads.as_csv(author, row.id)
    assert "\n=" not in text
    again = take(author, "back.csv", text.encode(), Head(name="ours", version="2"))
    assert again["rejected"] == 0
    back = DutyList.objects.get(pk=again["id"])
    assert back.content["entries"] == row.content["entries"]


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/worksheets/sheet1.xml", b"\0" * (129 * 1024 * 1024))
    return packed.getvalue()


LAUGHS = b"a: &a [1]\nentries: [*a, *a]\n"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("list.exe", b"MZ", "Use one of"),
        ("list", b"", "Use one of"),
        ("list.csv", b"", "no heading"),
        ("list.csv", b"\xff\xfe\x00\x81\x30", "neither UTF-8"),
        ("list.csv", b'id,kinds\n"open', "CSV is broken"),
        ("list.xlsx", b"PK\x03\x04rubbish", "XLSX file is broken"),
        ("list.xlsx", b"no zip", "XLSX file is broken"),
        ("list.json", b"{", "JSON is broken"),
        ("list.json", b"[" * 100_000, "JSON is broken"),
        ("list.yaml", b"a: [", "YAML is broken"),
        ("list.yaml", LAUGHS, "aliases"),
        ("list.yaml", b"[" * 20_000, "cannot be read"),
        ("list.yaml", b"!!python/object/apply:os.system [ls]", "YAML is broken"),
        ("list.csv", b"x" * (SIZE_MAX + 1), "larger than"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    city: int, author: Actor, name: str, data: bytes, said: str
) -> None:
    with pytest.raises(Invalid) as caught:
        take(author, name, data)
    assert said in caught.value.errors[0].reason
    assert caught.value.errors[0].field == "file"


def test_a_file_that_unpacks_to_too_much_is_refused(city: int, author: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        take(author, "bomb.xlsx", _bomb())
    assert "unpacks" in caught.value.errors[0].reason


def test_a_table_needs_a_name_and_a_version(city: int, author: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        take(author, "list.csv", CSV.encode(), Head(source="a\x00"))
    assert [e.field for e in caught.value.errors] == ["name", "version", "source"]


def test_a_file_without_a_good_row_makes_no_draft(city: int, author: Actor) -> None:
    receipt = take(author, "list.csv", b"id,kinds\na,\n")
    assert (receipt["id"], receipt["imported"], receipt["rejected"]) == (None, 0, 1)
    assert not DutyList.objects.exists()
