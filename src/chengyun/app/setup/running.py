"""The steps of setting up, in order."""

from collections.abc import Callable
from datetime import datetime

from chengyun.app.demo import addresses, components, shanghai, solids, things
from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.app.setup.packs import (
    install_addresses,
    install_components,
    install_duties,
    install_evaluation,
    install_kinds,
    install_map,
    install_notices,
    install_packs,
    install_rules,
    install_senses,
    install_signal_rules,
    pack_of,
    scenarios_beside,
)
from chengyun.app.setup.rosters import plan_rosters
from chengyun.app.setup.staff import staff_city
from chengyun.cases import verbs as cases
from chengyun.kernel.clock import system_clock
from chengyun.places.models import City

DEMO_PACK = "shanghai-demo"

Say = Callable[[str], None]


def catalog() -> Catalog:
    """All packs beside the program, checked.

    Raises:
        PackError: a pack is wrong; the message names file, place, fault and remedy.
    """
    return load_catalog(default_roots())


def run(say: Say, *, demo: bool = True) -> None:
    """Bring the node to where people can work on it."""
    now = system_clock.now()
    packs = catalog()
    say("Loading packs …")
    if install_rules(packs, now):
        # A year that was not known yet may be known now.
        cases.recompute_clocks(now)
    install_kinds(packs, now)
    install_evaluation(packs, now)
    install_notices(packs, now)
    install_addresses(packs, now)
    install_components(packs, now)
    install_map(packs, now)
    install_senses(packs, now)
    install_signal_rules(packs, now)
    install_packs(packs, now)
    if demo:
        set_up_demo(packs, say, now)
    for city in City.objects.order_by("area_no"):
        # A pack that changed brings its duty list into every city that lives by it.
        pack = pack_of(packs, city.code)
        install_duties(pack, city.area_no, now, scenarios_beside(packs, pack))


def set_up_demo(packs: Catalog, say: Say, now: datetime) -> None:
    """Shanghai: real districts and codes; everything finer generated and labelled so."""
    city_no = shanghai.build(say)
    addresses.build(city_no, say, now)
    components.build(packs.pack(DEMO_PACK).components, city_no, say, now)
    things.build(city_no, say, now)
    solids.build(packs.pack(DEMO_PACK).solids, city_no, say, now)
    staff_city(packs.pack(DEMO_PACK), city_no, say, now)
    plan_rosters(packs.pack(DEMO_PACK), city_no, now)
