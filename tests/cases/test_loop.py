"""The loop through its HTTP door: from arrival to the archive, with every side move."""

from datetime import timedelta
from math import cos, radians, sin
from uuid import UUID

import pytest

from chengyun.app.sweep import sweep
from chengyun.cases.models import Case, Report, ReporterMessage
from chengyun.cases.reads.similar import METRES_PER_DEGREE, cell_of, cells_around
from chengyun.cases.verbs import moves
from tests.app.world import LITTER, SPOT
from tests.cases.desk import Desk, as_owner


def test_from_arrival_to_the_archive(desk: Desk) -> None:
    case = desk.new()
    assert case.state == "pending_handle"
    case.closed()
    assert case.state == "closed"
    answer = desk.ask(None, "POST", f"/public/reports/{case.code}/rating", {"score": 4})
    assert answer.status == 200, answer
    assert case.track()["rating"] == 4
    assert case.track()["can_rate"] is False
    case.refused("shift_leader", "archive", 409, "too_early")
    desk.clock.pass_(days=16)
    assert sweep(desk.clock.at) == 1
    assert case.detail()["state"] == "archived"
    assert case.told()[-1] == "CaseArchived"


def test_each_stage_by_hand(desk: Desk) -> None:
    case = desk.new(kind=None)
    assert case.state == "pending_accept"
    case.does("acceptor", "accept").does("acceptor", "verify").does(
        "collector", "verify_result", exists=True, photos=[desk.photo("collector")]
    )
    case.does("shift_leader", "file", kind_id=LITTER, condition_id="exposed")
    assert case.state == "pending_handle", "the duty list knows whose it is"
    assert case.detail()["lead_unit"]["id"] == str(desk.world.unit("310101001-san"))


def test_a_returned_case_is_never_routed_back_to_who_refused_it(desk: Desk, monkeypatch) -> None:
    asked = []
    router = moves.router()

    class Spy:
        def route(self, queries, *, city):
            asked.extend(queries)
            return router.route(queries, city=city)

    monkeypatch.setattr(moves, "router", Spy)
    case = desk.new()
    first = desk.world.unit("310101001-san")
    case.does("department", "return_step", reason="not ours")
    assert case.state == "returned"
    case.does("dispatcher", "redispatch", unit=str(desk.world.unit("310101-san")), reason="theirs")
    case.does("other_department", "return_step", reason="nor ours")
    case.does("dispatcher", "return_step", reason="the kind is doubtful")
    assert case.state == "pending_accept"
    case.does("acceptor", "accept")
    case.does("shift_leader", "file", kind_id=LITTER, condition_id="exposed")
    assert set(asked[-1].exclude) == {first, desk.world.unit("310101-san")}
    assert case.detail("dispatcher")["lead_unit"] is None or case.detail("dispatcher")["lead_unit"][
        "id"
    ] not in {str(first), str(desk.world.unit("310101-san"))}


def test_a_returned_case_shows_fresh_candidates_and_who_gave_it_back_last(desk: Desk) -> None:
    case = desk.new()
    first, other = desk.world.unit("310101001-san"), desk.world.unit("310101-san")
    assert case.detail("dispatcher")["candidates"] == [], "the list was sure of its unit"
    case.does("department", "return_step", reason="not ours")
    found = case.detail("dispatcher")["candidates"]
    assert [one["returned"] for one in found[:-1]] == [None] * (len(found) - 1)
    assert (found[-1]["unit"]["id"], found[-1]["returned"]) == (str(first), "not ours")
    assert str(other) in {one["unit"]["id"] for one in found[:-1]}
    assert all(one["reason"]["zh"] and one["reason"]["en"] for one in found)
    case.does("dispatcher", "redispatch", unit=str(other), reason="theirs")
    case.does("other_department", "return_step", reason="nor ours")
    again = case.detail("dispatcher")["candidates"][-2:]
    assert [(one["unit"]["id"], one["returned"]) for one in again] == [
        (str(first), "not ours"),
        (str(other), "nor ours"),
    ]


