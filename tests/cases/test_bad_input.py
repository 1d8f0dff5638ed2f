"""Bad input for the doors of cases and photos: a precise problem, never a fault of ours."""

import io
import json
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from chengyun.cases.models import Case
from tests.app.world import LITTER, SPOT
from tests.cases.desk import Answer, Desk, as_owner, picture

GOOD: dict[str, Any] = {"kind": LITTER, "text": "垃圾", "lon": SPOT[0], "lat": SPOT[1]}


def deep(levels: int) -> Any:
    """A list in a list in a list…"""
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


BAD_REPORTS: list[tuple[str, dict[str, Any], str]] = [
    ("text of another type", {"text": 5}, "text"),
    ("endless text", {"text": "井" * 5_001}, "text"),
    ("NUL in the text", {"text": "a\x00b"}, "text"),
    ("NUL in the address", {"address": "a\x00b"}, "address"),
    ("endless address", {"address": "a" * 501}, "address"),
    ("longitude as words", {"lon": "east"}, "lon"),
    ("longitude beyond the earth", {"lon": 181}, "lon"),
    ("latitude beyond the earth", {"lat": 1e300}, "lat"),
    ("outside every city", {"lon": 0.0, "lat": 0.0}, "lon"),
    ("half a place", {"lat": None}, "lat"),
    ("the future", {"reported_at": "2099-01-01T00:00:00Z"}, "reported_at"),
    ("no time zone", {"reported_at": "2026-03-01T00:00:00"}, "reported_at"),
    ("no time", {"reported_at": "yesterday"}, "reported_at"),
    ("before all calendars", {"reported_at": "0001-01-01T00:00:00+14:00"}, "reported_at"),
    ("unknown kind", {"kind": "GBT30428.2/event/9999"}, "kind"),
    ("kind of another type", {"kind": 3}, "kind"),
    ("condition of another kind", {"condition": "hazard"}, "condition"),
    ("condition without kind", {"kind": None, "condition": "exposed"}, "condition"),
    ("unknown source", {"source": "rumour"}, "source"),
    ("unknown city", {"city": 12345, "lon": None, "lat": None}, "city"),
    ("endless city", {"city": 10**30, "lon": None, "lat": None}, "city"),
    ("attributes as a list", {"attributes": [1]}, "attributes"),
    ("NUL in an attribute", {"attributes": {"a": ["x\x00"]}}, "attributes.a.0"),
    ("NUL in a name of an attribute", {"attributes": {"a\x00": 1}}, "attributes"),
    ("deep attributes", {"attributes": {"a": deep(50)}}, "attributes.a" + ".0" * 7),
    ("large attributes", {"attributes": {"a": "x" * 40_000}}, "attributes"),
    ("too many attributes", {"attributes": {f"a{n}": n for n in range(101)}}, "attributes"),
    ("photos as a text", {"photos": "all"}, "photos"),
    ("no photo's id", {"photos": ["x"]}, "photos.0"),
    ("nobody's photo", {"photos": [str(uuid4())]}, "photos"),
    ("too many photos", {"photos": [str(uuid4()) for _ in range(21)]}, "photos"),
    ("unknown field", {"colour": "red"}, "colour"),
    ("phone with words", {"contact": {"phone": "call me"}}, "contact.phone"),
    ("endless name", {"contact": {"name": "x" * 61}}, "contact.name"),
    ("NUL in a name", {"contact": {"name": "a\x00"}}, "contact.name"),
    ("unknown way to reach", {"contact": {"fax": "1"}}, "contact.fax"),
    ("id without its source", {"external_id": "7"}, "external_source"),
    ("NUL in an id", {"external_source": "s", "external_id": "a\x00"}, "external_id"),
    ("endless id", {"external_source": "s", "external_id": "a" * 201}, "external_id"),
    ("empty id", {"external_source": "s", "external_id": ""}, "external_id"),
    ("nothing at all", {"kind": None, "text": "  "}, "text"),
]
NAMES = [name for name, _, _ in BAD_REPORTS]


