"""A small city with its people, and a door to it that mounts nothing but this room."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI

from chengyun.kernel import areas, problems
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.people import api, ports, reads, verbs
from chengyun.people.models import Organisation, User

CITY = areas.pack(1)
EAST, WEST = areas.pack(1, 1), areas.pack(1, 2)
EAST_STREET, WEST_STREET = areas.pack(1, 1, 1), areas.pack(1, 2, 1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
# What a good password looks like here; nothing in the product knows it.
PASSWORD = "seven lanterns over the canal"


def _door() -> ModuleType:
    site = NinjaAPI(urls_namespace="people-door", docs_url=None, openapi_url=None)
    problems.install(site)
    site.add_router("", api.router)
    module = ModuleType("people_door")
    module.urlpatterns = [path("api/v1/", site.urls)]  # type: ignore[attr-defined]
    return module


DOOR = _door()


@pytest.fixture(autouse=True)
def door(settings: Any) -> Iterator[None]:
    """Answer requests through this room alone, with nobody above it to name areas."""
    settings.ROOT_URLCONF = DOOR
    above = ports.site()
    ports.bind_site(ports.NoSite())
    yield
    ports.bind_site(above)


@pytest.fixture(autouse=True)
def nobody_known() -> Iterator[None]:
    """What one test believed about sessions and keys, the next does not."""
    reads.forget_actors()
    yield
    reads.forget_actors()


@pytest.fixture
def now() -> datetime:
    """The present, since the door asks the real clock."""
    return datetime.now(UTC)


@dataclass
class City:
    """Organisations by a short name."""

    units: dict[str, Organisation]

    def __getitem__(self, name: str) -> Organisation:
        return self.units[name]


def _text(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}


@pytest.fixture
def city(db: None, now: datetime) -> City:
    """One city, two districts, a street each, and a department tree across them."""
    rows = [
        ("ops", "ops_center", CITY, None),
        ("east-ops", "ops_center", EAST, "ops"),
        ("west-ops", "ops_center", WEST, "ops"),
        ("east-street", "ops_center", EAST_STREET, "east-ops"),
        ("west-street", "ops_center", WEST_STREET, "west-ops"),
        ("sanitation", "department", CITY, None),
        ("east-sanitation", "department", EAST, "sanitation"),
        ("east-team", "department", EAST_STREET, "east-sanitation"),
        ("west-sanitation", "department", WEST, "sanitation"),
        ("supervision", "supervision_center", CITY, None),
        ("command", "command_center", CITY, None),
    ]
    verbs.import_organisations(
        SYSTEM,
        now=now - timedelta(days=30),
        rows=[
            verbs.OrganisationRow(
                code=code,
                name=_text(code),  # type: ignore[arg-type]
                kind=kind,
                area_no=area,
                parent=parent,
                roles=("sanitation",) if "sanitation" in code else (),
            )
            for code, kind, area, parent in rows
        ],
    )
    return City({one.code: one for one in Organisation.objects.all()})


Hire = Callable[..., User]


@pytest.fixture
def hire(city: City, now: datetime) -> Hire:
    """Make a user with posts: `hire("li", "east-ops", "acceptor", "shift_leader")`."""

    def make(username: str, unit: str, *posts: str, area_no: int | None = None) -> User:
        made = verbs.create_user(
            SYSTEM,
            now=now,
            username=username,
            display_name=username.title(),
            organisation=city[unit].id,
        )
        user = User.objects.get(pk=made["id"])
        for post in posts:
            verbs.appoint(
                SYSTEM,
                now=now - timedelta(days=1),
                user=user.id,
                post=post,
                organisation=city[unit].id,
                area_no=area_no,
            )
        return user

    return make


@pytest.fixture
def enter(now: datetime) -> Callable[..., Client]:
    """A browser signed in as somebody, with a second factor unless told otherwise."""

    def make(user: User, *, second_factor: bool = True, csrf: bool = False) -> Client:
        browser = verbs.Browser("203.0.113.7", "Mozilla/5.0 (Windows) Chrome/140")
        entered = verbs.start_session(
            user, now=now, method="link", browser=browser, second_factor=second_factor
        )
        client = Client(enforce_csrf_checks=csrf)
        client.cookies[reads.SESSION_COOKIE] = entered.token
        return client

    return make


@pytest.fixture
def as_actor(now: datetime) -> Callable[..., Actor]:
    """Somebody as an actor with a second factor."""

    def make(user: User, *, second_factor: bool = True) -> Actor:
        return reads.actor_for(user, now=now, second_factor=second_factor)

    return make


@pytest.fixture
def with_password(as_actor: Callable[..., Actor], now: datetime) -> Callable[[User], User]:
    """Let somebody set the test's password."""

    def make(user: User) -> User:
        browser = verbs.Browser("203.0.113.7")
        entered = verbs.start_session(user, now=now, method="link", browser=browser)
        verbs.set_password(
            as_actor(user), now=now, password=PASSWORD, current=None, session=entered.session_id
        )
        user.refresh_from_db()
        return user

    return make