def test_who_gave_a_case_back_loses_sight_of_it_once_another_has_it(desk: Desk) -> None:
    case = desk.new()
    case.does("department", "return_step", reason="not ours")
    case.does("dispatcher", "redispatch", unit=str(desk.world.unit("310101-san")), reason="x")
    assert desk.ask("department", "GET", f"/cases/{case.id}").status == 404
    assert desk.ask("department", "GET", f"/cases/{case.id}/timeline").status == 404


def test_rework_needs_a_new_photo(desk: Desk) -> None:
    case = desk.new().handled().does("department", "feedback")
    case.refused("collector", "check_result", 422, "missing", passed=False)
    case.does("collector", "check_result", passed=False, note="still dirty")
    assert case.state == "pending_handle"
    assert case.detail()["reworks"] == 1
    old = [photo["id"] for photo in case.detail()["photos"]]
    case.does("department", "assign", handler_id=str(desk.world.users["handler"].id))
    case.refused("handler", "handle", 422, "missing", after=old)
    case.does("handler", "handle", after=[desk.photo("handler")])


def test_evidence_is_compulsory(desk: Desk) -> None:
    case = desk.new().does("department", "assign", handler_id=str(desk.world.users["handler"].id))
    case.does("handler", "start")
    refused = case.refused("handler", "handle", 422, "missing", note="believe me")
    assert refused.fields == ["params.after"]


def test_two_extensions_and_no_third(desk: Desk) -> None:
    case = desk.new()
    due = case.detail()["due_at"]
    for _ in range(2):
        case.does("department", "request_extension", reason="rain")
        case.refused("department", "request_extension", 409, "pending", reason="again")
        case.does("dispatcher", "approve_extension")
        later = case.detail()["due_at"]
        assert later > due
        due = later
    case.refused("department", "request_extension", 409, "limit_reached", reason="more")
    assert case.detail()["extensions"] == 2


def test_an_extension_may_be_refused(desk: Desk) -> None:
    case = desk.new().does("department", "request_extension", reason="rain")
    case.does("dispatcher", "refuse_extension", reason="no")
    assert case.detail()["extensions"] == 0


def test_a_suspended_case_resumes_by_itself(desk: Desk) -> None:
    case = desk.new()
    until = desk.clock.at + timedelta(days=10)
    beyond = desk.clock.at + timedelta(days=400)
    case.refused(
        "department", "request_suspension", 422, "invalid", until=beyond.isoformat(), reason="x"
    )
    case.does("department", "request_suspension", until=until.isoformat(), reason="ice")
    case.does("dispatcher", "approve_suspension")
    assert (case.state, case.detail()["clock"]) == ("suspended", "paused")
    desk.clock.at = until + timedelta(seconds=1)
    assert sweep(desk.clock.at) == 1
    assert case.detail()["state"] == "pending_handle"
    assert case.detail()["clock"] == "ok"
    case.refused(
        "department",
        "request_suspension",
        409,
        "limit_reached",
        until=(desk.clock.at + timedelta(days=5)).isoformat(),
        reason="again",
    )
    early = desk.new(lon=SPOT[0] + 0.01)
    early.does(
        "department",
        "request_suspension",
        until=(desk.clock.at + timedelta(days=5)).isoformat(),
        reason="ice",
    )
    early.does("dispatcher", "approve_suspension").does("dispatcher", "resume")
    assert early.state == "pending_handle"


def test_supervise_urge_escalate(desk: Desk) -> None:
    case = desk.new().does("leader", "supervise", listed=True, note="look after it")
    assert case.detail()["supervised"] >= 1
    case.does("dispatcher", "urge", note="please")
    case.does("shift_leader", "escalate", reason="school nearby")
    case.does("leader", "escalate", reason="city", level="city")
    case.refused("leader", "escalate", 409, "limit_reached", reason="x")
    assert case.told()[-4:] == [
        "SupervisionOrdered",
        "CaseUrged",
        "CaseEscalated",
        "CaseEscalated",
    ]