def merged(change: dict[str, Any]) -> dict[str, Any]:
    """A good report with something wrong."""
    return {k: v for k, v in {**GOOD, **change}.items() if v is not None}


def is_problem(answer: Answer, *statuses: int) -> None:
    """Check that an answer is a problem document with reasons."""
    assert answer.status in statuses, answer
    assert answer.kind.startswith("application/problem+json"), answer
    assert answer.body["status"] == answer.status
    assert answer.body["detail"]
    assert all(one["reason"] and one["code"] for one in answer.body.get("errors", []))


@pytest.mark.parametrize(("change", "field"), [row[1:] for row in BAD_REPORTS], ids=NAMES)
def test_a_bad_report_names_its_field(desk: Desk, change: dict[str, Any], field: str) -> None:
    answer = desk.ask("acceptor", "POST", "/cases", merged(change))
    is_problem(answer, 422)
    assert field in answer.fields


def test_in_a_batch_only_the_bad_rows_fail(desk: Desk) -> None:
    bad = [merged(change) for _, change, _ in BAD_REPORTS]
    items = [row for one in bad for row in (one, GOOD)]
    answer = desk.ask("acceptor", "POST", "/cases/batch", {"items": items})
    assert answer.status == 200, answer
    results = answer["results"]
    assert [row["ok"] for row in results] == [False, True] * len(bad)
    for row, (name, _, field) in zip(results[::2], BAD_REPORTS, strict=True):
        assert field in [one["field"] for one in row["problem"]["errors"]], name
    with as_owner():
        assert Case.objects.count() == len(bad)


def test_residents_get_the_same_answers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    door = import_module("chengyun.cases.api.public")
    monkeypatch.setattr(door, "knock", lambda *_, **__: None)
    only_staff = {"condition", "source", "reported_at", "external_source", "external_id"}
    for name, change, field in BAD_REPORTS:
        if only_staff & set(change):
            continue
        answer = desk.ask(None, "POST", "/public/reports", merged(change))
        is_problem(answer, 422)
        assert field in answer.fields, name
    for name in sorted(only_staff):
        answer = desk.ask(None, "POST", "/public/reports", {**GOOD, name: "x"})
        assert answer.fields == [name]


def test_an_external_id_comes_in_once(desk: Desk) -> None:
    named = {**GOOD, "external_source": "hotline-7", "external_id": "A1"}
    assert desk.ask("acceptor", "POST", "/cases", named).status == 201
    again = desk.ask("acceptor", "POST", "/cases", named)
    is_problem(again, 422)
    assert (again.fields, again["errors"][0]["code"]) == (["external_id"], "exists")
    # Also for somebody who sees nothing of the first.
    is_problem(desk.ask("stranger", "POST", "/cases", {**named, "lon": 121.045}), 422)
    rows = [{**named, "external_id": one} for one in ("A1", "B1", "B1", "C1")]
    rows.append({**GOOD, "external_source": "other", "external_id": "A1"})
    answer = desk.ask("acceptor", "POST", "/cases/batch", {"items": rows})
    assert [row["ok"] for row in answer["results"]] == [False, True, False, True, True]


