"""What the desk keeps and shows beside a case: filters, texts, who is on it, its like."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.app.setup.packs import install_rules
from chengyun.cases import jobs
from chengyun.cases.models import Presence
from chengyun.cases.reads import present
from chengyun.cases.reads.presence import GONE_AFTER
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.models import AuditEntry
from chengyun.kernel.scope import bind
from tests.app.world import LITTER, SPOT
from tests.cases.desk import Desk, as_owner

CONTACT = {"name": "欧阳明月", "phone": "139 1234 5678"}


def test_a_filter_is_ones_own_until_it_is_shared(desk: Desk) -> None:
    body = {"name": "本区垃圾", "query": {"kind": LITTER, "queue": "all"}}
    assert desk.ask("acceptor", "POST", "/filters", body).status == 201
    assert [one["name"] for one in desk.get("acceptor", "/filters")["items"]] == ["本区垃圾"]
    # The shift leader works in the same unit, the dispatcher in another.
    assert desk.get("shift_leader", "/filters")["items"] == []
    shared = desk.ask("acceptor", "POST", "/filters", {**body, "shared": True})
    (seen,) = desk.get("shift_leader", "/filters")["items"]
    assert (seen["id"], seen["mine"], seen["query"]) == (shared["id"], False, body["query"])
    assert desk.get("dispatcher", "/filters")["items"] == []
    assert desk.ask("shift_leader", "DELETE", f"/filters/{shared['id']}").status == 404
    assert desk.ask("acceptor", "DELETE", f"/filters/{shared['id']}").status == 200
    assert desk.get("acceptor", "/filters")["items"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": " ", "query": {}}, "name"),
        ({"name": "x" * 61, "query": {}}, "name"),
        ({"name": "x", "query": {"q": "y" * 201}}, "q"),
        ({"name": "x", "query": {}, "owner": "z"}, "owner"),
    ],
)
def test_a_bad_filter_names_its_field(desk: Desk, body: dict, field: str) -> None:
    answer = desk.ask("acceptor", "POST", "/filters", body)
    assert answer.status == 422
    assert any(field in one for one in answer.fields), answer.fields


def test_the_database_itself_hides_anothers_filter(desk: Desk) -> None:
    desk.ask("acceptor", "POST", "/filters", {"name": "mine", "query": {}})
    bind(desk.world.actor("dispatcher").scope())
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cy.self', '{}', true)")
        cursor.execute("SELECT count(*) FROM cases_savedfilter")
        assert cursor.fetchone() == (0,)


def test_texts_of_the_pack_name_the_cases_own_facts(desk: Desk) -> None:
    with as_owner():
        install_rules(load_catalog(default_roots()), desk.clock.at)
    case = desk.new(address="人民路1号")
    items = desk.get("acceptor", f"/cases/{case.id}/texts")["items"]
    (verify,) = [one for one in items if one["id"] == "base/verify-place"]
    assert verify["text"]["zh"] == "请到人民路1号核实是否存在“暴露生活垃圾”，并拍照。"
    assert (verify["own"], verify["verified"]) == (False, False)
    assert verify["source"]
    # What the case does not have stays a gap to fill.
    bare = desk.new(address="", lon=SPOT[0] + 0.01)
    items = desk.get("acceptor", f"/cases/{bare.id}/texts")["items"]
    assert "{place}" in next(one for one in items if one["id"] == "base/verify-place")["text"]["zh"]


def test_a_unit_keeps_texts_of_its_own(desk: Desk) -> None:
    case = desk.new()
    body = {"moves": ["reject"], "title": "重复", "text": "{no} 重复反映"}
    made = desk.ask("acceptor", "POST", "/texts", body)
    assert made.status == 201
    own = [
        one for one in desk.get("shift_leader", f"/cases/{case.id}/texts")["items"] if one["own"]
    ]
    assert [one["text"]["zh"] for one in own] == [f"{case.no} 重复反映"]
    assert not [
        one for one in desk.get("dispatcher", f"/cases/{case.id}/texts")["items"] if one["own"]
    ]
    path = f"/texts/{made['id']}"
    assert desk.ask("dispatcher", "PUT", path, body).status == 404
    assert desk.ask("collector", "PUT", path, body).status == 403
    assert desk.ask("shift_leader", "PUT", path, {**body, "title": "又重复"}).status == 200
    bad = desk.ask("acceptor", "POST", "/texts", {**body, "moves": ["fly"]})
    assert (bad.status, bad.fields) == (422, ["moves"])
    assert desk.ask("acceptor", "DELETE", path).status == 200


def here(desk: Desk, case_id: str) -> list[dict]:
    with as_owner():
        bind(SYSTEM.scope())
        rows = present(desk.clock.at)
    return [
        one
        for k, row in rows.items()
        if str(k) == case_id
        for one in json.loads(row.payload)["people"]
    ]


def test_presence_lasts_seconds_and_only_where_the_case_is_seen(desk: Desk) -> None:
    case, tab = desk.new(), str(uuid4())
    path = f"/cases/{case.id}/presence"
    before = AuditEntry.objects.filter(subject_id=case.id).count()
    assert desk.ask("acceptor", "PUT", path, {"tab": tab}).status == 204
    assert [one["doing"] for one in here(desk, case.id)] == ["looking"]
    assert desk.ask("acceptor", "PUT", path, {"tab": tab, "doing": "acting"}).status == 204
    (one,) = here(desk, case.id)
    assert one["doing"] == "acting"
    assert desk.ask("stranger", "PUT", path, {"tab": str(uuid4())}).status == 404
    # Another's window is nobody else's to move.
    assert desk.ask("shift_leader", "DELETE", f"/presence/{tab}").status == 204
    assert len(here(desk, case.id)) == 1
    other = desk.new(lon=SPOT[0] + 0.01)
    desk.ask("acceptor", "PUT", f"/cases/{other.id}/presence", {"tab": tab})
    assert (here(desk, case.id), len(here(desk, other.id))) == ([], 1)
    assert desk.ask("acceptor", "DELETE", f"/presence/{tab}").status == 204
    assert here(desk, other.id) == []
    desk.ask("acceptor", "PUT", path, {"tab": tab})
    desk.clock.at += GONE_AFTER + timedelta(seconds=1)
    assert here(desk, case.id) == []
    with as_owner():
        assert jobs.gone_presence(desk.clock.at, 100) == 1
        assert Presence.objects.count() == 0
    assert AuditEntry.objects.filter(subject_id=case.id).count() == before


def test_similar_cases_say_why(desk: Desk) -> None:
    first = desk.new()
    desk.clock.pass_(hours=3)
    again = desk.new(lon=SPOT[0] + 0.0003)
    far = desk.new(lon=SPOT[0] + 0.01)
    found = desk.get("acceptor", f"/cases/{again.id}/similar")["items"]
    assert [one["case"]["id"] for one in found] == [first.id]
    assert found[0]["reason"]["zh"] == "同类别，相距29米，3小时前上报"
    assert far.id not in [one["case"]["id"] for one in found]
    assert desk.ask("stranger", "GET", f"/cases/{again.id}/similar").status == 404


def test_a_reporters_other_cases_are_found_and_the_look_is_on_record(desk: Desk) -> None:
    first = desk.new(contact=CONTACT)
    second = desk.new(contact={"name": "欧", "phone": "13912345678"}, lon=SPOT[0] + 0.01)
    desk.new(contact={"name": "欧阳明月", "phone": "13900000000"}, lon=SPOT[0] + 0.012)
    hidden = desk.new("stranger", contact=CONTACT, lon=SPOT[0] + 0.05)
    report = second.detail()["report_list"][0]["id"]
    path = f"/cases/{second.id}/reports/{report}/history"
    told = desk.ask("acceptor", "POST", path)
    assert told.status == 200, told
    assert [one["id"] for one in told["items"]] == [first.id]
    assert hidden.id not in json.dumps(told.body)
    assert "13912345678" not in json.dumps(told.body)
    assert AuditEntry.objects.filter(verb="cases.reporter_history", subject_id=second.id).exists()
    assert desk.ask("department", "POST", path).status in (403, 404)
    assert desk.ask("stranger", "POST", path).status == 404


def test_the_queue_is_narrowed_by_clock_and_source(desk: Desk) -> None:
    case = desk.new(source="hotline")
    detail = case.detail().body
    clocks = {}
    for name in ("fresh", "half", "near", "late"):
        rows = desk.get("acceptor", f"/cases?clock={name}")["items"]
        clocks[name] = [one["id"] for one in rows]
    assert clocks == {"fresh": [case.id], "half": [], "near": [], "late": []}
    clock = detail["stage_clocks"][-1]
    assert clock["due_at"] > clock["started_at"]
    desk.clock.pass_(days=30)
    assert [one["id"] for one in desk.get("acceptor", "/cases?clock=late")["items"]] == [case.id]
    assert desk.get("acceptor", "/cases?clock=fresh")["items"] == []
    assert desk.get("acceptor", "/cases?source=video")["items"] == []
    assert len(desk.get("acceptor", "/cases?source=hotline")["items"]) == 1
    answer = desk.ask("acceptor", "GET", "/cases?clock=soon")
    assert (answer.status, answer.fields) == (422, ["clock"])


def test_too_many_for_the_map_are_summed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chengyun.cases.reads.mapped.MAP_CAP", 2)
    for n in range(4):
        desk.new(lon=SPOT[0] + 0.004 * n)
    answer = desk.get("acceptor", "/cases/map?bbox=120,30,122,32")
    assert (answer["items"], answer["truncated"]) == ([], True)
    assert sum(one["n"] for one in answer["clusters"]) == 4


def test_every_post_gets_its_counts(desk: Desk) -> None:
    desk.new()
    for who in ("acceptor", "dispatcher", "department", "handler", "leader", "evaluator"):
        told = desk.get(who, "/cases/counts")
        assert sum(told["mine"].values()) == told["queue"]["mine"]
    assert desk.get("evaluator", "/cases/counts")["mine"] == {}
