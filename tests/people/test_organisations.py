"""The tree of organisations, the posts given in it, and what actors get from both."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from chengyun.kernel import areas
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor
from chengyun.kernel.models import AuditEntry
from chengyun.kernel.problems import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from chengyun.people import reads, verbs
from chengyun.people.models import Appointment, Organisation, User
from tests.people.conftest import CITY, EAST, EAST_STREET, WEST, City, Hire

HERE = "/api/v1"
NEW = {"zh": "新", "en": "New"}


def _post(client: Client, route: str, **body: Any) -> Any:
    return client.post(HERE + route, body, content_type="application/json")


def test_an_organisation_is_made_renamed_moved_and_closed(
    hire: Hire, enter: Callable[..., Client], city: City
) -> None:
    client = enter(hire("root", "ops", "system_admin"))
    made = _post(
        client,
        "/orgs",
        code="squad",
        name=NEW,
        kind="department",
        roles=["sanitation"],
        area_no=EAST_STREET,
        parent=str(city["east-team"].id),
    )
    assert made.status_code == 201, made.content
    squad = f"{HERE}/orgs/{made.json()['id']}"
    assert client.get(squad).json()["parent"] == str(city["east-team"].id)
    body = {"name": {"zh": "一队", "en": "First squad"}}
    assert client.patch(squad, body, content_type="application/json").status_code == 200
    assert client.get(squad).json()["name"]["zh"] == "一队"
    assert client.get(squad).json()["roles"] == ["sanitation"]
    assert (
        client.post(
            f"{squad}/move",
            {"parent": str(city["east-sanitation"].id)},
            content_type="application/json",
        ).status_code
        == 200
    )
    assert client.get(squad).json()["parent"] == str(city["east-sanitation"].id)
    assert client.delete(squad).status_code == 200
    assert client.delete(squad).json()["code"] == "already_closed"


def test_a_branch_moves_whole(city: City, now: datetime) -> None:
    verbs.move_organisation(
        SYSTEM,
        now=now,
        organisation=city["east-sanitation"].id,
        parent=city["east-ops"].id,
    )
    team = Organisation.objects.get(code="east-team")
    assert team.path == [city[c].id for c in ("ops", "east-ops", "east-sanitation", "east-team")]
    below = Organisation.objects.below(city["ops"]).values_list("code", flat=True)
    assert "east-team" in below
    assert "east-team" not in Organisation.objects.below(city["sanitation"]).values_list(
        "code", flat=True
    )


@pytest.mark.parametrize(
    ("organisation", "parent", "code"),
    [
        ("sanitation", "east-team", "cycle"),
        ("sanitation", "sanitation", "cycle"),
        ("east-team", "west-sanitation", "outside_parent"),
    ],
)
def test_impossible_moves(
    city: City, now: datetime, organisation: str, parent: str, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        verbs.move_organisation(
            SYSTEM, now=now, organisation=city[organisation].id, parent=city[parent].id
        )
    assert code in {error.code for error in caught.value.errors}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "x\ny"}, "code"),
        ({"code": "x" * 65}, "code"),
        ({"name": {"zh": "", "en": "x"}}, "name.zh"),
        ({"name": {"zh": "x" * 121, "en": "x"}}, "name.zh"),
        ({"kind": "kingdom"}, "kind"),
        ({"area_no": 0}, "area_no"),
        ({"area_no": 2**58}, "area_no"),
        ({"area_no": "east"}, "area_no"),
        ({"area_no": CITY | 1}, "area_no"),
        ({"parent": str(uuid4())}, "parent"),
        ({"roles": [""]}, "roles"),
    ],
)
def test_bad_organisations_are_refused(
    hire: Hire, enter: Callable[..., Client], asked: dict[str, Any], field: str
) -> None:
    client = enter(hire("root", "ops", "system_admin"))
    body = {"code": "x", "name": NEW, "kind": "department", "area_no": EAST, **asked}
    answer = _post(client, "/orgs", **body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["field"] == field


def test_codes_are_one_per_city(city: City, now: datetime) -> None:
    asked: dict[str, Any] = {"code": "ops", "name": NEW, "kind": "department"}
    with pytest.raises(Conflict):
        verbs.create_organisation(SYSTEM, now=now, area_no=CITY, **asked)
    assert verbs.create_organisation(SYSTEM, now=now, area_no=areas.pack(2), **asked)["id"]


def test_an_organisation_with_parts_stays(city: City, now: datetime) -> None:
    with pytest.raises(Conflict) as caught:
        verbs.close_organisation(SYSTEM, now=now, organisation=city["sanitation"].id)
    assert caught.value.code == "has_parts"


def test_the_same_key_makes_one_organisation(hire: Hire, enter: Callable[..., Client]) -> None:
    client = enter(hire("root", "ops", "system_admin"))
    body = {"code": "x", "name": NEW, "kind": "department", "area_no": EAST}
    ids = {
        client.post(
            f"{HERE}/orgs",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "again"},
        ).json()["id"]
        for _ in range(3)
    }
    assert len(ids) == 1


def test_importing_again_updates_and_adds(city: City, now: datetime) -> None:
    before = reads.organisation_revision()
    rows = [
        verbs.OrganisationRow("ops", {"zh": "城运中心", "en": "Ops"}, "ops_center", CITY),
        verbs.OrganisationRow("fresh", {"zh": "新", "en": "New"}, "committee", EAST, (), "ops"),
    ]
    assert verbs.import_organisations(SYSTEM, now=now, rows=rows) == {
        "count": 2,
        "created": 1,
        "updated": 1,
    }
    ops = Organisation.objects.get(code="ops")
    assert (ops.id, ops.name["zh"]) == (city["ops"].id, "城运中心")
    assert Organisation.objects.get(code="fresh").path[0] == ops.id
    assert reads.organisation_revision() != before


def test_a_faulty_row_stores_nothing_and_is_named(city: City, now: datetime) -> None:
    rows = [
        verbs.OrganisationRow("fine", {"zh": "好", "en": "Fine"}, "committee", EAST, (), "ops"),
        verbs.OrganisationRow("bad", {"zh": "坏", "en": "Bad"}, "kingdom", 0, (), "nobody"),
    ]
    with pytest.raises(Invalid) as caught:
        verbs.import_organisations(SYSTEM, now=now, rows=rows)
    assert {error.field for error in caught.value.errors} == {
        "rows.1.kind",
        "rows.1.parent",
        "rows.1.area_no",
    }
    assert not Organisation.objects.filter(code="fine").exists()


def test_only_system_administrators_keep_organisations(
    hire: Hire, as_actor: Callable[..., Actor], now: datetime
) -> None:
    asked: dict[str, Any] = {"code": "x", "name": NEW, "kind": "department", "area_no": EAST}
    for post in ("security_admin", "audit_admin", "leader", "shift_leader"):
        with pytest.raises(Forbidden):
            verbs.create_organisation(as_actor(hire(post, "ops", post)), now=now, **asked)
    with pytest.raises(Unauthenticated):
        verbs.create_organisation(PUBLIC, now=now, **asked)
    west = as_actor(hire("west", "west-ops", "system_admin"))
    with pytest.raises(NotFound):
        verbs.create_organisation(west, now=now, **asked)
    outcomes = AuditEntry.objects.filter(verb="people.create_organisation")
    assert sorted(outcomes.values_list("outcome", flat=True)) == [
        "not_found",
        "post_missing",
        "post_missing",
        "post_missing",
        "post_missing",
        "unauthenticated",
    ]


def test_grants_follow_posts_and_reach_sub_organisations(
    hire: Hire, as_actor: Callable[..., Actor], city: City
) -> None:
    acceptor = as_actor(hire("li", "east-ops", "acceptor"))
    assert acceptor.scope().areas == (areas.span(EAST),)
    assert acceptor.scope().units == ()
    department = as_actor(hire("wang", "sanitation", "department"))
    units = {city[c].id for c in ("sanitation", "east-sanitation", "east-team", "west-sanitation")}
    assert set(department.scope().units) == units
    admin = as_actor(hire("sun", "ops", "security_admin"))
    assert admin.scope().areas == ()
    assert admin.scope().units == ()


def test_two_unit_posts_one_below_the_other_keep_both(
    hire: Hire, as_actor: Callable[..., Actor], city: City, now: datetime
) -> None:
    user = hire("wang", "sanitation", "department")
    team = city["east-team"].id
    verbs.appoint(SYSTEM, now=now, user=user.id, post="handler", organisation=team)
    held = {(g.post, g.org_id) for g in as_actor(user).grants}
    assert {("department", team), ("handler", team)} <= held
    assert len(held) == 5


def test_grants_end_with_the_appointment_and_the_organisation(
    hire: Hire, city: City, now: datetime
) -> None:
    user = hire("li", "east-team", "handler")
    team = city["east-team"]
    assert reads.actor_for(user, now=now).has("handler")
    verbs.close_organisation(SYSTEM, now=now, organisation=team.id)
    assert not reads.actor_for(user, now=now + timedelta(seconds=1)).has("handler")


def test_an_appointment_over_a_part_of_the_area(hire: Hire, as_actor: Callable[..., Actor]) -> None:
    actor = as_actor(hire("li", "east-ops", "collector", area_no=EAST_STREET))
    assert actor.scope().areas == (areas.span(EAST_STREET),)


def _appoint(client: Client, user: User, **body: Any) -> Any:
    return _post(client, f"/users/{user.id}/appointments", **body)


def test_appointing_and_dismissing(hire: Hire, enter: Callable[..., Client], city: City) -> None:
    client, user = enter(hire("sun", "ops", "security_admin")), hire("li", "east-ops")
    unit = str(city["east-ops"].id)
    made = _appoint(client, user, post="acceptor", organisation=unit)
    assert made.status_code == 201
    shown = client.get(f"{HERE}/users/{user.id}").json()
    assert [one["post"] for one in shown["posts"]] == ["acceptor"]
    again = _appoint(client, user, post="acceptor", organisation=unit)
    assert (again.status_code, again.json()["code"]) == (409, "already_held")
    clash = _appoint(client, user, post="dispatcher", organisation=unit)
    assert clash.status_code == 409
    assert clash.json()["code"] == "supervision_and_command_separate"
    assert clash.json()["reasons"][0]["zh"].startswith("监督与指挥分离")
    assert client.delete(f"{HERE}/appointments/{made.json()['id']}").status_code == 200
    assert client.delete(f"{HERE}/appointments/{made.json()['id']}").status_code == 409
    assert Appointment.objects.filter(user=user).count() == 1
    assert _appoint(client, user, post="dispatcher", organisation=unit).status_code == 201


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"post": "king"}, "post"),
        ({"area_no": WEST}, "area_no"),
        ({"area_no": CITY}, "area_no"),
        ({"area_no": -1}, "area_no"),
        ({"valid_to": "2020-01-01T00:00:00Z"}, "valid_to"),
        ({"valid_to": "2030-01-01T00:00:00"}, "valid_to"),
    ],
)
def test_bad_appointments_are_refused(
    hire: Hire, enter: Callable[..., Client], city: City, asked: dict[str, Any], field: str
) -> None:
    client = enter(hire("sun", "ops", "security_admin"))
    body = {"post": "acceptor", "organisation": str(city["east-ops"].id), **asked}
    answer = _appoint(client, hire("li", "east-ops"), **body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(("post", "unit"), [("dispatcher", "supervision"), ("acceptor", "command")])
def test_centres_give_posts_of_their_own_side(
    hire: Hire, city: City, now: datetime, post: str, unit: str
) -> None:
    with pytest.raises(Invalid) as caught:
        verbs.appoint(
            SYSTEM, now=now, user=hire("li", "ops").id, post=post, organisation=city[unit].id
        )
    assert caught.value.errors[0].code == "post_unfit"


def test_nobody_appoints_themselves(hire: Hire, enter: Callable[..., Client], city: City) -> None:
    sun = hire("sun", "ops", "security_admin")
    answer = _appoint(enter(sun), sun, post="leader", organisation=str(city["ops"].id))
    assert (answer.status_code, answer.json()["code"]) == (403, "own_post")


def test_the_system_administrator_gives_no_posts(
    hire: Hire, enter: Callable[..., Client], city: City
) -> None:
    client = enter(hire("root", "ops", "system_admin"))
    answer = _appoint(client, hire("li", "ops"), post="acceptor", organisation=str(city["ops"].id))
    assert (answer.status_code, answer.json()["code"]) == (403, "post_missing")


def test_a_post_to_come_is_reserved_already(hire: Hire, city: City, now: datetime) -> None:
    user, unit = hire("li", "ops", "acceptor"), city["ops"].id
    with pytest.raises(Conflict):
        verbs.appoint(
            SYSTEM,
            now=now,
            user=user.id,
            post="handler",
            organisation=unit,
            valid_from=now + timedelta(days=30),
        )
    Appointment.objects.update(valid_to=now + timedelta(days=30))
    verbs.appoint(
        SYSTEM,
        now=now,
        user=user.id,
        post="handler",
        organisation=unit,
        valid_from=now + timedelta(days=30),
    )
    assert not reads.actor_for(user, now=now).has("handler")
    later = reads.actor_for(user, now=now + timedelta(days=31))
    assert later.has("handler")
    assert not later.has("acceptor")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"username": "a b"}, "username"),
        ({"username": "<script>"}, "username"),
        ({"display_name": " "}, "display_name"),
        ({"display_name": "a\u202eb"}, "display_name"),
        ({"organisation": str(uuid4())}, "organisation"),
        ({"locale": "xx"}, "locale"),
    ],
)
def test_bad_invitations_are_refused(
    hire: Hire, enter: Callable[..., Client], city: City, asked: dict[str, Any], field: str
) -> None:
    client = enter(hire("root", "ops", "system_admin"))
    body = {
        "username": "new",
        "display_name": "New",
        "organisation": str(city["ops"].id),
        **asked,
    }
    answer = _post(client, "/users", **body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_user_names_are_taken_once_whatever_their_case(
    hire: Hire, enter: Callable[..., Client], city: City
) -> None:
    client = enter(hire("root", "ops", "system_admin"))
    body = {"username": "ＲＯＯＴ", "display_name": "x", "organisation": str(city["ops"].id)}
    answer = _post(client, "/users", **body)
    assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")


def test_the_database_refuses_what_the_code_would(city: City, now: datetime, hire: Hire) -> None:
    user = hire("li", "ops")
    row: dict[str, Any] = {
        "user": user,
        "organisation": city["ops"],
        "area_no": CITY,
        "valid_from": now,
    }
    for broken in (
        {"post": "king"},
        {"post": "acceptor", "valid_to": now - timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.create(**{**row, **broken})


def test_the_nearest_organisation_for_a_post(city: City, now: datetime) -> None:
    def code(area: int, post: str) -> str:
        found = reads.organisation_for(area, post, now=now)
        assert found is not None
        return found.code

    community = areas.child(EAST_STREET, 7)
    assert code(community, "acceptor") == "east-street"
    assert code(WEST, "dispatcher") == "west-ops"
    assert code(CITY, "leader") == "ops"
    assert reads.organisation_for(areas.pack(9), "acceptor", now=now) is None


def test_names_by_id(hire: Hire) -> None:
    user = hire("li", "ops")
    assert reads.user_names([user.id, uuid4()]) == {user.id: "Li"}