def test_a_photo_stands_on_one_report_of_a_batch(desk: Desk) -> None:
    mine, theirs = desk.photo("acceptor"), desk.photo("shift_leader")
    rows = [
        {**GOOD, "photos": [mine]},
        {**GOOD, "photos": [mine]},
        {**GOOD, "photos": [theirs]},
        GOOD,
    ]
    answer = desk.ask("acceptor", "POST", "/cases/batch", {"items": rows})
    assert [row["ok"] for row in answer["results"]] == [True, False, False, True], answer


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"7", 422),
        (b'{"text": "\xff\xfe"}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b'{"\\ud800": 1}', 400),
        (b'{"lon": NaN, "lat": 1}', 400),
        (b'{"lon": Infinity, "lat": 1}', 400),
        (b'{"lon": 1e999, "lat": 1}', 400),
        (b"[" * 100_000, 400),
        (b'{"attributes":' * 5_000 + b"1" + b"}" * 5_000, 400),
        (b'{"attributes":{"a":' + b"[" * 900 + b"]" * 900 + b'},"text":"x"}', 422),
        (b'{"text": "a\x00b"}', 400),
        (b"\xef\xbb\xbf{}", 400),
        (b"x" * (8 * 1024 * 1024 + 1), 413),
    ],
    ids=str,
)
@pytest.mark.parametrize("door", ["/cases", "/cases/batch", "/public/reports", "/cases/moves"])
def test_a_body_that_is_no_report(desk: Desk, door: str, raw: bytes, status: int) -> None:
    who = None if "public" in door else "acceptor"
    answer = desk.ask(who, "POST", door, raw=raw)
    is_problem(answer, status)
    if status in (400, 422):
        assert answer.fields, answer


def test_a_form_is_no_report(desk: Desk) -> None:
    answer = desk.ask(
        "acceptor", "POST", "/cases", raw=b"text=x", kind="application/x-www-form-urlencoded"
    )
    is_problem(answer, 400, 415, 422)


def test_sizes_are_bounded(desk: Desk) -> None:
    answer = desk.ask("acceptor", "POST", "/cases/batch", {"items": [GOOD] * 1_001})
    is_problem(answer, 422)
    assert answer.fields == ["items"]
    is_problem(desk.ask("acceptor", "POST", "/cases/batch", {"items": []}), 422)
    items = [{"id": str(uuid4())} for _ in range(201)]
    is_problem(
        desk.ask("acceptor", "POST", "/cases/moves", {"move": "accept", "items": items}), 422
    )
    long = desk.ask("acceptor", "POST", "/cases", GOOD, key="k" * 201)
    is_problem(long, 422)
    assert long.fields == ["Idempotency-Key"]


BAD_MOVES: list[tuple[str, dict[str, Any], str]] = [
    ("unknown move", {"move": "fly"}, "move"),
    ("endless move", {"move": "x" * 41}, "move"),
    ("no move", {}, "move"),
    ("system's move", {"move": "tick"}, "move"),
    ("params as a list", {"move": "accept", "params": []}, "params"),
    ("unknown param", {"move": "accept", "params": {"x": 1}}, "params.x"),
    ("note of another type", {"move": "accept", "params": {"note": 1}}, "params.note"),
    ("endless note", {"move": "accept", "params": {"note": "x" * 2_001}}, "params.note"),
    ("NUL in a note", {"move": "accept", "params": {"note": "a\x00"}}, "params.note"),
    ("area elsewhere", {"move": "accept", "params": {"area_no": 5}}, "params.area_no"),
    ("endless area", {"move": "accept", "params": {"area_no": 2**70}}, "params.area_no"),
    ("negative area", {"move": "accept", "params": {"area_no": -1}}, "params.area_no"),
    ("version zero", {"move": "accept", "version": 0}, "version"),
    ("version of another type", {"move": "accept", "version": "x"}, "version"),
    ("no reason", {"move": "reject", "params": {}}, "params.reason"),
    ("blank reason", {"move": "reject", "params": {"reason": "  "}}, "params.reason"),
    ("nobody to merge", {"move": "merge", "params": {"reason": "x"}}, "params.into"),
    ("no id", {"move": "merge", "params": {"into": "x", "reason": "x"}}, "params.into"),
    ("no parts", {"move": "split", "params": {"reason": "x"}}, "params.parts"),
    (
        "21 parts",
        {"move": "split", "params": {"parts": [{}] * 21, "reason": "x"}},
        "params.parts",
    ),
    (
        "part with an id",
        {"move": "split", "params": {"parts": [{"id": "x"}], "reason": "x"}},
        "params.parts",
    ),
    (
        "part of an unknown kind",
        {"move": "split", "params": {"parts": [{"kind_id": "x"}], "reason": "x"}},
        "params.parts.0.kind_id",
    ),
]


