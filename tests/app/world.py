"""A small city of real packs: two districts, four streets, their centres, departments, people."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.app.setup.packs import (
    install_duties,
    install_evaluation,
    install_kinds,
    install_notices,
    install_rules,
)
from chengyun.cases.reads import forget_kinds, forget_rules
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.people import reads as people_reads
from chengyun.people import verbs as people
from chengyun.people.models import Appointment, Organisation, User
from chengyun.places import reads as places
from chengyun.places import verbs as places_verbs

# A Monday morning in working hours (10:00 in Shanghai).
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SPOT = (121.005, 31.005)
LITTER = "GBT30428.2/event/0110"


def _box(code: str, west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"区{code}"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def _regions() -> bytes:
    found = []
    for d, district in enumerate(("310101", "310104")):
        west = 121.0 + 0.04 * d
        found.append(_box(district, west, 31.0, west + 0.04, 31.04))
        for s in range(2):
            south = 31.0 + 0.02 * s
            street = f"{district}00{s + 1}"
            found.append(_box(street, west, south, west + 0.04, south + 0.02))
            for c in range(2):
                left = west + 0.02 * c
                found.append(_box(f"{street}00{c + 1}", left, south, left + 0.02, south + 0.02))
    return json.dumps({"type": "FeatureCollection", "features": found}).encode()


@dataclass
class World:
    """The city and its people by post; `actor("acceptor")` acts in the first district."""

    city_no: int
    users: dict[str, User]
    units: dict[str, Organisation]

    def actor(self, who: str) -> Actor:
        """The person as an actor, now."""
        return people_reads.actor_for(self.users[who], now=NOW, second_factor=True)

    def unit(self, code: str) -> UUID:
        """A unit's id by its code."""
        return self.units[code].id


PEOPLE = (
    # key, post, organisation
    ("acceptor", "acceptor", "310101-sup"),
    ("shift_leader", "shift_leader", "310101-sup"),
    ("collector", "collector", "310101-sup"),
    ("dispatcher", "dispatcher", "310101-cmd"),
    ("department", "department", "310101001-san"),
    ("handler", "handler", "310101001-san"),
    ("other_department", "department", "310101-san"),
    ("other_handler", "handler", "310101-san"),
    ("leader", "leader", "310000-ops"),
    ("evaluator", "evaluator", "310101-sup"),
    ("stranger", "acceptor", "310104-sup"),
    ("auditor", "audit_admin", "310000-ops"),
)


def build() -> World:
    """Set the city up in the database of the test."""
    forget_kinds()
    forget_rules()
    packs = load_catalog(default_roots())
    install_rules(packs, NOW)
    install_kinds(packs, NOW)
    install_evaluation(packs, NOW)
    install_notices(packs, NOW)
    city_no = places_verbs.add_city(
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
    places_verbs.import_regions(SYSTEM, now=NOW, city_no=city_no, source="test", content=_regions())
    forget_rules()
    units = _organisations(city_no)
    install_duties(packs.pack("base"), city_no, NOW)
    users = {}
    for key, post, code in PEOPLE:
        user = User.objects.create(
            username=key.replace("_", "."),
            display_name=key,
            organisation=units[code],
            created_at=NOW,
        )
        Appointment.objects.create(
            user=user,
            post=post,
            organisation=units[code],
            area_no=units[code].area_no,
            valid_from=NOW,
        )
        users[key] = user
    return World(city_no, users, units)


def _organisations(city_no: int) -> dict[str, Organisation]:
    def number(code: str) -> int:
        found = places.area_by_code(city_no, code)
        assert found is not None, code
        return found.no

    rows = [people.OrganisationRow("310000-ops", _name("310000-ops"), "ops_center", city_no)]
    for district in ("310101", "310104"):
        for kind, short in (("supervision_center", "sup"), ("command_center", "cmd")):
            rows.append(_row(f"{district}-{short}", kind, number(district)))
        rows.append(_row(f"{district}-san", "department", number(district), ("sanitation",)))
        rows.append(_row(f"{district}-mun", "department", number(district), ("municipal_works",)))
        for street in (f"{district}001", f"{district}002"):
            rows.append(_row(f"{street}-san", "department", number(street), ("sanitation",)))
    people.import_organisations(SYSTEM, now=NOW, rows=rows)
    return {one.code: one for one in Organisation.objects.filter(city_no=city_no)}


def _name(code: str) -> dict[str, str]:
    return {"zh": f"单位{code}", "en": f"Unit {code}"}


def _row(code: str, kind: str, area: int, roles: tuple[str, ...] = ()) -> people.OrganisationRow:
    return people.OrganisationRow(code, _name(code), kind, area, roles)  # type: ignore[arg-type]
