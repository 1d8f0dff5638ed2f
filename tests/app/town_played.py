"""The demo's simulated town in small: two districts with grids, organisations and people."""

from datetime import UTC, datetime, timedelta

from django.core.management import call_command

from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.app.setup.packs import install_duties, install_kinds, install_rules
from chengyun.app.setup.staff import staff_city
from chengyun.app.simulation.playing import Order, play
from chengyun.cases.reads import forget_kinds, forget_rules
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.text import JsonObject
from chengyun.places import verbs as places
from chengyun.places.models import City
from chengyun.sdk.simulate import SimulateFile
from tests.app.world import NOW, _regions

MONDAY = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
ORDER = Order(MONDAY, MONDAY + timedelta(days=1), "7", 0.003)


def plan_of_town() -> SimulateFile:
    """What the demo's pack says about playing."""
    found = load_catalog(default_roots()).pack("shanghai-demo").simulate
    assert found is not None
    return found


def found_town() -> City:
    """Set the town up in the database at hand."""
    forget_kinds()
    forget_rules()
    packs = load_catalog(default_roots())
    install_rules(packs, NOW)
    install_kinds(packs, NOW)
    city_no = places.add_city(
        SYSTEM,
        now=NOW,
        code="310000",
        name={"zh": "上海市", "en": "Shanghai"},
        time_zone="Asia/Shanghai",
        calendar=next(key for key in packs.calendars if key.startswith("cn")),
        language="zh",
        code_scheme="GBT2260",
        center=(121.04, 31.02),
    )["area_no"]
    places.import_regions(SYSTEM, now=NOW, city_no=city_no, source="test", content=_regions())
    places.generate_grids(SYSTEM, now=NOW, area_no=city_no, total=60, owner_names={})
    forget_rules()
    staff_city(packs.pack("shanghai-demo"), city_no, lambda _: None, NOW)
    install_duties(packs.pack("base"), city_no, NOW)
    return City.objects.get(pk=city_no)


def run() -> JsonObject:
    """Fill the empty database this process was given, and play ORDER in it."""

    call_command("migrate", verbosity=0)
    city = found_town()
    return play(plan_of_town(), city, ORDER, say=lambda _: None)[1].as_dict()
