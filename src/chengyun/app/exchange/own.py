"""`--mapping chengyun`: an export of ours comes back with ids, numbers, states, areas and times."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chengyun.app.exchange.cities import make_city, pack_with, settle_city, units_of
from chengyun.app.exchange.importing import Converting, Import
from chengyun.app.exchange.own_columns import NAME, OwnCase, OwnCity, OwnReader
from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.mapping import HeaderError
from chengyun.app.setup.packs import install_rules
from chengyun.cases.verbs import HistoryRow, known_ids
from chengyun.kernel.actor import SYSTEM
from chengyun.places import verbs as places
from chengyun.places.decide.parsing import Batch, RegionRow
from chengyun.places.models import City, Region

__all__ = ["NAME", "OwnImport"]


class _Home:
    """A city that rows come back to, with its areas and units by code."""

    def __init__(self, city_no: int) -> None:
        self.city_no = city_no
        self.areas = dict(
            Region.objects.filter(city_id=city_no, valid_to=None).values_list("code", "area_no")
        )
        self.units = units_of(city_no)

    def learn(self, cases: Sequence[OwnCase], now: datetime) -> None:
        """Make the areas that are not known here."""
        missing: dict[str, RegionRow] = {}
        for case in cases:
            above: str | None = None
            for code, zh, en in case.areas:
                if code not in self.areas and code not in missing:
                    missing[code] = RegionRow(
                        number=len(missing) + 1, code=code, name=zh, name_en=en, parent_code=above
                    )
                above = code
        if missing:
            batch = Batch(rows=list(missing.values()))
            places.import_regions(
                SYSTEM, now=now, city_no=self.city_no, source="import", batch=batch
            )
            made = Region.objects.filter(
                city_id=self.city_no, valid_to=None, code__in=list(missing)
            )
            self.areas |= dict(made.values_list("code", "area_no"))

    def area(self, case: OwnCase) -> int:
        """The deepest area of the row that is known."""
        known = [self.areas[code] for code, _, _ in case.areas if code in self.areas]
        return known[-1] if known else self.city_no


class _Converter(Converting[OwnCase]):
    def __init__(self, packs: Catalog) -> None:
        self.packs = packs
        self._homes: dict[str, _Home] = {}

    def known(self, cases: Sequence[OwnCase]) -> set[str]:
        return {str(one) for one in known_ids([case.id for case in cases])}

    def ids(self, cases: Sequence[OwnCase]) -> list[tuple[UUID, UUID | None]]:
        return [(case.id, case.values["merged_into"]) for case in cases]

    def rows(
        self, cases: Sequence[OwnCase], ids: Sequence[tuple[UUID, UUID | None]], now: datetime
    ) -> list[HistoryRow]:
        by_city: dict[str, list[OwnCase]] = {}
        for case in cases:
            by_city.setdefault(case.city.code, []).append(case)
        for some in by_city.values():
            self._home(some[0].city, now).learn(some, now)
        return [self._row(case, self._homes[case.city.code]) for case in cases]

    def _row(self, case: OwnCase, home: _Home) -> HistoryRow:
        values = dict(case.values)
        unit = values.pop("lead_unit")
        found = home.units.get(unit)
        if unit and found is None:
            values["attributes"] = {**values["attributes"], "lead_unit_code": unit}
        return HistoryRow(
            row=case.row,
            id=case.id,
            city_no=home.city_no,
            area_no=home.area(case),
            lead_unit=found,
            **values,
        )

    def _home(self, city: OwnCity, now: datetime) -> _Home:
        home = self._homes.get(city.code)
        if home is None:
            home = self._homes[city.code] = _Home(self._city(city, now))
        return home

    def _city(self, city: OwnCity, now: datetime) -> int:
        known = City.objects.filter(code=city.code).first()
        if known is not None:
            return known.area_no
        for mapping in self.packs.mappings.values():
            pack = pack_with(self.packs, mapping.name)
            if mapping.city.code == city.code and pack is not None:
                number = make_city(mapping.city, mapping.source, now)
                install_rules(self.packs, now)
                settle_city(pack, number, now)
                return number
        made: int = places.add_city(
            SYSTEM,
            now=now,
            code=city.code,
            name={"zh": city.zh, "en": city.en},
            time_zone=city.time_zone,
            calendar=city.calendar,
            language=city.language,
            code_scheme="",
            center=(city.lon, city.lat),
            source="import",
        )["area_no"]
        return made


class OwnImport(Import[OwnCase]):
    """An import of our own export."""

    name = NAME
    id_column = "id"

    def bind(self, header: tuple[str, ...]) -> OwnReader:
        """The reader of the file's rows.

        Raises:
            HeaderError: a needed column is missing.
        """
        reader = OwnReader(header)
        if reader.lacking:
            raise HeaderError(NAME, reader.lacking, header)
        return reader

    def converter(self, now: datetime) -> _Converter:
        """What makes rows of history of them."""
        return _Converter(self.packs)
