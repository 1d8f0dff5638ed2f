"""Publishing, objections and findings: what is published stays, what is decided shows."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.paging import encode
from chengyun.kernel.scope import bind
from chengyun.vitals.models import CaseMark, Finding, FindingCase, Publication, PublishedFigure
from chengyun.vitals.verbs.publishing import canonical
from tests.app.world import SPOT
from tests.cases.desk import Desk, OneCase, picture

PERIOD = "2026-03"
DOOR = "/evaluation/published"


@pytest.fixture
def late(desk: Desk, follow: Callable[[], None]) -> OneCase:
    """One case done and closed long after its deadline; then the month is over."""
    desk.clock.pass_(days=21)
    case = desk.new()
    desk.clock.pass_(days=5)
    case.closed()
    desk.clock.pass_(days=5)
    follow()
    return case


def publish(desk: Desk, who: str = "evaluator", **more: Any) -> Any:
    return desk.ask(who, "POST", DOOR, {"period": PERIOD, "by": "unit", **more})


def own(desk: Desk, table: dict[str, Any]) -> dict[str, Any]:
    key = str(desk.world.unit("310101001-san"))
    found: dict[str, Any] = next(row for row in table["rows"] if row["key"] == key)
    return found


def test_a_published_table_stays_as_it_was(
    desk: Desk, late: OneCase, follow: Callable[[], None]
) -> None:
    made = publish(desk)
    assert (made.status, made["version"]) == (201, 1)
    first = desk.get("evaluator", f"{DOOR}/{made['id']}").body
    bind(SYSTEM.scope())
    kept = Publication.objects.get(pk=made["id"])
    assert hashlib.sha256(canonical(kept.content)).hexdigest() == kept.hash == made["hash"]
    late.does("department", "appeal", reason="flood")
    late.does("dispatcher", "review_appeal", granted=True)
    late.does("acceptor", "review_appeal", granted=True)
    follow()
    again = publish(desk, reason="an appeal was granted")
    assert again["version"] == 2
    assert desk.get("evaluator", f"{DOOR}/{made['id']}")["table"] == first["table"]
    second = desk.get("evaluator", f"{DOOR}/{again['id']}").body
    before, after = own(desk, first["table"]), own(desk, second["table"])
    assert (before["counters"]["overtime_dispose"], before["counters"]["in_time_dispose"]) == (1, 0)
    assert (after["counters"]["overtime_dispose"], after["counters"]["in_time_dispose"]) == (0, 1)
    assert after["counters"]["exempt_dispose"] == 1, "that it was late stays on record"
    assert [one["newest"] for one in second["versions"]] == [True, False]
    bind(SYSTEM.scope())
    rows = Publication.objects.filter(pk=made["id"])
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        rows.update(reason="x")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM vitals_publication")
        assert cursor.rowcount == 0, "nothing is there to be deleted for the application"
        cursor.execute("DELETE FROM vitals_publishedfigure")
        assert cursor.rowcount == 0


def listed(desk: Desk, who: str, table: str, key: str, counter: str) -> list[dict[str, Any]]:
    """Every page of a published figure's cases."""
    path = f"{DOOR}/{table}/cases?key={key}&counter={counter}&limit=1"
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = desk.get(who, path + (f"&cursor={cursor}" if cursor else "")).body
        found += page["items"]
        cursor = page["next"]
        if not cursor:
            return found


@pytest.mark.parametrize("by", ["unit", "area", "post"])
def test_a_published_figure_opens_the_cases_that_counted_then(
    desk: Desk, late: OneCase, follow: Callable[[], None], by: str
) -> None:
    made = publish(desk, by=by)
    table = desk.get("evaluator", f"{DOOR}/{made['id']}")["table"]
    then: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in table["rows"]:
        for counter, count in row["counters"].items():
            then[row["key"], counter] = listed(desk, "evaluator", made["id"], row["key"], counter)
            assert len(then[row["key"], counter]) == count, (row["name"], counter)
    assert sum(map(len, then.values())) > 10
    # The case counts otherwise from now on, and yet another one is done in the month.
    late.does("department", "appeal", reason="flood")
    late.does("dispatcher", "review_appeal", granted=True)
    late.does("acceptor", "review_appeal", granted=True)
    follow()
    for (key, counter), cases in then.items():
        assert listed(desk, "evaluator", made["id"], key, counter) == cases