def test_every_reporter_of_a_merged_case_is_told(desk: Desk) -> None:
    survivor = desk.new()
    merged = desk.new(lon=SPOT[0] + 0.0001)
    other = desk.new(lon=SPOT[0] + 0.0002)
    other.does("acceptor", "merge", into=merged.id, reason="the same")
    merged.does("acceptor", "merge", into=survivor.id, reason="the same")
    assert merged.state == "merged"
    assert survivor.detail()["reports"] == 3
    assert len(survivor.detail()["report_list"]) == 3
    for case in (merged, other):
        page = case.track()
        assert page["no"] == survivor.no
        assert any(survivor.no in message["text"]["zh"] for message in page["messages"])
    assert survivor.track()["messages"] == []
    assert merged.detail()["merged_into"]["id"] == survivor.id
    with as_owner():
        assert ReporterMessage.objects.count() == 3
        assert set(Report.objects.values_list("case_id", flat=True)) == {UUID(survivor.id)}
    merged.refused("acceptor", "merge", 409, "wrong_state", into=survivor.id, reason="x")
    survivor.refused("acceptor", "merge", 422, "invalid", into=survivor.id, reason="self")


def test_a_case_is_not_merged_into_one_out_of_sight(desk: Desk) -> None:
    mine = desk.new()
    theirs = desk.new("stranger", lon=SPOT[0] + 0.05)
    refused = mine.try_("acceptor", "merge", into=theirs.id, reason="x")
    assert refused.status == 404


def test_the_merged_reporter_may_rate_the_surviving_case(desk: Desk) -> None:
    survivor, merged = desk.new(), desk.new(lon=SPOT[0] + 0.0001)
    merged.does("acceptor", "merge", into=survivor.id, reason="the same")
    survivor.closed()
    answer = desk.ask(None, "POST", f"/public/reports/{merged.code}/rating", {"score": 2})
    assert (answer.status, answer["no"]) == (200, survivor.no)


def test_a_split_makes_cases_of_their_own(desk: Desk) -> None:
    case = desk.new(kind=None)
    case.does("acceptor", "split", parts=[{"kind_id": LITTER}, {}], reason="two different things")
    queue = desk.get("acceptor", "/cases?queue=mine")["items"]
    parts = [row for row in queue if row["no"] != case.no]
    assert len(parts) == 2
    assert {row["state"] for row in parts} == {"pending_accept"}
    assert all(row["lon"] == SPOT[0] for row in parts)
    assert len({row["no"] for row in parts} | {case.no}) == 3
    assert desk.get("acceptor", f"/cases/{parts[0]['id']}")["state"] == "pending_accept"


def test_the_form_of_a_split_asks_for_nothing_the_door_refuses(desk: Desk) -> None:
    case = desk.new(kind=None)
    split = next(m for m in case.detail()["moves"] if m["move"] == "split")
    part = split["params"]["properties"]["parts"]["items"]
    assert set(part["properties"]) == {"kind_id"}
    assert not part.get("required")


def test_co_handlers_report_before_the_department_goes_on(desk: Desk) -> None:
    case = desk.new().does(
        "dispatcher", "join_handling", unit=str(desk.world.unit("310101-san")), reason="a lorry"
    )
    assert [unit["id"] for unit in case.detail()["co_units"]] == [
        str(desk.world.unit("310101-san"))
    ]
    case.handled()
    case.refused("department", "feedback", 409, "pending")
    case.does("other_department", "co_feedback", photos=[desk.photo("other_department")])
    case.refused("other_department", "co_feedback", 409, "nothing_pending")
    case.does("department", "feedback")


def test_void_is_asked_by_one_and_granted_by_another(desk: Desk) -> None:
    case = desk.new()
    case.refused("shift_leader", "void", 409, "nothing_pending", reason="x")
    case.does("department", "request_void", reason="not there")
    case.does("shift_leader", "refuse_void", reason="look again")
    case.does("department", "request_void", reason="really not there")
    case.does("shift_leader", "void")
    assert case.state == "voided"
    page = case.track()
    assert (page["can_rate"], page["can_reopen"]) == (False, False)