@pytest.mark.parametrize(
    ("body", "field"), [row[1:] for row in BAD_MOVES], ids=[row[0] for row in BAD_MOVES]
)
def test_a_bad_move_names_its_field(desk: Desk, body: dict[str, Any], field: str) -> None:
    case = desk.new(kind=None)
    answer = desk.ask("acceptor", "POST", f"/cases/{case.id}/moves", body)
    is_problem(answer, 422)
    assert field in answer.fields, answer
    assert case.detail()["version"] == 2


def test_a_case_is_not_sent_to_a_unit_that_is_not_there(desk: Desk) -> None:
    case = desk.new().does("department", "return_step", reason="x")
    for unit in (str(uuid4()), str(desk.world.users["handler"].id)):
        refused = case.try_("dispatcher", "redispatch", unit=unit, reason="x")
        is_problem(refused, 422)
        assert refused.fields == ["params.unit"]
    refused = case.try_(
        "dispatcher",
        "redispatch",
        unit=str(desk.world.unit("310101-san")),
        co_units=[str(uuid4())],
        reason="x",
    )
    is_problem(refused, 422)
    assert refused.fields == ["params.co_units"]


def test_an_unusual_handler_or_collector_is_refused(desk: Desk) -> None:
    case = desk.new()
    for user in (uuid4(), desk.world.users["other_handler"].id):
        is_problem(case.try_("department", "assign", handler_id=str(user)), 422)
    asked = desk.new(kind=None).does("acceptor", "accept")
    is_problem(asked.try_("acceptor", "verify", collector_id=str(uuid4())), 422)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=flying", "state"),
        ("queue=theirs", "queue"),
        ("area=x", "area"),
        ("area=-1", "area"),
        ("area=99999999999999999999999", "area"),
        ("unit=x", "unit"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("sort=colour", "sort"),
        ("cursor=abc", "cursor"),
        ("cursor=WyJ4IiwieSJd", "cursor"),
        ("cursor=WyIyMDI2LTAxLTAxIiwieSJd", "cursor"),
        ("since=yesterday", "since"),
        ("since=0001-01-01T00:00:00%2B14:00", "since"),
        ("until=9999-12-31T23:59:59-14:00", "until"),
        ("q=" + "x" * 101, "q"),
        ("q=%00", "q"),
        ("kind=%00", "kind"),
        ("overdue=perhaps", "overdue"),
    ],
)
def test_a_bad_filter_names_itself(desk: Desk, query: str, field: str) -> None:
    answer = desk.ask("acceptor", "GET", f"/cases?{query}")
    is_problem(answer, 422)
    assert field in answer.fields


def test_odd_but_harmless_filters(desk: Desk) -> None:
    for query in ("q=%25", "q=_", "q=%27;--", "q=%F0%9F%92%A9", "q=%FF", "state=,", "kind=x"):
        desk.get("acceptor", f"/cases?{query}")


@pytest.mark.parametrize(
    "box", ["", "1,2,3", "a,b,c,d", "nan,0,1,1", "1,1,0,0", "-inf,0,inf,1", "0,0,1,1,1"]
)
def test_a_bad_box_is_refused(desk: Desk, box: str) -> None:
    is_problem(desk.ask("acceptor", "GET", f"/cases/map?bbox={box}"), 422)


@pytest.mark.parametrize("where", ["lon=x&lat=1", "lon=nan&lat=1", "lon=1", "lon=inf&lat=0"])
def test_a_bad_place_nearby(desk: Desk, where: str) -> None:
    is_problem(desk.ask(None, "GET", f"/public/nearby?{where}"), 422)