def test_published_lists_end_at_the_border_and_name_nonsense(desk: Desk, late: OneCase) -> None:
    made = publish(desk)
    unit, other = (str(desk.world.unit(one)) for one in ("310101001-san", "310101-san"))
    door = f"{DOOR}/{made['id']}/cases"
    assert len(listed(desk, "department", made["id"], unit, "overtime_dispose")) == 1
    assert listed(desk, "department", made["id"], other, "overtime_dispose") == []
    for who in ("other_department", "stranger", "handler"):
        asked = desk.ask(who, "GET", f"{door}?key={unit}&counter=dispose")
        assert asked.status in (403, 404), asked
    assert desk.ask("evaluator", "GET", f"{door}?key={unit}&counter=x").fields == ["counter"]
    path = f"{door}?key={unit}&counter=dispose&cursor="
    for cursor in ("x", encode([-1]), encode([10**12]), encode(["1"])):
        assert desk.ask("evaluator", "GET", path + cursor).fields == ["cursor"]
    bind(SYSTEM.scope())
    rows = PublishedFigure.objects.filter(publication=made["id"])
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        rows.update(key="x")


def test_a_corrected_version_says_what_it_changed(
    desk: Desk, late: OneCase, follow: Callable[[], None]
) -> None:
    made = publish(desk)
    assert desk.get("evaluator", f"{DOOR}/{made['id']}")["changes"] == []
    late.does("department", "appeal", reason="flood")
    late.does("dispatcher", "review_appeal", granted=True)
    late.does("acceptor", "review_appeal", granted=True)
    follow()
    again = publish(desk, reason="an appeal was granted")
    for who in ("evaluator", "department"):
        body = desk.get(who, f"{DOOR}/{again['id']}").body
        changes = {one["counter"]: one for one in body["changes"]}
        gone, come = changes["overtime_dispose"], changes["in_time_dispose"]
        assert (gone["before"], gone["after"]) == (1, 0)
        assert [one["no"] for one in gone["left"]] == [late.no]
        assert (come["before"], come["after"]) == (0, 1)
        assert [one["no"] for one in come["joined"]] == [late.no]
        assert changes[""]["after"] > changes[""]["before"], "the score rose"
        assert "dispatch" not in changes


def test_what_was_published_can_be_objected_to_whatever_came_since(
    desk: Desk, late: OneCase, follow: Callable[[], None]
) -> None:
    table = publish(desk)
    bind(SYSTEM.scope())
    CaseMark.objects.filter(counter="overtime_dispose").delete()
    key = str(desk.world.unit("310101001-san"))
    body = {"key": key, "counter": "overtime_dispose", "case_ids": [late.id], "reason": "storm"}
    made = desk.ask("department", "POST", f"{DOOR}/{table['id']}/objections", body)
    assert made.status == 201, made
    decide = f"/evaluation/objections/{made['id']}/decision"
    said = {"confirmed": False, "reason": "there was no storm"}
    assert desk.ask("evaluator", "POST", decide, said)["status"] == "refused"
    told = desk.get("department", f"{DOOR}/{table['id']}").body
    answered = told["objections"][0]
    assert (answered["status"], answered["decision_reason"]) == ("refused", "there was no storm")
    assert len(told["versions"]) == 1, "what is refused corrects nothing"


def test_only_an_evaluator_of_the_area_publishes_a_month_that_is_over(
    desk: Desk, late: OneCase
) -> None:
    for who in ("department", "dispatcher", "leader", "shift_leader", "handler"):
        assert publish(desk, who).status == 403
    assert publish(desk, area=desk.world.city_no).status == 404
    assert publish(desk, period="2026-04").status == 409
    assert desk.ask("evaluator", "POST", DOOR, {"period": "x", "by": "unit"}).status == 422


def test_an_objection_makes_a_new_version(desk: Desk, late: OneCase) -> None:
    table = publish(desk)
    key = str(desk.world.unit("310101001-san"))
    door = f"{DOOR}/{table['id']}/objections"
    body = {"key": key, "counter": "overtime_dispose", "case_ids": [late.id], "reason": "storm"}
    assert desk.ask("other_department", "POST", door, body).status in (403, 404)
    assert desk.ask("department", "POST", door, {**body, "counter": "x"}).status == 422
    wrong = desk.ask("department", "POST", door, {**body, "case_ids": [key]})
    assert wrong.fields == ["case_ids"]
    assert desk.ask("department", "POST", door, {**body, "reason": " "}).fields == ["reason"]
    made = desk.ask("department", "POST", door, body)
    assert made.status == 201, made
    decide = f"/evaluation/objections/{made['id']}/decision"
    said = {"confirmed": True, "reason": "the road was under water"}
    assert desk.ask("department", "POST", decide, said).status == 403
    done = desk.ask("evaluator", "POST", decide, said)
    assert (done.status, done["status"]) == (200, "upheld"), done
    assert desk.ask("evaluator", "POST", decide, said).status == 409
    old = desk.get("department", f"{DOOR}/{table['id']}").body
    new = desk.get("department", f"{DOOR}/{done['publication_id']}").body
    assert (old["version"], new["version"]) == (1, 2)
    assert own(desk, old["table"])["counters"]["overtime_dispose"] == 1
    counters = own(desk, new["table"])["counters"]
    assert (counters["overtime_dispose"], counters["in_time_dispose"]) == (0, 1)
    assert new["objections"][0]["status"] == "upheld"
    for counter in ("overtime_dispose", "in_time_dispose"):
        path = f"/evaluation/cases?period={PERIOD}&by=unit&key={key}&counter={counter}"
        assert len(desk.get("evaluator", path)["items"]) == counters[counter]