def test_a_reporter_opens_it_again(desk: Desk) -> None:
    case = desk.new().closed()
    photo = desk.photo(None)
    body = {"reason": "it is still there", "photos": [photo]}
    answer = desk.ask(None, "POST", f"/public/reports/{case.code}/reopen", body, key="again")
    assert (answer.status, answer["state"]) == (200, "pending_accept")
    replay = desk.ask(None, "POST", f"/public/reports/{case.code}/reopen", body, key="again")
    assert (replay.status, replay["state"]) == (200, "pending_accept")
    late = desk.new(lon=SPOT[0] + 0.01).closed()
    desk.clock.pass_(days=16)
    refused = desk.ask(None, "POST", f"/public/reports/{late.code}/reopen", {"reason": "late"})
    assert refused.status == 409, refused


def test_an_appeal_against_overtime_is_reviewed_twice(desk: Desk) -> None:
    case = desk.new()
    desk.clock.pass_(days=3)
    assert sweep(desk.clock.at) == 1
    case.closed()
    assert case.detail()["overtime"] == ["dispose"]
    case.does("department", "appeal", reason="road was closed")
    case.does("dispatcher", "review_appeal", granted=True)
    case.does("acceptor", "review_appeal", granted=True)
    assert case.detail()["appeal"] == "granted"
    case.refused("department", "appeal", 409, "limit_reached", reason="more")


def test_force_close_is_the_shift_leaders_alone(desk: Desk) -> None:
    case = desk.new()
    case.refused("dispatcher", "force_close", 403, "not_yours", reason="x")
    case.does("shift_leader", "force_close", reason="the house is gone")
    assert case.state == "force_closed"


def test_the_same_trouble_again_is_linked(desk: Desk) -> None:
    first = desk.new().closed()
    desk.clock.pass_(days=5)
    again = desk.new()
    assert again.detail()["recurrence_of"]["id"] == first.id


@pytest.mark.parametrize(
    ("east", "hours", "suggested"),
    [(0.0004, 23, True), (0.0004, 25, False), (0.0006, 1, False)],
    ids=["38 m", "38 m but yesterday", "57 m"],
)
def test_duplicates_are_suggested_within_50_m_and_24_h(
    desk: Desk, east: float, hours: int, suggested: bool
) -> None:
    first = desk.new()
    desk.clock.pass_(hours=hours)
    second = desk.new(lon=SPOT[0] + east)
    found = [row["id"] for row in second.detail()["duplicates"]]
    assert found == ([first.id] if suggested else [])


def test_a_shift_leaders_desk_moves_many_at_once(desk: Desk) -> None:
    cases = [desk.new(kind=None, lon=SPOT[0] + 0.001 * n) for n in range(3)]
    gone = desk.new("stranger", kind=None, lon=SPOT[0] + 0.05)
    cases[1].does("acceptor", "reject", reason="nonsense")
    items = [
        {"id": cases[0].id},
        {"id": cases[1].id},
        {"id": gone.id},
        {"id": cases[2].id, "version": 1},
    ]
    body = {"move": "accept", "params": {}, "items": items}
    answer = desk.ask("acceptor", "POST", "/cases/moves", body, key="bulk")
    assert answer.status == 200, answer
    results = answer["results"]
    assert [row["ok"] for row in results] == [True, False, False, False]
    assert [row["problem"]["code"] for row in results[1:]] == ["wrong_state", "not_found", "stale"]
    assert results[0]["state"] == "pending_file"
    replay = desk.ask("acceptor", "POST", "/cases/moves", body, key="bulk")
    assert replay["results"] == results
    assert desk.get("acceptor", f"/cases/{cases[0].id}")["state"] == "pending_file"


def test_of_two_writers_one_is_told_that_the_case_moved_on(desk: Desk) -> None:
    case = desk.new(kind=None)
    seen = case.detail()["version"]
    for who, status in (("acceptor", 200), ("shift_leader", 409)):
        body = {"move": "accept", "version": seen, "params": {}}
        answer = desk.ask(who, "POST", f"/cases/{case.id}/moves", body)
        assert answer.status == status
    assert answer["code"] == "stale"


