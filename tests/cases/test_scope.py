"""Who gets in and what they see: every route of every room, in the application and below it."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client

from chengyun.app.api import api
from chengyun.app.public_routes import PUBLIC_ROUTES
from chengyun.cases.models import Case, Report
from chengyun.kernel.actor import PUBLIC, SYSTEM
from chengyun.kernel.models import Event
from chengyun.kernel.scope import bind
from chengyun.people import verbs as people
from tests.app.world import SPOT
from tests.cases.desk import API, NOBODY, Desk, OneCase, as_owner

# Where a route's parameter is not a UUID.
FILLED = {"code": "NOSUCHCODE12", "layer": "base", "number": "281474976710656", "version": "1"}


def doors() -> Iterator[tuple[str, str]]:
    """Method and path of every operation, parameters filled with ids of nothing."""
    for path, operations in api.get_openapi_schema(path_prefix="/api/v1")["paths"].items():
        filled = re.sub(r"{([^}]+)}", lambda m: FILLED.get(m[1], str(uuid4())), path)
        for method in operations:
            yield method.upper(), filled


def public(method: str, path: str) -> bool:
    """Whether the public list lets a door open."""
    return any(
        method == one and re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", route), path.strip("/"))
        for one, route in PUBLIC_ROUTES
    )


DOORS = sorted(doors())


@pytest.mark.parametrize(("method", "path"), DOORS, ids=[f"{m} {p[8:40]}" for m, p in DOORS])
def test_a_stranger_to_the_house_is_asked_to_sign_in(desk: Desk, method: str, path: str) -> None:
    bind(NOBODY)
    client = Client(enforce_csrf_checks=True)
    answer = client.generic(method, path, b"{}", content_type="application/json")
    if public(method, path):
        # The ways in say who may not; everything else answers or says what is wrong.
        assert answer.status_code != 401 or path.endswith("/session")
    else:
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code < 500


@pytest.mark.parametrize("token", ["", "x", "cyk_", "cyk_" + "a" * 43, "\u00e9", "a" * 5_000])
def test_a_key_that_is_none_opens_nothing(desk: Desk, token: str) -> None:
    answer = Client().get(f"{API}/cases", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.fixture
def cases(desk: Desk) -> tuple[OneCase, OneCase]:
    """One in the first district, one in the second."""
    return desk.new(photos=[desk.photo("acceptor")]), desk.new("stranger", lon=SPOT[0] + 0.05)


def test_another_areas_case_is_not_there(desk: Desk, cases: tuple[OneCase, OneCase]) -> None:
    mine = cases[0]
    photo = mine.detail()["photos"][0]["id"]
    report = mine.detail()["report_list"][0]["id"]
    for who in ("stranger", "auditor", "other_department", "other_handler"):
        for path in ("", "/timeline", f"/photos/{photo}"):
            answer = desk.ask(who, "GET", f"/cases/{mine.id}{path}")
            assert (answer.status, answer["code"]) == (404, "not_found")
        for body in ({"move": "urge"}, {"move": "void", "params": {"reason": "x"}}):
            assert desk.ask(who, "POST", f"/cases/{mine.id}/moves", body).status == 404
        bulk = {"move": "urge", "items": [{"id": mine.id}]}
        results = desk.ask(who, "POST", "/cases/moves", bulk)["results"]
        assert [row["problem"]["code"] for row in results] == ["not_found"]
        seen = desk.get(who, "/cases")["items"]
        assert mine.id not in [row["id"] for row in seen]
        assert desk.get(who, f"/cases?q={mine.no}")["items"] == []
        dots = desk.get(who, "/cases/map?bbox=120,30,122,32")["items"]
        assert mine.id not in [row["id"] for row in dots]
    path = f"/cases/{mine.id}/reports/{report}/contact"
    assert desk.ask("stranger", "POST", path, {"reason": "curious"}).status == 404


def test_a_key_sees_its_area_alone(desk: Desk, cases: tuple[OneCase, OneCase]) -> None:
    mine, theirs = cases
    with as_owner():
        unit = desk.world.units["310104-sup"]
        token = people.issue_key("acceptor", unit.id, unit.area_no, now=desk.clock.at)
    assert desk.ask(None, "GET", f"/cases/{mine.id}", token=token).status == 404
    assert desk.ask(None, "GET", f"/cases/{theirs.id}", token=token).status == 200
    rows = desk.get(None, "/cases", token=token)["items"]
    assert [row["id"] for row in rows] == [theirs.id]
    made = desk.ask(None, "POST", "/cases", {"text": "x"}, token=token)
    assert made.status == 201


def test_who_has_no_post_of_the_loop_reports_for_nobody(desk: Desk) -> None:
    for who in ("auditor", "evaluator"):
        assert desk.report(who).status == 403
        batch = desk.ask(who, "POST", "/cases/batch", {"items": [{"text": "x"}]})
        assert batch.status == 403


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("acceptor", 1),
        ("stranger", 1),
        ("leader", 2),
        ("department", 1),
        ("handler", 1),
        ("other_department", 0),
        ("auditor", 0),
    ],
)
def test_a_forgotten_filter_shows_no_more_than_the_database_lets_through(
    desk: Desk, cases: tuple[OneCase, OneCase], who: str, seen: int
) -> None:
    scope = desk.world.actor(who).scope()
    with transaction.atomic():
        bind(scope)
        assert Case.objects.count() == seen
        assert len(set(Event.objects.values_list("subject_id", flat=True))) == seen
        hidden = Case.objects.all().update(text="changed")
        assert hidden == seen


def test_without_any_scope_the_database_shows_nothing(
    desk: Desk, cases: tuple[OneCase, OneCase]
) -> None:
    bind(NOBODY)
    assert not Case.objects.exists()
    assert not Event.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone() == (0,)
    bind(PUBLIC.scope())
    assert set(Case.objects.values_list("is_public", flat=True)) <= {True}
    bind(SYSTEM.scope())
    assert Case.objects.count() == 2


def test_a_read_that_forgets_whom_it_is_for_still_answers_within_scope(
    desk: Desk, cases: tuple[OneCase, OneCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "chengyun.cases.models.CaseQuerySet.visible_to", lambda self, _actor: self.all()
    )
    mine, theirs = cases
    rows = desk.get("acceptor", "/cases")["items"]
    assert [row["id"] for row in rows] == [mine.id]
    assert desk.ask("acceptor", "GET", f"/cases/{theirs.id}").status == 404
    assert desk.ask("acceptor", "GET", f"/cases/{theirs.id}/timeline").status == 404
    assert desk.ask("acceptor", "POST", f"/cases/{theirs.id}/moves", {"move": "urge"}).status == 404
    assert desk.get("acceptor", "/cases/counts")["queue"]["all_open"] == 1


def test_history_cannot_be_rewritten_by_the_application(
    desk: Desk, cases: tuple[OneCase, OneCase]
) -> None:
    bind(SYSTEM.scope())
    for statement in (
        "UPDATE kernel_event SET name = 'x'",
        "DELETE FROM kernel_event",
        "UPDATE kernel_auditentry SET verb = 'x'",
        "DELETE FROM kernel_auditentry",
    ):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            _run(statement)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_residents_see_public_kinds_only(desk: Desk) -> None:
    kinds: list[dict[str, Any]] = desk.get(None, "/public/kinds").body
    assert kinds
    assert all(kind["public"] for kind in kinds)
    near = f"/public/nearby?lon={SPOT[0]}&lat={SPOT[1]}"
    assert desk.get(None, near)["items"] == []
    desk.new(text="my neighbour's name is Li")
    found = desk.get(None, near)["items"]
    assert len(found) == 1
    assert set(found[0]) == {"no", "kind", "state_name", "distance_m", "reported_at"}
    desk.new(kind=None)
    assert len(desk.get(None, near)["items"]) == 1, "what has no kind is not public"


def test_what_hangs_on_a_case_is_hidden_with_it(desk: Desk, cases: tuple[OneCase, OneCase]) -> None:
    """Reports, photos and revealed contacts lie behind the second lock as well."""
    with transaction.atomic():
        for who in ("acceptor", "stranger", "leader"):
            bind(desk.world.actor(who).scope())
            seen = set(Case.objects.values_list("id", flat=True))
            assert set(Report.objects.values_list("case_id", flat=True)) == seen
        bind(PUBLIC.scope())
        assert Report.objects.count() == len(cases)