def test_a_department_reads_its_own_row_only(desk: Desk, late: OneCase) -> None:
    table = publish(desk)
    seen = desk.get("department", f"{DOOR}/{table['id']}")["table"]["rows"]
    assert [row["key"] for row in seen] == [str(desk.world.unit("310101001-san"))]
    assert desk.ask("other_department", "GET", f"{DOOR}/{table['id']}").status == 404
    assert desk.get("department", DOOR)["items"][0]["id"] == table["id"]
    assert desk.ask("handler", "GET", DOOR).status == 403


@pytest.fixture
def gamed(desk: Desk, follow: Callable[[], None]) -> list[OneCase]:
    """Two cases with one photo between them, handled within a minute of each other."""
    same = picture(70_000)
    cases = []
    for step in (0, 0.002):
        case = desk.new(lon=SPOT[0] + step)
        photo = desk.upload("handler", same)["id"]
        case.does("department", "assign", handler_id=str(desk.world.users["handler"].id))
        case.does("handler", "start")
        case.does("handler", "handle", after=[photo], note="cleaned")
        case.does("department", "feedback")
        cases.append(case)
    follow()
    return cases


def search(desk: Desk) -> list[dict[str, Any]]:
    body = {"period": PERIOD}
    answer = desk.ask("evaluator", "POST", "/evaluation/findings/search", body)
    assert answer.status == 200, answer
    found: list[dict[str, Any]] = desk.get("evaluator", "/evaluation/findings")["items"]
    return found


def test_the_same_photo_twice_is_found_and_only_a_decision_counts(
    desk: Desk, gamed: list[OneCase]
) -> None:
    found = {one["what"]: one for one in search(desk)}
    photo = found["same_photo"]
    assert {one["case_id"] for one in photo["cases"]} == {case.id for case in gamed}
    assert all(one["reason"]["zh"] for one in photo["cases"])
    path = f"/evaluation?period={PERIOD}&by=unit"
    assert own(desk, desk.get("evaluator", path).body)["counters"]["in_time_dispose"] == 2
    decide = f"/evaluation/findings/{photo['id']}/decision"
    said = {"confirmed": True, "reason": "one picture for two places"}
    for who in ("department", "leader", "shift_leader"):
        assert desk.ask(who, "POST", decide, said).status == 403
    assert desk.ask("stranger", "POST", decide, said).status == 404
    assert desk.ask("evaluator", "POST", decide, {**said, "reason": ""}).status == 422
    assert desk.ask("evaluator", "POST", decide, said)["status"] == "confirmed"
    assert desk.ask("evaluator", "POST", decide, said).status == 409
    counters = own(desk, desk.get("evaluator", path).body)["counters"]
    assert (counters["in_time_dispose"], counters["dispose"]) == (0, 2)
    again = {one["what"]: one for one in search(desk)}
    assert again["same_photo"]["status"] == "confirmed"


def test_what_is_no_longer_found_goes_unless_decided(desk: Desk, gamed: list[OneCase]) -> None:
    found = search(desk)
    bind(SYSTEM.scope())
    CaseMark.objects.all().delete()
    decide = f"/evaluation/findings/{found[0]['id']}/decision"
    said = {"confirmed": False, "reason": "the same square"}
    assert desk.ask("evaluator", "POST", decide, said)["status"] == "dismissed"
    bind(SYSTEM.scope())
    Finding.objects.create(
        city_no=desk.world.city_no,
        area_no=desk.world.city_no,
        period=PERIOD,
        what="too_fast",
        mark="stale",
        reason={"zh": "x", "en": "x"},
        cases=0,
        found_at=desk.clock.at,
    )
    left = search(desk)
    assert found[0]["id"] in [one["id"] for one in left]
    bind(SYSTEM.scope())
    assert not Finding.objects.filter(mark="stale").exists()
    assert not FindingCase.objects.filter(confirmed=True).exists()
