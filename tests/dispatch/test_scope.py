"""What the database itself lets the app role see of outcomes."""

import pytest
from django.db import connection, transaction

from chengyun.dispatch.models import RouteOutcome
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.rights import grant_roles
from chengyun.kernel.scope import APP_ROLE, bind
from tests.dispatch.conftest import NOW, person
from tests.dispatch.decide.world import CITY, LITTER, N1, N1_CLEAN, NORTH, S1, SOUTH, SOUTH_CLEAN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def outcomes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {APP_ROLE} LOGIN")
    grant_roles()
    for area_no, unit in ((N1, N1_CLEAN.id), (S1, SOUTH_CLEAN.id)):
        RouteOutcome.objects.create(
            case_id=new_id(),
            case_version=1,
            city_no=CITY,
            area_no=area_no,
            kind_id=LITTER,
            rule="r",
            rule_version="v",
            unit=unit,
            dispatched_at=NOW,
        )


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (SYSTEM, 2),
        (PUBLIC, 0),
        (person("city", "dispatcher"), 2),
        (person("north", "dispatcher", NORTH), 1),
        (person("south", "leader", SOUTH), 1),
        (person("unit", "department", N1, N1_CLEAN.id), 1),
        (person("admin", "system_admin"), 0),
        (person("elsewhere", "leader", 2 << 48), 0),
    ],
    ids=lambda value: value.name if isinstance(value, Actor) else "",
)
def test_the_database_shows_outcomes_by_area_and_unit(
    outcomes: None, actor: Actor, seen: int
) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
        bind(actor.scope())
        assert RouteOutcome.objects.count() == seen
        assert RouteOutcome.objects.visible_to(actor).count() == seen
