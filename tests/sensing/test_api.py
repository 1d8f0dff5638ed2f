"""Things and readings over HTTP: registering, reading, aggregates, care, sharing, siting."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chengyun.sensing.models import Share, Thing
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs import expire_shares
from chengyun.sensing.verbs.storing import forget_days
from tests.app.world import SPOT
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import API, CSRF, Desk, as_owner
from tests.sensing.senses import declare

__all__ = ["city", "clock", "desk", "world"]
LEVEL = {"code": "g-1", "kind": "gauge", "name": "水位计一号", "lon": SPOT[0], "lat": SPOT[1]}


@pytest.fixture(autouse=True)
def declared(desk: Desk) -> Iterator[None]:
    forget_streams()
    forget_days()
    with as_owner():
        declare()
    yield
    forget_streams()
    forget_days()


@pytest.fixture
def gauge(desk: Desk) -> Any:
    made = desk.ask("shift_leader", "POST", "/things", LEVEL)
    assert made.status == 201, made.body
    return made.body


def level_of(thing: Any) -> int:
    return next(one["no"] for one in thing["streams"] if one["code"] == "level")


def send(desk: Desk, *rows: tuple[float, Any], who: str = "shift_leader", **other: Any) -> Any:
    items = [
        {"thing": "g-1", "stream": "level", "value": value}
        | {"at": (desk.clock.at + timedelta(minutes=minute)).isoformat()}
        | other
        for minute, value in rows
    ]
    return desk.ask(who, "POST", "/observations", {"items": items})


def span(desk: Desk, **more: Any) -> str:
    start = (desk.clock.at - timedelta(hours=2)).isoformat().replace("+", "%2B")
    end = (desk.clock.at + timedelta(hours=1)).isoformat().replace("+", "%2B")
    asked = "".join(f"&{name}={value}" for name, value in more.items())
    return f"?from={start}&to={end}{asked}"


def test_a_thing_is_registered_with_the_streams_of_its_kind(desk, gauge):
    assert gauge["state"] == "active"
    assert gauge["health"] == "silent"
    assert [one["code"] for one in gauge["streams"]] == ["level", "meter", "mode", "open", "rain"]
    assert desk.get("shift_leader", "/things/by-code/g-1")["id"] == gauge["id"]
    assert [one["code"] for one in desk.get("leader", "/things?q=水位计")["items"]] == ["g-1"]
    assert desk.get("leader", "/things?bbox=120,30,120.5,30.5")["items"] == []
    again = desk.ask("shift_leader", "POST", "/things", LEVEL)
    assert again["id"] == gauge["id"]


def test_a_list_says_when_a_thing_last_spoke_and_whether_it_is_worked_on(desk, gauge):
    def line() -> Any:
        return desk.get("shift_leader", "/things")["items"][0]

    assert (line()["last_at"], line()["maintained"]) == (None, False)
    said = send(desk, (-20, 1.0), (-5, 1.1))
    assert said["stored"] == 2
    desk.ask(
        "shift_leader",
        "POST",
        "/observations",
        {
            "items": [
                {
                    "thing": "g-1",
                    "stream": "rain",
                    "value": 0.0,
                    "at": (desk.clock.at - timedelta(minutes=9)).isoformat(),
                }
            ]
        },
    )
    spoke = (desk.clock.at - timedelta(minutes=5)).isoformat()
    assert datetime.fromisoformat(line()["last_at"]) == datetime.fromisoformat(spoke)
    window = {"starts_at": desk.clock.at.isoformat(), "reason": "lens"}
    window["ends_at"] = (desk.clock.at + timedelta(hours=1)).isoformat()
    desk.ask("shift_leader", "POST", f"/things/{gauge['id']}/maintenance", window)
    assert line()["maintained"] is True
    desk.clock.pass_(minutes=61)
    assert line()["maintained"] is False
    assert desk.get("shift_leader", "/things/by-code/g-1")["last_at"] == line()["last_at"]


@pytest.mark.parametrize("who", ["stranger", "auditor", "other_department"])
def test_what_is_out_of_sight_is_not_there(desk, gauge, who):
    number = level_of(gauge)
    for path in (
        f"/things/{gauge['id']}",
        f"/things/{gauge['id']}/streams",
        "/things/by-code/g-1",
        f"/streams/{number}",
        f"/streams/{number}/observations{span(desk)}",
        f"/streams/{number}/aggregates{span(desk)}",
    ):
        assert desk.ask(who, "GET", path).status == 404, path
    assert desk.get(who, "/things")["items"] == []
    assert desk.get(who, "/observations/latest?bbox=120,30,122,32")["items"] == []
    change = {"version": 1, "name": "mine"}
    assert desk.ask(who, "PATCH", f"/things/{gauge['id']}", change).status == 404
    assert desk.ask(who, "PATCH", f"/streams/{number}", {"jump": 3}).status == 404
    sent = send(desk, (0, 1.0), who=who)
    assert [one["code"] for one in sent["refused"]] == ["unknown_thing"]


def test_who_sees_a_thing_but_does_not_keep_it_changes_nothing(desk, gauge):
    assert desk.ask("collector", "GET", f"/things/{gauge['id']}").status == 200
    change = {"version": 1, "name": "mine"}
    assert desk.ask("collector", "PATCH", f"/things/{gauge['id']}", change).status == 403
    assert send(desk, (0, 1.0), who="collector")["stored"] == 0


def test_a_thing_moves_changes_and_retires(desk, gauge):
    path = f"/things/{gauge['id']}"
    desk.clock.pass_(minutes=1)
    moved = desk.ask(
        "shift_leader", "PATCH", path, {"version": 1, "lon": SPOT[0] + 0.001, "lat": SPOT[1]}
    )
    assert moved["version"] == 2
    assert desk.ask("shift_leader", "PATCH", path, {"version": 1, "name": "x"}).status == 409
    outside = {"version": 2, "lon": 100.0, "lat": 30.0}
    assert desk.ask("shift_leader", "PATCH", path, outside).fields == ["lon"]
    assert len(desk.get("shift_leader", path)["places"]) == 2
    assert desk.ask("shift_leader", "PATCH", path, {"version": 2, "state": "retired"}).status == 200
    assert desk.get("shift_leader", "/things")["items"] == []
    assert len(desk.get("shift_leader", "/things?state=retired")["items"]) == 1


def test_a_file_of_things_says_what_is_wrong_in_each_row(desk, gauge):
    rows = "code,kind,lon,lat,properties.owner\n" + "\n".join(
        (
            f"n-1,gauge,{SPOT[0]},{SPOT[1]},x",
            f"n-2,nothing,{SPOT[0]},{SPOT[1]},",
            "n-3,gauge,abc,31,",
            "n-4,gauge,100,30,",
            f"g 5,gauge,{SPOT[0]},{SPOT[1]},",
        )
    )
    file = SimpleUploadedFile("things.csv", rows.encode(), "text/csv")
    client = desk.client("shift_leader")
    answer = client.post(f"{API}/things/file", {"file": file}, headers={"X-CSRFToken": CSRF})
    body = json.loads(answer.content)
    assert answer.status_code == 200, body
    assert body["created"] == 1
    assert [(one["row"], one["field"]) for one in body["rejects"]] == [
        (1, "kind"),
        (2, "lon"),
        (3, "lon"),
        (4, "code"),
    ]


def test_many_things_in_one_go(desk):
    items = [{**LEVEL, "code": f"m-{n}"} for n in range(30)] + [{**LEVEL, "code": "m-1"}]
    done = desk.ask("shift_leader", "POST", "/things/batch", {"items": items})
    assert (done["created"], [one["row"] for one in done["rejects"]]) == (30, [30])
    page = desk.get("leader", "/things?limit=20")
    rest = desk.get("leader", f"/things?limit=20&cursor={page['next']}")
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (20, 10, None)


def test_readings_come_back_with_flags_and_pages(desk, gauge):
    done = send(desk, *((-n, float(n % 3)) for n in range(60, 0, -1)), (0, 99.0))
    assert (done["stored"], done["refused"]) == (61, [])
    path = f"/streams/{level_of(gauge)}/observations"
    page = desk.get("leader", f"{path}{span(desk, limit=40)}")
    rest = desk.get("leader", f"{path}{span(desk, limit=40, cursor=page['next'])}")
    found = [*page["items"], *rest["items"]]
    assert (len(found), rest["next"]) == (61, None)
    assert [one["at"] for one in found] == sorted({one["at"] for one in found})
    back = desk.get("leader", f"{path}{span(desk, limit=40, newest_first='true')}")
    more = desk.get(
        "leader", f"{path}{span(desk, limit=40, newest_first='true', cursor=back['next'])}"
    )
    assert [*back["items"], *more["items"]] == found[::-1]
    odd = desk.get("leader", f"{path}{span(desk, flags='impossible')}")["items"]
    assert [(one["value"], one["flags"]) for one in odd] == [(99.0, ["impossible"])]
    assert desk.ask("leader", "GET", f"{path}{span(desk, flags='x')}").fields == ["flags"]


def test_bad_readings_are_refused_by_row(desk, gauge):
    done = send(desk, (0, 1.0), (10, 1.0), (1, "wet"))
    assert [(one["row"], one["code"]) for one in done["refused"]] == [
        (1, "in_the_future"),
        (2, "not_a_number"),
    ]
    other = send(desk, (2, 1.0), stream="none")
    assert [one["field"] for one in other["refused"]] == ["stream"]
    nowhen = {"thing": "g-1", "stream": "level", "value": 1.0, "at": "2026-03-02T01:00:00"}
    answer = desk.ask("shift_leader", "POST", "/observations", {"items": [nowhen]})
    assert [one["code"] for one in answer["refused"]] == ["no_zone"]


def test_figures_by_window_are_worked_out_in_the_database(desk, gauge):
    send(desk, *((n - 60, float(n % 10)) for n in range(60)), (0, 99.0))
    path = f"/streams/{level_of(gauge)}/aggregates"
    found = desk.get("leader", f"{path}{span(desk, window_s=1800, percentiles='50,90')}")
    assert found["source"] == "readings"
    assert [one["n"] for one in found["items"]] == [30, 30]
    first = found["items"][0]
    assert (first["min"], first["max"], first["mean"], first["sum"]) == (0.0, 9.0, 4.5, 135.0)
    assert first["percentiles"] == {"50": 4.5, "90": pytest.approx(8.1, abs=0.2)}
    assert desk.ask("leader", "GET", f"{path}{span(desk, window_s=0.1)}").fields == ["window"]
    wrong = f"{path}{span(desk, percentiles='x')}"
    assert desk.ask("leader", "GET", wrong).fields == ["percentiles"]


def test_the_map_shows_what_was_said_last(desk, gauge):
    send(desk, (-5, 1.0), (-1, 2.0))
    found = desk.get("leader", "/observations/latest?bbox=120,30,122,32&property=level")
    [line] = found["items"]
    assert (line["newest"]["value"], line["age_s"], line["code"]) == (2.0, 60.0, "g-1")
    assert desk.ask("leader", "GET", "/observations/latest?bbox=1,2").fields == ["bbox"]


def test_work_on_a_thing_keeps_its_readings_apart(desk, gauge):
    now = desk.clock.at
    window = {
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(hours=1)).isoformat(),
        "reason": "清洗",
    }
    path = f"/things/{gauge['id']}/maintenance"
    made = desk.ask("shift_leader", "POST", path, window)
    assert made.status == 201
    send(desk, (-1, 1.0), (1, 1.0))
    items = desk.get("leader", f"/streams/{level_of(gauge)}/observations{span(desk)}")["items"]
    assert [one["flags"] for one in items] == [[], ["maintenance"]]
    desk.clock.pass_(minutes=5)
    assert desk.ask("shift_leader", "POST", f"/maintenance/{made['id']}/end").status == 200
    bad = {**window, "ends_at": window["starts_at"]}
    assert desk.ask("shift_leader", "POST", path, bad).fields == ["ends_at"]
    assert desk.ask("collector", "POST", path, window).status == 403


def test_a_calibration_says_when_the_next_is_due(desk, gauge):
    path = f"/streams/{level_of(gauge)}/calibrations"
    said = {"at": desk.clock.at.isoformat(), "reference": 1.0, "shown": 1.25, "certificate": "C1"}
    made = desk.ask("shift_leader", "POST", path, said)
    assert (made.status, made["due_on"]) == (201, "2027-03-02")
    [kept] = desk.get("leader", f"/things/{gauge['id']}")["calibrations"]
    assert desk.get("leader", path)["items"] == [kept]
    assert desk.ask("stranger", "GET", path).status == 404
    assert desk.ask(None, "GET", path).status == 401
    assert kept["offset"] == 0.25


def test_a_department_sees_another_ones_thing_for_a_time(desk, gauge):
    unit = str(desk.world.unit("310101-san"))
    until = (desk.clock.at + timedelta(days=2)).isoformat()
    wish = {"code": "g-1", "unit_id": unit, "until": until, "reason": "排水联动"}
    asked = desk.ask("other_department", "POST", "/thing-shares", wish)
    assert asked.status == 201
    nothing = desk.ask("other_department", "POST", "/thing-shares", {**wish, "code": "none"})
    assert nothing.status == 201  # Nobody learns by asking which codes there are.
    assert desk.ask("other_department", "GET", f"/things/{gauge['id']}").status == 404
    own = f"/thing-shares/{asked['id']}/decision"
    assert desk.ask("other_department", "POST", own, {"approve": True}).status == 404
    [told] = desk.get("shift_leader", "/thing-shares?state=requested")["items"]
    assert (told["thing_name"], told["reason"]) == ("水位计一号", "排水联动")
    assert desk.ask("shift_leader", "POST", own, {"approve": True})["state"] == "approved"
    assert desk.ask("other_department", "GET", f"/things/{gauge['id']}").status == 200
    number = level_of(gauge)
    assert desk.ask("other_department", "GET", f"/streams/{number}").status == 200
    with as_owner():
        assert expire_shares(desk.clock.at + timedelta(days=3), 10) == 1
    assert desk.ask("other_department", "GET", f"/things/{gauge['id']}").status == 404
    assert desk.ask("other_department", "GET", f"/streams/{number}").status == 404
    foreign = {**wish, "unit_id": str(uuid4())}
    assert desk.ask("other_department", "POST", "/thing-shares", foreign).status == 403


def test_private_things_stay_in_their_community(desk, gauge):
    with as_owner():
        Thing.objects.update(private=True)
    assert desk.get("leader", "/things")["items"] == []
    assert desk.ask("shift_leader", "GET", f"/things/{gauge['id']}").status == 404
    unit = str(desk.world.unit("310101-san"))
    until = (desk.clock.at + timedelta(days=2)).isoformat()
    wish = {"code": "g-1", "unit_id": unit, "until": until, "reason": "x"}
    desk.ask("other_department", "POST", "/thing-shares", wish)
    with as_owner():
        assert not Share.objects.exists()


def test_the_siting_report_needs_a_kind_that_is_declared(desk, gauge):
    assert desk.ask("leader", "GET", "/siting?kind=none").fields == ["kind"]
    found = desk.get("leader", "/siting?kind=gauge")
    assert (found["reach_m"], found["things"]) == (500.0, 1)
