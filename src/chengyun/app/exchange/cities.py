"""The city that a mapping's rows belong to: made on first sight, its areas as rows name them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
import shapely
from django.db import transaction

from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.app.packs.mapping import area_name
from chengyun.app.setup.packs import install_city_kinds, install_duties
from chengyun.app.setup.rosters import plan_rosters
from chengyun.app.setup.staff import staff_city
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.people.models import Organisation
from chengyun.places import verbs as places
from chengyun.places.decide.parsing import Batch, RegionRow
from chengyun.places.decide.placing import GB_SCHEME
from chengyun.places.models import City, Region
from chengyun.places.reads import locate_many
from chengyun.sdk.mappings import CaseMapping, CityDeclared

AreaPath = tuple[tuple[str, str], ...]


def pack_with(packs: Catalog, mapping: str) -> LoadedPack | None:
    """The pack that declares a mapping."""
    return next((pack for pack in packs if mapping in pack.mappings), None)


def make_city(declared: CityDeclared, source: str, now: datetime) -> int:
    """Have the city of a mapping on this node; returns its area number.

    A city new to the node gets its declared bounds as a synthetic outline, so that live reports
    inside them find it. A known city keeps everything it has.
    """
    known = City.objects.filter(code=declared.code).first()
    if known is not None:
        return known.area_no
    made: int = places.add_city(
        SYSTEM,
        now=now,
        code=declared.code,
        name={"zh": declared.name.zh, "en": declared.name.en},
        time_zone=declared.time_zone,
        calendar=declared.calendar,
        language=declared.language,
        code_scheme=declared.code_scheme,
        center=declared.center,
        zoom=declared.zoom,
        source=source,
    )["area_no"]
    outline = RegionRow(
        number=1,
        code=declared.code,
        name=declared.name.zh,
        name_en=declared.name.en,
        boundary=shapely.box(*declared.bounds),
        center=declared.center,
        synthetic=True,
    )
    note = f"the bounds that the mapping of {source} declares; no survey"
    places.import_regions(SYSTEM, now=now, city_no=made, source=note, batch=Batch(rows=[outline]))
    return made


def settle_city(pack: LoadedPack, city_no: int, now: datetime) -> None:
    """Give a city the kinds, organisations, people and duty list of its pack; known ones stay."""
    install_city_kinds(pack, city_no, now)
    staff_city(pack, city_no, lambda _said: None, now)
    plan_rosters(pack, city_no, now)
    install_duties(pack, city_no, now)


class Areas:
    """Area numbers of the paths that rows name; unknown ones are made once, below the city.

    A city with a national code scheme keeps its own areas: there an unknown name stays unknown.
    """

    def __init__(self, city_no: int, mapping: CaseMapping) -> None:
        self.city_no = city_no
        self.mapping = mapping
        self._grows = City.objects.get(pk=city_no).code_scheme != GB_SCHEME
        self._by_name: dict[tuple[int, str], int] = {}
        self.outlined = False
        for region in Region.objects.filter(city_id=city_no, valid_to=None):
            self.outlined = self.outlined or region.boundary is not None
            if region.parent_no is None:
                continue
            for name in (region.code, region.name_en, region.name_zh):
                if name:
                    self._by_name[region.parent_no, name.casefold()] = region.area_no

    def find(self, path: AreaPath) -> tuple[int, bool]:
        """The deepest known area of a path, and whether that is all of it."""
        number = self.city_no
        for _, name in path:
            below = self._by_name.get((number, name.casefold()))
            if below is None:
                return number, False
            number = below
        return number, True

    def learn(self, paths: Collection[AreaPath], now: datetime) -> None:
        """Make the areas of these paths that are not known yet."""
        if not self._grows:
            return
        missing: dict[str, RegionRow] = {}
        at: dict[str, tuple[str | None, str]] = {}
        spelt: dict[tuple[str | None, str], str] = {}
        for path in paths:
            if self.find(path)[1]:
                continue
            above: str | None = None
            for level, given in path:
                name = spelt.setdefault((above, given.casefold()), given)
                code = f"{above}/{name}" if above else name
                if code not in missing:
                    named = area_name(self.mapping, level, name)
                    missing[code] = RegionRow(
                        number=len(missing) + 1,
                        code=code,
                        name=named["zh"],
                        name_en=named["en"],
                        parent_code=above,
                    )
                    at[code] = (above, name)
                above = code
        if not missing:
            return
        places.import_regions(
            SYSTEM,
            now=now,
            city_no=self.city_no,
            source=self.mapping.source,
            batch=Batch(rows=list(missing.values())),
        )
        made = dict(
            Region.objects.filter(
                city_id=self.city_no, valid_to=None, code__in=list(missing)
            ).values_list("code", "area_no")
        )
        for code, (above, name) in at.items():
            number = made.get(code)
            if number is not None:
                parent = made[above] if above else self.city_no
                self._by_name[parent, name.casefold()] = number


def units_of(city_no: int) -> dict[str, UUID]:
    """A city's organisations by code."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        found = Organisation.objects.filter(city_no=city_no).values_list("code", "id")
        return dict(found)


def place(
    city_no: int, lons: Sequence[float], lats: Sequence[float]
) -> list[tuple[int, str | None]]:
    """The area (0: outside) and base grid of each point."""
    spots = locate_many(city_no, np.array(lons), np.array(lats))
    return list(zip(spots.area_nos.tolist(), spots.grid_codes.tolist(), strict=True))


def deeper(one: int, other: int) -> int:
    """The deeper of two areas where one holds the other; else the first."""
    return other if areas.contains(one, other) else one