@pytest.mark.parametrize("code", ["%00", "x" * 400, "%FF", "..%2F..", "%F0%9F%92%A9"])
def test_a_bad_tracking_code_is_unknown(desk: Desk, code: str) -> None:
    answer = desk.ask(None, "GET", f"/public/reports/{code}")
    assert answer.status in (404, 422), answer


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "score"),
        ({"score": 0}, "score"),
        ({"score": 6}, "score"),
        ({"score": "best"}, "score"),
        ({"score": 4.5}, "score"),
        ({"score": 5, "text": "x" * 2_001}, "text"),
        ({"score": 5, "text": "\x00"}, "text"),
    ],
)
def test_a_bad_rating(desk: Desk, body: dict[str, Any], field: str) -> None:
    case = desk.new().does("shift_leader", "force_close", reason="x")
    answer = desk.ask(None, "POST", f"/public/reports/{case.code}/rating", body)
    is_problem(answer, 422)
    assert field in answer.fields


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2_001}, "reason"),
        ({"reason": "not\x00fixed"}, "reason"),
        ({"reason": "not fixed", "photos": ["x"]}, "photos.0"),
        ({"reason": "not fixed", "photos": [str(uuid4())]}, "photos"),
    ],
)
def test_a_bad_wish_to_open_again(desk: Desk, body: dict[str, Any], field: str) -> None:
    case = desk.new().does("shift_leader", "force_close", reason="x")
    answer = desk.ask(None, "POST", f"/public/reports/{case.code}/reopen", body)
    is_problem(answer, 422)
    assert field in answer.fields


def _image(form: str, size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, form)
    return out.getvalue()


HOSTILE = {
    "empty": b"",
    "a page": b"<html><script>alert(1)</script>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a gif": _image("GIF"),
    "a bitmap": _image("BMP"),
    "a tiff": _image("TIFF"),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
    "half a photo": _image("PNG")[:60],
    "a photo's beginning": b"\xff\xd8\xff\xe0" + b"\x00" * 200,
    "a tiny photo": _image("PNG", (2, 2)),
    "a photo too wide": _image("PNG", (9_000, 9_000)),
    "an archive": b"PK\x03\x04" + b"\x00" * 100,
}


@pytest.mark.parametrize("who", ["acceptor", None], ids=["staff", "public"])
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_photo_is_refused(desk: Desk, who: str | None, content: bytes) -> None:
    answer = desk.upload(who, content)
    is_problem(answer, 422)
    assert answer.fields == ["file"]


def test_a_photo_too_large_is_refused(desk: Desk, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000
    is_problem(desk.upload("acceptor", picture() + b"\x00" * 2_000), 413)


def test_an_upload_without_a_file(desk: Desk) -> None:
    is_problem(desk.ask("acceptor", "POST", "/uploads", {}), 400, 422)
    broken = b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nabc"
    for kind in (
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "multipart/form-data; boundary=",
    ):
        answer = desk.ask("acceptor", "POST", "/uploads", raw=broken, kind=kind)
        assert 400 <= answer.status < 500, answer


def test_odd_addresses_are_not_there(desk: Desk) -> None:
    for path in (
        f"/cases/{uuid4()}",
        f"/cases/{uuid4()}/timeline",
        f"/cases/{uuid4()}/photos/{uuid4()}",
        f"/uploads/{uuid4()}",
    ):
        is_problem(desk.ask("acceptor", "GET", path), 404)
    move = {"move": "accept", "params": {}}
    is_problem(desk.ask("acceptor", "POST", f"/cases/{uuid4()}/moves", move), 404)
    reveal = f"/cases/{uuid4()}/reports/{uuid4()}/contact"
    is_problem(desk.ask("acceptor", "POST", reveal, {"reason": "call back"}), 404)


def test_a_past_report_keeps_its_own_time(desk: Desk) -> None:
    then = (desk.clock.at - timedelta(days=400)).isoformat()
    case = desk.new(reported_at=then)
    assert case.detail()["reported_at"][:10] == then[:10]
    assert json.dumps(case.detail().body)