def test_a_key_is_replayed_and_never_reused(desk: Desk) -> None:
    body = {"text": "垃圾", "lon": SPOT[0], "lat": SPOT[1]}
    first, second = (desk.ask("acceptor", "POST", "/cases", body, key="k1") for _ in range(2))
    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body
    other = desk.ask("acceptor", "POST", "/cases", {**body, "text": "其他"}, key="k1")
    assert (other.status, other["code"]) == (409, "key_reused")
    theirs = desk.ask("shift_leader", "POST", "/cases", body, key="k1")
    assert theirs["id"] != first["id"], "keys belong to whoever sends them"
    with as_owner():
        assert Case.objects.count() == 2


def test_photos_used_twice_are_shown_and_others_photos_refused(desk: Desk) -> None:
    first = desk.new(photos=[desk.photo("acceptor", 7)])
    second = desk.new(lon=SPOT[0] + 0.01, photos=[desk.photo("acceptor", 7)])
    assert [p["seen_elsewhere"] for p in first.detail()["photos"]] == [True]
    assert [p["seen_elsewhere"] for p in second.detail()["photos"]] == [True]
    third = desk.new(
        lon=SPOT[0] + 0.02, photos=[desk.photo("acceptor", 9), desk.photo("acceptor", 9)]
    )
    assert [p["seen_elsewhere"] for p in third.detail()["photos"]] == [True, True]
    alone = desk.new(lon=SPOT[0] + 0.03, photos=[desk.photo("acceptor", 11)])
    assert [p["seen_elsewhere"] for p in alone.detail()["photos"]] == [False]
    refused = desk.report("acceptor", photos=[desk.photo("shift_leader")])
    assert (refused.status, refused.fields) == (422, ["photos"])
    used = [photo["id"] for photo in first.detail()["photos"]]
    assert desk.report("acceptor", photos=used).status == 422
    assert desk.report(None, photos=[desk.photo("acceptor")]).status == 422


def test_one_photo_cannot_prove_before_and_after(desk: Desk) -> None:
    case = desk.new().does("department", "start")
    photo = desk.photo("department")
    refused = case.try_("department", "handle", before=[photo], after=[photo])
    assert refused.status == 422, refused
    more = desk.photo("department")
    twice = case.try_("department", "handle", before=[photo], after=[photo, more, more])
    assert twice.status in (200, 422), twice
    assert case.detail()["state"] in ("handling", "handled")


def test_photos_are_served_only_in_sight(desk: Desk) -> None:
    photo = desk.photo("acceptor")
    case = desk.new(photos=[photo])
    path = f"/cases/{case.id}/photos/{photo}"
    assert desk.ask("acceptor", "GET", path).kind == "image/jpeg"
    assert desk.ask("acceptor", "GET", f"{path}?thumb=1").status == 200
    assert desk.ask("stranger", "GET", path).status == 404
    assert desk.ask(None, "GET", path).status == 401
    assert desk.ask("stranger", "GET", f"/uploads/{photo}").status == 404
    assert desk.ask(None, "GET", f"/public/reports/{case.code}/photos/{photo}").status == 200
    other = desk.new(lon=SPOT[0] + 0.01)
    assert desk.ask(None, "GET", f"/public/reports/{other.code}/photos/{photo}").status == 404


@pytest.mark.parametrize("metres", [20, 50, 100, 300])
@pytest.mark.parametrize("lat", [0.0, 31.23, -33.9, 53.5])
def test_no_neighbour_falls_between_the_cells(metres: float, lat: float) -> None:
    cells = cells_around(121.47, lat, metres)
    for step in range(360):
        for share in (0, 0.3, 0.6, 0.999):
            north = metres * share * cos(step) / METRES_PER_DEGREE
            east = metres * share * sin(step) / METRES_PER_DEGREE / cos(radians(lat))
            assert cell_of(121.47 + east, lat + north) in cells
