"""The doors of dispatch: first who may not come in, then what they answer."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT

from chengyun.dispatch import verbs
from chengyun.dispatch.models import DutyList, RouteOutcome
from chengyun.kernel.actor import Actor
from tests.dispatch.conftest import NOW, Call, MakeCase, person
from tests.dispatch.decide.world import CITY, LITTER, N1, N1_CLEAN, N1_OFFICE, entry

CONTENT = {"id": "ours", "version": "1", "entries": [entry("a")]}
ID = "{id}"
ROUTES: list[tuple[str, str, Any]] = [
    ("get", "/duty-lists", None),
    ("post", "/duty-lists", {"city": CITY, "content": CONTENT}),
    ("post", "/duty-lists/import", None),
    ("get", f"/duty-lists/quality?city={CITY}", None),
    ("get", f"/duty-lists/{ID}", None),
    ("get", f"/duty-lists/{ID}/csv", None),
    ("get", f"/duty-lists/{ID}/yaml", None),
    ("post", f"/duty-lists/{ID}/compare", {"case": str(uuid4())}),
    ("post", f"/duty-lists/{ID}/activate", None),
    ("post", f"/duty-lists/{ID}/retire", {"reason": "x"}),
    ("get", f"/duty-lists/{ID}/conflicts", None),
    ("get", f"/duty-lists/{ID}/gaps", None),
    ("post", f"/duty-lists/{ID}/dry-run", {}),
    ("post", f"/duty-lists/{ID}/route", {"kind": LITTER}),
    ("get", "/cases/{case}/officers", None),
    ("get", "/skills", None),
    ("post", "/skills", {"appointment": str(uuid4()), "kinds": "S/*", "level": 1}),
    ("delete", "/skills/{case}", None),
]


@pytest.fixture
def row(city: int, author: Actor) -> DutyList:
    made = verbs.save_draft(author, now=NOW, city_no=CITY, content=CONTENT)
    return DutyList.objects.get(pk=made["id"])


@pytest.mark.parametrize(("method", "route", "body"), ROUTES)
def test_nobody_comes_in_without_signing_in(
    call: Call, row: DutyList, method: str, route: str, body: Any
) -> None:
    answer = call(None, method, route.format(id=row.id, case=uuid4()), body)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "route", "body"), [r for r in ROUTES if "{" in r[1] or r[1].endswith(str(CITY))]
)
def test_a_stranger_finds_nothing(
    call: Call,
    row: DutyList,
    stranger: Actor,
    make_case: MakeCase,
    method: str,
    route: str,
    body: Any,
) -> None:
    case = make_case(lead_unit=N1_CLEAN.id, unit_ids=[N1_CLEAN.id])
    for number in (row.id, uuid4()):
        answer = call(stranger, method, route.format(id=number, case=case.id), body)
        assert answer.status_code == 404, answer.content


def test_a_stranger_writes_nothing(call: Call, city: int, stranger: Actor) -> None:
    answer = call(stranger, "post", "/duty-lists", {"city": CITY, "content": CONTENT})
    assert answer.status_code == 404
    assert call(stranger, "get", "/duty-lists").json() == {"items": [], "next": None}
    assert not DutyList.objects.exists()


def test_a_list_goes_from_draft_to_force_to_retirement(
    call: Call, city: int, author: Actor, leader: Actor
) -> None:
    made = call(author, "post", "/duty-lists", {"content": CONTENT})
    assert made.status_code == 201, made.content
    route = f"/duty-lists/{made.json()['id']}"
    assert call(author, "post", f"{route}/activate").status_code == 403
    done = call(leader, "post", f"{route}/activate")
    assert (done.status_code, done.json()["status"]) == (200, "active")
    found = call(author, "get", route).json()
    assert (found["activated_by_name"], found["content"]["entries"][0]["id"]) == ("leader", "a")
    listed = call(author, "get", "/duty-lists?status=active").json()
    assert [one["id"] for one in listed["items"]] == [found["id"]]
    assert "content" not in listed["items"][0]
    assert call(author, "post", "/duty-lists", {"content": CONTENT}).status_code == 409
    table = call(author, "get", f"{route}/csv")
    assert table.content.decode().startswith("id,kinds,area")
    assert table["Content-Type"] == "text/csv"
    gone = call(leader, "post", f"{route}/retire", {"reason": "no more"})
    assert gone.json()["status"] == "retired"


def test_faults_of_a_draft_are_named(call: Call, city: int, author: Actor) -> None:
    for content, field in (
        ({}, "entries"),
        ({**CONTENT, "entries": [{**entry("a"), "kinds": []}]}, "entries.0.kinds"),
        ({**CONTENT, "source": "a\x00b"}, "source"),
    ):
        answer = call(author, "post", "/duty-lists", {"content": content})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field
    for city_no in (5, N1, 2**70, -1):
        answer = call(author, "post", "/duty-lists", {"city": city_no, "content": CONTENT})
        assert answer.status_code == 422


def test_a_file_is_taken_by_upload(call: Call, city: int, author: Actor) -> None:
    data = {
        "file": SimpleUploadedFile("list.csv", b"id,kinds,lead_org\na,S/*,U5\nb,,U5\n"),
        "name": "table",
        "version": "1",
        "effective_from": "2026-01-01",
    }
    route, kind = "/duty-lists/import", MULTIPART_CONTENT
    answer = call(author, "post", route, data, content_type=kind)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["read"], told["imported"], told["rejected"]) == (2, 1, 1)
    assert told["rejects"] == [
        {
            "row": 2,
            "field": "kinds",
            "reason": "must name at least one kind",
            "code": "no_kind",
        }
    ]


def test_a_dry_run_and_a_try_answer_by_name(
    call: Call, row: DutyList, author: Actor, make_case: MakeCase
) -> None:
    make_case()
    diff = call(author, "post", f"/duty-lists/{row.id}/dry-run", {"limit": 10}).json()
    assert (diff["total"], diff["newly_matched"]) == (1, 1)
    assert diff["moves"][0]["after"]["id"] == str(N1_CLEAN.id)
    assert diff["moves"][0]["before"] is None
    wrong = call(author, "post", f"/duty-lists/{row.id}/dry-run", {"limit": 10**9})
    assert wrong.json()["errors"][0]["field"] == "limit"
    tried = call(author, "post", f"/duty-lists/{row.id}/route", {"kind": LITTER, "area": N1})
    assert tried.json()["lead"]["id"] == str(N1_CLEAN.id)
    for area in (0, -5, 2**80):
        lost = call(author, "post", f"/duty-lists/{row.id}/route", {"kind": LITTER, "area": area})
        assert lost.status_code == 200
        assert lost.json()["lead"] is None


def test_reports_answer(call: Call, row: DutyList, author: Actor) -> None:
    assert call(author, "get", f"/duty-lists/{row.id}/conflicts").json() == {"items": []}
    assert call(author, "get", f"/duty-lists/{row.id}/gaps").json() == {"items": []}
    assert call(author, "get", "/duty-lists/quality").json() == {"items": []}
    collector = person("collector", "collector")
    assert call(collector, "get", "/duty-lists/quality").status_code == 403
    bad = call(author, "get", "/duty-lists/quality?rule_version=%00")
    assert bad.status_code == 422


def test_officers_answer(call: Call, author: Actor, make_case: MakeCase) -> None:
    case = make_case(lead_unit=N1_CLEAN.id, unit_ids=[N1_CLEAN.id])
    route = f"/cases/{case.id}/officers"
    assert call(author, "get", route).json() == {"items": []}
    assert call(author, "get", f"{route}?unit={N1_OFFICE.id}").status_code == 404
    assert call(author, "get", f"{route}?unit=x").status_code == 422


def test_a_repeated_key_makes_one_draft(call: Call, city: int, author: Actor) -> None:
    headers = {"Idempotency-Key": "one"}
    body = {"content": CONTENT}
    first = call(author, "post", "/duty-lists", body, headers=headers)
    again = call(author, "post", "/duty-lists", body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    other = {"content": {**CONTENT, "version": "2"}}
    assert call(author, "post", "/duty-lists", other, headers=headers).status_code == 409


def test_a_draft_written_from_an_older_one_is_refused(
    call: Call, city: int, author: Actor, row: DutyList
) -> None:
    """Two windows of one author: the second sees that the draft is no longer what it was."""
    newer = {**CONTENT, "source": "by hand"}
    first = {"city": CITY, "content": newer, "base": row.hash}
    assert call(author, "post", "/duty-lists", first).status_code == 201
    late = call(author, "post", "/duty-lists", {"city": CITY, "content": CONTENT, "base": row.hash})
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    now = call(author, "get", f"/duty-lists/{row.id}").json()
    assert now["source"] == "by hand"
    assert late.json()["hash"] == now["hash"]


def test_yaml_goes_out_and_comes_back(call: Call, author: Actor, row: DutyList) -> None:
    told = call(author, "get", f"/duty-lists/{row.id}/yaml")
    assert told["Content-Type"] == "application/yaml"
    back = SimpleUploadedFile("list.yaml", told.content)
    made = verbs.import_list(
        author,
        now=NOW,
        city_no=CITY,
        file_name="list.yaml",
        data=back.read(),
        head=verbs.Head(version="2"),
    )
    assert DutyList.objects.get(pk=made["id"]).content["entries"] == row.content["entries"]


def test_one_case_by_both_lists_with_reasons(
    call: Call, author: Actor, row: DutyList, make_case: MakeCase
) -> None:
    case = make_case()
    told = call(author, "post", f"/duty-lists/{row.id}/compare", {"case": str(case.id)}).json()
    assert (told["no"], told["before"]["lead"]) == (case.no, None)
    assert told["after"]["lead"]["id"] == str(N1_CLEAN.id)
    assert "a" in told["after"]["reasons"][0]["en"]
    wrong = {"case": str(case.id), "against": "tomorrow"}
    assert call(author, "post", f"/duty-lists/{row.id}/compare", wrong).status_code == 422
    gone = call(author, "post", f"/duty-lists/{row.id}/compare", {"case": str(uuid4())})
    assert gone.status_code == 404


def test_a_rule_opens_its_cases(
    call: Call, city: int, author: Actor, stranger: Actor, make_case: MakeCase
) -> None:
    case = make_case()
    RouteOutcome.objects.create(
        case_id=case.id,
        case_version=1,
        city_no=CITY,
        area_no=N1,
        kind_id=LITTER,
        rule="a",
        rule_version="ours@1",
        unit=N1_CLEAN.id,
        dispatched_at=NOW,
        outcome="returned",
    )
    door = f"/duty-lists/quality/cases?city={CITY}&rule=a&rule_version=ours@1"
    found = call(author, "get", door).json()["items"]
    assert [(one["no"], one["outcome"]) for one in found] == [(case.no, "returned")]
    assert call(author, "get", f"{door}&outcome=accurate").json()["items"] == []
    assert call(stranger, "get", door).status_code == 404
