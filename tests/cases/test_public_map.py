"""The public map: where a case is shown says nothing of where it is beyond its neighbourhood."""

import json
from math import floor
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from chengyun.cases.models import Case
from chengyun.cases.reads.jitter import shown_at
from chengyun.cases.reads.similar import CELL_DEGREES, metres_between
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from tests.app.world import SPOT
from tests.cases.desk import API, NOBODY, Desk, as_owner

TELLING = {
    *("no", "kind_id", "kind", "state", "state_name", "day", "closed_day", "area", "photos"),
    "simulated",
}
lons = st.floats(-179.9, 179.9)
lats = st.floats(-66.0, 66.0)


def cell(lon: float, lat: float) -> tuple[int, int]:
    return floor((lon + 180) / CELL_DEGREES), floor((lat + 90) / CELL_DEGREES)


@given(st.uuids(), lons, lats)
def test_a_case_is_always_shown_at_the_same_place_of_its_cell(
    case_id: UUID, lon: float, lat: float
) -> None:
    shown = shown_at(case_id, lon, lat)
    assert shown == shown_at(case_id, lon, lat)
    # A cell's diagonal at the equator is 157 m; five decimals round by half a metre.
    assert metres_between(lon, lat, *shown) <= 160


@given(st.uuids(), lons, lats, st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_within_a_cell_the_place_shown_does_not_depend_on_the_true_one(
    case_id: UUID, lon: float, lat: float, east: float, north: float
) -> None:
    column, row = cell(lon, lat)
    other = (column + east) * CELL_DEGREES - 180, (row + north) * CELL_DEGREES - 90
    middle = (column + 0.5) * CELL_DEGREES - 180, (row + 0.5) * CELL_DEGREES - 90
    assert shown_at(case_id, *middle) == shown_at(case_id, *other)


def test_many_cases_of_one_address_give_its_cell_and_no_more() -> None:
    corner = (121.00098, 31.00097)  # in the far corner of its cell
    shown = [shown_at(uuid4(), *corner) for _ in range(2_000)]
    lon = sum(one[0] for one in shown) / len(shown)
    lat = sum(one[1] for one in shown) / len(shown)
    middle = (121.0005, 31.0005)
    assert metres_between(lon, lat, *middle) < 5, "the average is the cell's middle"
    assert metres_between(lon, lat, *corner) > 50
    far = [metres_between(*corner, *one) for one in shown]
    assert 50 < sum(far) / len(far) < 100


def test_the_map_tells_nothing_personal_and_the_same_each_time(desk: Desk) -> None:
    case = desk.new(text="李四，13912345678", address="某路5弄3号", contact={"name": "李四"})
    found = desk.get(None, "/public/map")
    assert found.kind.startswith("application/geo+json")
    feature = found["features"][0]
    assert set(feature["properties"]) == TELLING
    said = json.dumps(found.body, ensure_ascii=False)
    for personal in ("李四", "13912345678", "某路", case.id, case.code):
        assert personal not in said
    assert feature["properties"]["day"] == "2026-03-02"
    assert feature["properties"]["area"]["level"] == "street"
    lon, lat = feature["geometry"]["coordinates"]
    assert (lon, lat) != SPOT
    assert metres_between(lon, lat, *SPOT) < 160
    for _ in range(3):
        assert desk.get(None, "/public/map")["features"][0]["geometry"] == feature["geometry"]


def test_smaller_boxes_do_not_close_in_on_the_true_place(desk: Desk) -> None:
    desk.new()
    lon, lat = desk.get(None, "/public/map")["features"][0]["geometry"]["coordinates"]
    tiny = 0.00005

    def seen(at: tuple[float, float]) -> bool:
        box = f"{at[0] - tiny},{at[1] - tiny},{at[0] + tiny},{at[1] + tiny}"
        return bool(desk.get(None, f"/public/map?bbox={box}")["features"])

    assert seen((lon, lat))
    assert not seen(SPOT)


def test_distances_and_open311_do_not_give_it_away_either(desk: Desk) -> None:
    case = desk.new()
    lon, lat = desk.get(None, "/public/map")["features"][0]["geometry"]["coordinates"]
    near = desk.get(None, f"/public/nearby?lon={lon}&lat={lat}")["items"]
    assert near[0]["distance_m"] == 0
    true = desk.get(None, f"/public/nearby?lon={SPOT[0]}&lat={SPOT[1]}")["items"]
    assert true[0]["distance_m"] % 50 == 0
    bind(NOBODY)
    path = f"/open311/v2/requests/{case.no}.json?jurisdiction_id=310000"
    told = json.loads(Client().get(path).content)[0]
    assert (told["long"], told["lat"]) == (lon, lat)


def test_filters_and_bad_ones(desk: Desk) -> None:
    case = desk.new()
    district = desk.get(None, "/regions?level=district")["items"]
    here = next(one["no"] for one in district if one["code"] == "310101")
    there = next(one["no"] for one in district if one["code"] == "310104")
    for query, count in (
        ("", 1),
        ("state=open", 1),
        ("state=closed", 0),
        (f"area={here}", 1),
        (f"area={there}", 0),
        ("kind=nothing", 0),
        ("bbox=121,31,121.02,31.02", 1),
        ("bbox=121.1,31.1,121.2,31.2", 0),
        ("days=1", 1),
    ):
        assert len(desk.get(None, f"/public/map?{query}")["features"]) == count, query
    for query in ("state=x", "area=0", f"area={1 << 60}", "bbox=1,2,3", "days=0", "days=9999"):
        assert desk.ask(None, "GET", f"/public/map?{query}").status == 422, query
    desk.clock.pass_(days=40)
    assert desk.get(None, "/public/map")["features"] == []
    assert desk.get(None, "/public/map?days=60")["features"][0]["id"] == case.no


def test_the_map_is_cacheable(desk: Desk) -> None:
    desk.new()
    bind(NOBODY)
    first = Client().get(f"{API}/public/map")
    assert first["Cache-Control"] == "public, max-age=60"
    bind(NOBODY)
    again = Client().get(f"{API}/public/map", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_me_too_joins_the_case_and_gets_a_code_of_its_own(desk: Desk) -> None:
    case = desk.new(text="the first one's words")
    photo = desk.photo(None)
    joined = desk.report(None, kind=None, text="me too", joins=case.no, photos=[photo])
    assert joined.status == 201, joined
    assert joined["no"] == case.no
    assert joined["track_code"] != case.code
    assert joined["promise"]["unit"]
    assert joined["promise"]["due_at"]
    mine = desk.get(None, f"/public/reports/{joined['track_code']}")
    assert mine["text"] == "me too"
    assert mine["reports"] == 2
    assert [one["url"].rsplit("/", 1)[1] for one in mine["photos"]] == [photo]
    theirs = case.track()
    assert theirs["text"] == "the first one's words"
    assert theirs["photos"] == [], "another reporter's photo is not theirs to see"
    foreign = f"/public/reports/{case.code}/photos/{photo}"
    assert desk.ask(None, "GET", foreign).status == 404
    assert case.detail()["reports"] == 2
    assert [one["text"] for one in case.detail()["report_list"]][1] == "me too"
    assert "ReportJoined" in case.told()


def test_me_too_again_with_the_same_key_is_one_report(desk: Desk) -> None:
    case = desk.new()
    body = {"text": "me too", "joins": case.no}
    first = desk.ask(None, "POST", "/public/reports", body, key="k1")
    again = desk.ask(None, "POST", "/public/reports", body, key="k1")
    assert first["track_code"] == again["track_code"]
    assert case.detail()["reports"] == 2


def test_nobody_joins_what_is_not_theirs_to_see(desk: Desk) -> None:
    case = desk.new()
    secret = desk.new(kind=None, text="x")
    for joins in (secret.no, "nonsense", "", "x" * 40, "\x00"):
        answer = desk.ask(None, "POST", "/public/reports", {"text": "x", "joins": joins})
        assert answer.status == 422, joins
    far = desk.report(None, joins=case.no, lon=SPOT[0] + 0.03)
    assert far.fields == ["joins"]
    case.closed()
    late = desk.report(None, joins=case.no)
    assert (late.status, late["code"]) == (409, "wrong_state")
    assert late["reason"]["zh"]


def test_a_wrong_and_an_expired_code_are_answered_alike(desk: Desk) -> None:
    case = desk.new()
    case.closed()
    assert case.track()["reopen_until"]
    desk.clock.pass_(days=725)
    assert "over" in case.track()["reopen_refused"]["en"]
    desk.clock.pass_(days=10)
    with as_owner():
        bind(SYSTEM.scope())
        assert Case.objects.filter(pk=case.id).exists()
    answers = []
    for code in (case.code, "NOSUCHCODE12", "x", "a" * 200, "%00"):
        for method, path, body in (
            ("GET", "", None),
            ("POST", "/rating", {"score": 5}),
            ("POST", "/reopen", {"reason": "not fixed"}),
            ("GET", f"/photos/{uuid4()}", None),
        ):
            found = desk.ask(None, method, f"/public/reports/{code}{path}", body)
            answers.append((path[:7], found.status, found["detail"]))
    assert len({one for one in answers if not one[0].startswith("/photos")}) == 3
    assert {one[1] for one in answers} == {404}


@pytest.mark.parametrize("code", ["' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd"])
def test_a_foreign_code_is_no_command(desk: Desk, code: str) -> None:
    assert desk.ask(None, "GET", f"/public/reports/{code}").status == 404


def test_warnings_come_with_numbers_to_call(desk: Desk) -> None:
    items = desk.get(None, "/public/stoppers")["items"]
    assert items[0]["numbers"] == ["110", "119", "120"]
    assert all(one["text"]["zh"] and one["text"]["en"] for one in items)
