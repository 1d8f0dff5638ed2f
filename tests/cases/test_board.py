"""Boards: every figure is the length of the list it opens, and shows no case too many."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from chengyun.app.sweep import sweep
from chengyun.places import reads as places
from tests.app.world import SPOT
from tests.cases.desk import Answer, Desk, as_owner

FAR = SPOT[0] + 0.05  # in the second district
SECOND_STREET = SPOT[1] + 0.02


def area(desk: Desk, code: str) -> int:
    with as_owner():
        found = places.area_by_code(desk.world.city_no, code)
    assert found is not None
    return found.no


def line(board: Answer, code: str) -> dict[str, Any]:
    return next(one for one in board["items"] if one["area"]["code"] == code)


@pytest.fixture
def day(desk: Desk) -> Desk:
    """Yesterday's cases, some of them late; today's, one closed in time, one supervised."""
    desk.new(lon=SPOT[0] + 0.001)
    desk.new("stranger", lon=FAR)
    desk.clock.pass_(days=1)
    sweep(desk.clock.at)
    desk.new(lon=SPOT[0] + 0.002, lat=SECOND_STREET)
    desk.new(lon=SPOT[0] + 0.003).closed()
    desk.new(lon=SPOT[0] + 0.004).does("leader", "supervise", note="look")
    desk.new(kind=None, lon=None, lat=None, address="somewhere")
    return desk


def test_a_city_leader_sees_districts_and_their_sum(day: Desk) -> None:
    board = day.get("leader", "/cases/board")
    assert (board["area"]["level"], board["level"]) == ("city", "district")
    first, second = line(board, "310101"), line(board, "310104")
    assert (first["open"], first["new"], first["closed"], first["supervised"]) == (3, 3, 1, 1)
    assert (second["open"], second["new"], second["closed"]) == (1, 0, 0)
    assert (first["timed"], first["in_time"]) == (1, 1)
    unplaced = [one for one in board["items"] if one["whole"]]
    assert [one["open"] for one in unplaced] == [1], "what has no place counts, as itself"
    for name, total in board["total"].items():
        assert total == sum(one[name] for one in board["items"])


def test_every_figure_is_as_long_as_the_list_it_opens(day: Desk) -> None:
    board = day.get("leader", "/cases/board")
    since = board["since"].replace("+", "%2B")
    lists = {
        "open": "open=true",
        "overdue": "overdue=true",
        "soon": "open=true&soon=true",
        "grave": "open=true&level=1,2",
        "supervised": "open=true&supervised=true",
        "new": f"since={since}",
        "closed": f"closed_since={since}",
        "in_time": f"closed_since={since}&late=false",
    }
    seen = 0
    for one in board["items"]:
        if one["whole"]:
            continue
        for name, query in lists.items():
            path = f"/cases?area={one['area']['no']}&limit=200&sort=-reported&{query}"
            found = day.get("leader", path)["items"]
            assert len(found) == one[name], (name, one)
            seen += one[name]
    assert seen > 8


def test_a_case_that_ran_late_is_not_in_time_however_it_ends(desk: Desk) -> None:
    case = desk.new()
    desk.clock.pass_(days=9)
    sweep(desk.clock.at)
    case.closed()
    total = desk.get("leader", "/cases/board")["total"]
    assert (total["closed"], total["timed"], total["in_time"]) == (1, 1, 0)
    assert case.detail()["overtime"]


def test_drilling_down_to_the_grid(day: Desk) -> None:
    district = area(day, "310101")
    streets = day.get("leader", f"/cases/board?area={district}")
    assert streets["level"] == "street"
    assert [one["code"] for one in streets["path"]] == ["310000", "310101"]
    assert line(streets, "310101002")["open"] == 1
    street = line(streets, "310101001")
    assert street["open"] == 2
    communities = day.get("leader", f"/cases/board?area={street['area']['no']}")
    assert communities["level"] == "community"
    assert communities["total"]["open"] == street["open"]
    over = day.get("leader", f"/cases/board?area={district}&level=community")
    assert over["total"]["open"] == streets["total"]["open"]
    community = line(communities, "310101001001")["area"]["no"]
    grids = day.get("leader", f"/cases/board?area={community}")
    assert (grids["level"], grids["total"]["open"]) == ("grid", 2)


def test_nobody_sees_figures_beyond_their_own(day: Desk) -> None:
    own = day.get("acceptor", "/cases/board")
    assert own["area"]["code"] == "310101"
    assert own["total"]["open"] == 3
    for path in (f"?area={day.world.city_no}", f"?area={area(day, '310104')}", "?area=7"):
        assert day.ask("acceptor", "GET", f"/cases/board{path}").status == 404
        assert day.ask("acceptor", "GET", f"/cases/board{path}&level=grid").status == 404
    assert day.ask("auditor", "GET", "/cases/board").status == 404
    assert day.ask("auditor", "GET", f"/cases/board?area={area(day, '310101')}").status == 404
    unit = day.get("department", "/cases/board")
    assert unit["area"]["code"] == "310101001"
    assert unit["total"]["open"] == 2, "a department counts its own work alone"
    for bad in ("planet", "district", "city"):
        answer = day.ask("acceptor", "GET", f"/cases/board?level={bad}")
        assert (answer.status, answer.fields) == (422, ["level"])


def test_the_worst_come_first(desk: Desk) -> None:
    late = desk.new()
    desk.clock.pass_(days=9)
    sweep(desk.clock.at)
    plain = desk.new(lon=SPOT[0] + 0.001)
    watched = desk.new(lon=SPOT[0] + 0.002).does("leader", "supervise", note="x")
    far = desk.new("stranger", lon=FAR)
    rows = desk.get("leader", "/cases/worst")["items"]
    assert [row["no"] for row in rows] == [late.no, watched.no, plain.no, far.no]
    mine = desk.get("acceptor", "/cases/worst?limit=2")["items"]
    assert [row["no"] for row in mine] == [late.no, watched.no]
    assert desk.get("auditor", "/cases/worst")["items"] == []
    assert (
        desk.get("department", "/cases/worst?queue=mine&supervised=true")["items"][0]["no"]
        == watched.no
    )


def test_a_board_is_counted_by_indexes(day: Desk) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT count(*) FROM cases_case WHERE open AND area_no BETWEEN 1 AND 2"
        )
        assert "case_open_area" in str(cursor.fetchall())
        since = day.clock.at - timedelta(days=1)
        cursor.execute("EXPLAIN SELECT count(*) FROM cases_case WHERE closed_at >= %s", [since])
        assert "case_closed" in str(cursor.fetchall())
