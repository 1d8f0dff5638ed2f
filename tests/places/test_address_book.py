"""The geocoder answers from the register and follows it; the demo says that it is made up."""

import time
from typing import Any

import pytest

from chengyun.app.demo import addresses as demo
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.app.setup.packs import install_addresses
from chengyun.kernel.actor import SYSTEM
from chengyun.places import reads, verbs
from chengyun.places.decide.crediting import is_credit_code
from chengyun.places.models import Address, Entity
from tests.places.test_addresses import CITY, LATER, carried, lane, put
from tests.places.test_addresses import city as city  # noqa: PLC0414, the fixture
from tests.places.test_verbs import NOW

pytestmark = pytest.mark.django_db


def best(said: str) -> Any:
    answer = reads.geocode(CITY, said)
    return answer["items"][0] if answer["items"] else None


def test_what_is_published_is_found_and_what_is_renamed_under_both_names(city: int) -> None:
    rows = put(*lane(1, 2, road="鹤庆路", lane_="358"))
    found = best("鹤庆路358弄2号")
    assert (found["text"], found["id"]) == ("鹤庆路358弄2号", str(rows[1].id))
    done = verbs.restructure_addresses(
        SYSTEM, now=NOW, area_no=city, action="change", where={"road": "鹤庆路"},
        becomes={"road": "临沧路"}, title="t",
    )  # fmt: skip
    carried(done["id"], "propose", "approve", "apply")
    for said in ("临沧路358弄2号", "鹤庆路358弄2号"):
        assert best(said)["id"] == str(rows[1].id)
    verbs.move_address(SYSTEM, now=LATER, address_id=rows[1].id, move="retire", reason="x")
    gone = best("临沧路358弄2号")
    assert gone is None or gone["id"] != str(rows[1].id)


def test_the_demo_is_labelled_quick_and_made_once(city: int) -> None:
    install_addresses(load_catalog(default_roots()), NOW)
    started = time.monotonic()
    demo.build(city, lambda _said: None, NOW)
    assert time.monotonic() - started < 10
    count = Address.objects.count()
    assert count > 300
    assert not Address.objects.filter(synthetic=False).exists()
    assert not Entity.objects.filter(synthetic=False).exists()
    for row in Address.objects.all()[:50]:
        assert row.text.startswith("模拟")
        assert len(row.code) == 24
    codes = Entity.objects.filter(kind="unit").values_list("code", flat=True)
    assert codes
    assert all(is_credit_code(code) and code[2:8] == "999999" for code in codes)
    demo.build(city, lambda _said: None, NOW)
    assert Address.objects.count() == count
    found = {one["check"]: one["count"] for one in reads.address_quality(SYSTEM, city)["checks"]}
    assert {name for name, many in found.items() if many} <= {"building_without_entity"}
