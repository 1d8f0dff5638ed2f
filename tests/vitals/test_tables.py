"""Figures over HTTP: they count what happened, open their cases, and stay inside sight."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chengyun.app.exchange.evaluating import as_csv, as_text
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.places.verbs import generate_grids
from chengyun.vitals.decide.counters import COUNTERS
from chengyun.vitals.reads import schemes_on, table, wanted
from chengyun.vitals.verbs import load_schemes
from tests.app.world import SPOT
from tests.cases.desk import Desk, OneCase, as_owner

PERIOD = "2026-03"
AT = f"period={PERIOD}"


def rows(desk: Desk, who: str, by: str, more: str = "") -> dict[str, Any]:
    table = desk.get(who, f"/evaluation?{AT}&by={by}{more}").body
    return {row["key"]: row for row in table["rows"]}


@pytest.fixture
def life(desk: Desk, follow: Callable[[], None]) -> list[OneCase]:
    """Some cases: closed, late, returned, reworked, voided, elsewhere."""
    found = [desk.new(lon=SPOT[0] + step) for step in (0, 0.002, 0.004)]
    found.append(desk.new("stranger", lon=SPOT[0] + 0.05))
    found[0].closed()
    late = found[1]
    late.does("department", "return_step", reason="not ours")
    unit = str(desk.world.unit("310101-san"))
    late.does("dispatcher", "redispatch", unit=unit, reason="yours")
    desk.clock.pass_(days=9)
    reworked = found[2].handled().does("department", "feedback")
    reworked.does("collector", "check_result", passed=False, note="still there")
    follow()
    return found


def test_a_table_counts_what_happened(desk: Desk, life: list[OneCase]) -> None:
    table = rows(desk, "leader", "unit")
    mine = table[str(desk.world.unit("310101001-san"))]["counters"]
    assert (mine["dispatch"], mine["dispose"], mine["rework"], mine["return"]) == (3, 2, 1, 1)
    assert (mine["in_time_dispose"], mine["overtime_dispose"]) == (1, 1)
    assert (mine["close"], mine["on_schedule_close"]) == (1, 1)
    other = table[str(desk.world.unit("310101-san"))]
    assert other["counters"]["overtime_undisposed"] == 1
    assert other["counters"]["need_dispose"] == 1
    assert other["rates"]["in_time_dispose_rate"] == 0
    assert other["rates"]["rework_rate"] is None, "nothing divides: unknown, never 0"


@pytest.mark.parametrize("by", ["unit", "area", "post"])
@pytest.mark.parametrize("who", ["leader", "evaluator", "shift_leader"])
def test_every_figure_is_as_high_as_its_list_is_long(
    desk: Desk, life: list[OneCase], by: str, who: str
) -> None:
    table = desk.get(who, f"/evaluation?{AT}&by={by}").body
    seen = 0
    for row in table["rows"]:
        for counter, count in row["counters"].items():
            items, cursor = [], ""
            path = f"/evaluation/cases?{AT}&by={by}&key={row['key']}&counter={counter}&limit=2"
            while True:
                page = desk.get(who, path + (f"&cursor={cursor}" if cursor else "")).body
                items += page["items"]
                cursor = page["next"]
                if not cursor:
                    break
            assert len(items) == count, (row["name"], counter)
            seen += count
    assert seen > 20


def test_streets_add_up_to_districts_and_districts_to_the_city(
    desk: Desk, life: list[OneCase]
) -> None:
    sums: dict[str, dict[str, int]] = {}
    for level in ("city", "district", "street", "community"):
        table = desk.get("leader", f"/evaluation?{AT}&by=area&level={level}").body
        sums[level] = {
            name: sum(row["counters"][name] for row in table["rows"]) for name in COUNTERS
        }
        assert sums[level] == table["total"]["counters"]
    assert sums["city"] == sums["district"] == sums["street"] == sums["community"]
    assert sums["city"]["report"] == 4


def test_sight_ends_at_the_border(desk: Desk, life: list[OneCase]) -> None:
    city = desk.world.city_no
    assert desk.ask("evaluator", "GET", f"/evaluation?{AT}&by=area&area={city}").status == 404
    district = desk.get("evaluator", f"/evaluation?{AT}&by=area").body
    assert district["total"]["counters"]["report"] == 3
    for who in ("acceptor", "handler", "auditor", "dispatcher", "collector"):
        assert desk.ask(who, "GET", f"/evaluation?{AT}").status == 403
    own = rows(desk, "department", "unit")
    assert set(own) == {str(desk.world.unit("310101001-san"))}
    assert desk.ask("department", "GET", f"/evaluation?{AT}&by=post").status == 403
    elsewhere = desk.get(
        "department",
        f"/evaluation/cases?{AT}&by=unit&key={desk.world.unit('310101-san')}&counter=need_dispose",
    )
    assert elsewhere["items"] == []


def test_posts_are_scored_by_area_never_a_person(desk: Desk, life: list[OneCase]) -> None:
    table = rows(desk, "leader", "post")
    for key in table:
        post, _, area = key.partition("@")
        assert post in {
            "collector",
            "acceptor",
            "shift_leader",
            "dispatcher",
            "department",
            "handler",
        }
        assert int(area) > 0
    people = {str(user.id) for user in desk.world.users.values()}
    assert not any(one in str(table) for one in people)


def test_a_score_shows_its_working(desk: Desk, life: list[OneCase]) -> None:
    mine = rows(desk, "leader", "unit")[str(desk.world.unit("310101001-san"))]
    assert mine["score"] == pytest.approx(sum(w["adds"] for w in mine["workings"]), abs=0.01)
    assert mine["scheme"]["id"] == "department"
    assert mine["scheme"]["verified"] is False
    assert mine["grade"] in "ABCDE"
    assert all(w["formula"]["zh"] and w["formula"]["en"] for w in mine["workings"])


def test_an_area_is_banded_by_its_class(desk: Desk, life: list[OneCase]) -> None:
    city = desk.world.city_no
    with as_owner():
        bind(SYSTEM.scope())
        generate_grids(SYSTEM, now=desk.clock.at, area_no=city, total=40, owner_names={})
        found = next(one for one, _ in schemes_on(date(2026, 3, 1)) if one.id == "area")
        since = date(2026, 1, 1)
        made = replace(found, effective_from=since, area_classes={"310104": "2"}, verified=True)
        load_schemes(SYSTEM, now=desk.clock.at, schemes=[made])
    table = rows(desk, "leader", "area", "&level=street")
    classes = {}
    for row in table.values():
        volume = next(one for one in row["workings"] if one["term"] == "volume")
        assert volume["points"] is not None
        classes[row["name"]["zh"]] = "2类区域" in volume["formula"]["zh"]
    assert classes == {"区310101001": False, "区310104001": True}


def test_csv_is_the_table_and_runs_nothing(desk: Desk, life: list[OneCase]) -> None:
    answer = desk.get("leader", f"/evaluation.csv?{AT}&by=unit")
    assert answer.kind.startswith("text/csv")
    read = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    table = rows(desk, "leader", "unit")
    assert {row["key"]: int(row["dispose"]) for row in read} == {
        key: row["counters"]["dispose"] for key, row in table.items()
    }
    assert desk.ask("acceptor", "GET", f"/evaluation.csv?{AT}").status == 403
    one = next(iter(table.values()))
    bad = {"rows": [{**one, "name": {"zh": "=1+1", "en": "@x"}}]}
    assert "'=1+1" in as_csv(bad)
    assert "'@x" in as_csv(bad)


def test_csv_heads_are_words_in_either_language(desk: Desk, life: list[OneCase]) -> None:
    heads = {}
    for lang in ("zh", "en", ""):
        more = f"&lang={lang}" if lang else ""
        answer = desk.get("leader", f"/evaluation.csv?{AT}&by=area{more}")
        first, *lines = csv.reader(io.StringIO(answer.body.decode("utf-8-sig")))
        assert len(set(first)) == len(first), "no two columns are called the same"
        assert all(len(line) == len(first) for line in lines)
        heads[lang] = first
    assert {"得分", "应处置", "按时处置率 (%)"} <= set(heads["zh"])
    assert {"Score", "Should handle", "Handled in time (%)"} <= set(heads["en"])
    assert {"score", "need_dispose", "in_time_dispose_rate"} <= set(heads[""])
    bad = desk.ask("leader", "GET", f"/evaluation.csv?{AT}&lang=fr")
    assert bad.status == 422


def test_a_row_has_its_months_before(desk: Desk, follow: Callable[[], None]) -> None:
    desk.new().closed()
    desk.clock.pass_(days=31)
    desk.new(lon=SPOT[0] + 0.004).closed()
    follow()
    key = str(desk.world.unit("310101001-san"))
    path = f"/evaluation/trend?period=2026-04&by=unit&key={key}&months=3"
    for who in ("leader", "department"):
        found = desk.get(who, path)["months"]
        assert [one["period"] for one in found] == ["2026-02", "2026-03", "2026-04"]
        assert [one["counters"].get("dispose") for one in found] == [None, 1, 1]
        assert found[0]["score"] is None
        assert found[1]["score"] == found[2]["score"] > 90
    other = desk.world.unit("310101-san")
    months = desk.get("department", path.replace(key, str(other)))["months"]
    assert not any(one["counters"] for one in months)
    assert desk.ask("acceptor", "GET", path).status == 403
    assert desk.ask("leader", "GET", path.replace("=3", "=99")).status == 422


def test_a_terminal_is_told_of_months_to_come_and_empty_ones(desk: Desk) -> None:
    bind(SYSTEM.scope())
    city, now = desk.world.city_no, desk.clock.at
    said = {
        month: as_text(table(SYSTEM, wanted(city, month, "unit", None, now)))
        for month in ("2025-03", "2026-03", "2026-05")
    }
    assert "not begun yet" in said["2026-05"]
    assert "not over yet" in said["2026-03"]
    assert "yet" not in said["2025-03"]
    assert all("No case set a counter" in one for one in said.values())


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("period=2026-13", "period"),
        ("period=x", "period"),
        ("", "period"),
        (f"{AT}&by=person", "by"),
        (f"{AT}&level=nation", "level"),
    ],
)
def test_nonsense_is_named(desk: Desk, query: str, field: str) -> None:
    answer = desk.ask("leader", "GET", f"/evaluation?{query}")
    assert answer.status == 422, answer
    assert field in " ".join(answer.fields)


def test_an_unknown_counter_is_named(desk: Desk) -> None:
    answer = desk.ask("leader", "GET", f"/evaluation/cases?{AT}&by=unit&counter=nonsense")
    assert (answer.status, answer.fields) == (422, ["counter"])


def test_an_empty_month_has_no_rows_and_no_noughts(desk: Desk, life: list[OneCase]) -> None:
    table = desk.get("leader", "/evaluation?period=2025-01&by=unit").body
    assert table["rows"] == []
    assert set(table["total"]["rates"].values()) == {None}
