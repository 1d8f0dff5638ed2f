"""A case names the component of the register it is about; the nearest of its class are offered."""

from uuid import uuid4

import pytest

from chengyun.app.setup.packs import install_components
from chengyun.app.setup.running import catalog
from chengyun.cases.models import CaseComponent
from chengyun.kernel.actor import SYSTEM
from chengyun.places import verbs as places
from chengyun.places.models import Component
from tests.app.world import LITTER, NOW, SPOT
from tests.cases.desk import Desk, as_owner

COVER = "GBT30428.2/component/0101"
# The class of the same name in the older scheme.
OLD_COVER = "CJT214-2007/component/0101"


@pytest.fixture
def register(desk: Desk) -> dict[str, str]:
    """Covers 1 m and 20 m away, of two schemes, one far off, and another thing; ids by name."""
    rows = [
        {"name": "near", "kind_id": COVER, "lon": SPOT[0] + 0.00001, "lat": SPOT[1]},
        {"name": "old", "kind_id": OLD_COVER, "lon": SPOT[0] + 0.0002, "lat": SPOT[1]},
        {"name": "far", "kind_id": COVER, "lon": SPOT[0] + 0.001, "lat": SPOT[1]},
        {"name": "other", "kind_id": "GBT30428.2/component/0102", "lon": SPOT[0], "lat": SPOT[1]},
    ]
    with as_owner():
        install_components(catalog(), NOW)
        done = places.import_components(
            SYSTEM,
            now=NOW,
            city_no=desk.world.city_no,
            rows=[(at, f"t:{at}", row) for at, row in enumerate(rows, start=1)],
            source="test",
        )
        assert done["rejects"] == []
        return {row.name: str(row.id) for row in Component.objects.all()}


def reported(desk: Desk, kind: str = COVER) -> str:
    told = {"kind": kind, "text": "井盖缺失", "lon": SPOT[0], "lat": SPOT[1]}
    answer = desk.ask("acceptor", "POST", "/cases", told)
    assert answer.status == 201, answer.body
    return f"/cases/{answer['id']}/components"


def test_the_nearest_of_the_class_are_offered_and_one_is_named(
    desk: Desk, register: dict[str, str]
) -> None:
    door = reported(desk)
    offered = desk.get("acceptor", door)
    assert [one["name"] for one in offered["items"]] == ["near", "old"]
    assert [round(one["metres"]) for one in offered["items"]] == [1, 19]
    assert (offered["named"], offered["within_m"]) == (None, 30.0)
    named = desk.ask("acceptor", "PUT", door, {"component_id": register["near"]})
    assert named.status == 200, named.body
    assert named["named"]["name"] == "near"
    back = desk.get("acceptor", f"/components/{register['near']}/cases")["items"]
    assert [f"/cases/{one['id']}/components" for one in back] == [door]
    assert desk.get("stranger", f"/components/{register['near']}/cases")["items"] == []
    desk.ask("acceptor", "PUT", door, {"component_id": None})
    assert desk.get("acceptor", door)["named"] is None


def test_what_is_no_component_and_who_may_not(desk: Desk, register: dict[str, str]) -> None:
    door = reported(desk)
    wrong = desk.ask("acceptor", "PUT", door, {"component_id": str(uuid4())})
    assert (wrong.status, wrong.fields) == (422, ["component_id"])
    body = {"component_id": register["near"]}
    assert desk.ask("stranger", "PUT", door, body).status == 404
    assert desk.ask("stranger", "GET", door).status == 404
    with as_owner():
        assert not CaseComponent.objects.exists()
    assert desk.get("acceptor", reported(desk, LITTER))["items"] == []
