"""The small city of `decide.world` in the database, and the people who keep its list."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from chengyun.cases.models import Case
from chengyun.cases.reads import forget_kinds, forget_rules
from chengyun.dispatch.reads import DutyRouter
from chengyun.kernel import areas
from chengyun.kernel.actor import Actor, Grant
from chengyun.people.models import Organisation
from chengyun.places.models import City, Region
from tests.dispatch import urls
from tests.dispatch.decide.world import CITY, CODES, LITTER, N1, UNITS

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OTHER_CITY = areas.pack(2)


def person(name: str, post: str, area_no: int = CITY, org: UUID | None = None) -> Actor:
    number = uuid4()
    return Actor("user", number, name, (Grant(post, org or uuid4(), area_no),))


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No kinds and no rules kept from one test to the next: a scheme that tests of another room
    made the city's hides the kinds of these."""
    forget_kinds()
    forget_rules()
    yield
    forget_kinds()
    forget_rules()


@pytest.fixture
def city(db: None) -> int:
    """The city with its regions and units; its number."""
    made = City.objects.create(
        area_no=CITY,
        code="310000",
        time_zone="Asia/Shanghai",
        calendar="cn",
        language="zh",
        code_scheme="gb",
        center_lon=121.5,
        center_lat=31.2,
        zoom=10,
    )
    Region.objects.bulk_create(
        Region(
            area_no=number,
            city=made,
            parent_no=areas.parent(number),
            level=areas.level(number),
            code=code,
            name_zh=f"区域{code}",
            name_en=f"Area {code}",
            valid_from=date(2020, 1, 1),
        )
        for code, number in CODES.items()
    )
    Organisation.objects.bulk_create(
        Organisation(
            id=unit.id,
            code=unit.code,
            name=dict(unit.name),
            kind="department",
            roles=sorted(unit.roles),
            area_no=unit.area_no,
            level=unit.level,
            city_no=CITY,
            path=[unit.id],
            valid_from=datetime(2020, 1, 1, tzinfo=UTC),
            changed_at=datetime(2020, 1, 1, tzinfo=UTC),
        )
        for unit in UNITS
    )
    return CITY


@pytest.fixture
def author() -> Actor:
    return person("author", "dispatcher")


@pytest.fixture
def leader() -> Actor:
    return person("leader", "leader")


@pytest.fixture
def stranger() -> Actor:
    return person("stranger", "leader", OTHER_CITY)


@pytest.fixture
def router() -> DutyRouter:
    """A router that looks for changes at every question."""
    return DutyRouter(look_every=0)


MakeCase = Callable[..., Case]


@pytest.fixture
def make_case(city: int) -> MakeCase:
    """A case row as a list of past cases holds it."""

    def make(kind_id: str | None = LITTER, area_no: int = N1, **more: Any) -> Case:
        number = uuid4()
        given = {
            "no": str(number),
            "city_no": city,
            "kind_id": kind_id,
            "area_no": area_no,
            "state": "pending_handle",
            "version": 1,
            "open": True,
            "source": "public",
            "location": "exact",
            "reported_at": NOW,
            "sort_at": NOW,
            "updated_at": NOW,
        }
        return Case.objects.create(id=number, **{**given, **more})

    return make


Call = Callable[..., Any]


@pytest.fixture
def call(settings: Any) -> Iterator[Call]:
    """Ask a route as an actor (None: nobody): `call(leader, "get", "/duty-lists")`."""
    settings.ROOT_URLCONF = "tests.dispatch.urls"
    client = Client()

    def ask(actor: Actor | None, method: str, route: str, data: Any = None, **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        if actor is not None:
            urls.actors[actor.name] = actor
            headers["Authorization"] = f"Bearer {actor.name}"
        if method != "get" and "content_type" not in more:
            more["content_type"] = "application/json"
        act = getattr(client, method)
        return act(f"/api/v1{route}", data, headers=headers, **more)

    yield ask
    urls.actors.clear()
