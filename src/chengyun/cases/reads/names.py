"""Names of areas, units and people for a page of cases, kept in the process for a minute."""

from collections.abc import Collection
from time import monotonic
from typing import Generic, TypeVar
from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.text import JsonObject
from chengyun.people.models import Organisation
from chengyun.people.reads import user_names
from chengyun.places.reads import areas_named

__all__ = ["area_views", "unit_views", "user_names"]

K = TypeVar("K")
_AGE = 60.0
_MOST = 50_000


class _Kept(Generic[K]):
    """Views by id, forgotten after a minute: names change seldom, pages are drawn often."""

    def __init__(self) -> None:
        self._views: dict[K, JsonObject | None] = {}
        self._since = monotonic()

    def missing(self, ids: Collection[K]) -> list[K]:
        if monotonic() - self._since > _AGE or len(self._views) > _MOST:
            self._views.clear()
            self._since = monotonic()
        return [one for one in ids if one not in self._views]

    def put(self, one: K, view: JsonObject | None) -> None:
        self._views[one] = view

    def pick(self, ids: Collection[K]) -> dict[K, JsonObject]:
        return {one: view for one in ids if (view := self._views.get(one)) is not None}


_units: _Kept[UUID] = _Kept()


def area_views(numbers: Collection[int]) -> dict[int, JsonObject]:
    """Areas by number: {no, code, name, level}; a grid is shown as its community."""
    shown = {number: areas.at_level(number, "community") or number for number in numbers}
    named = areas_named(shown.values())
    return {
        number: {"no": info.no, "code": info.code, "name": info.name, "level": info.level}
        for number, region in shown.items()
        if (info := named.get(region)) is not None
    }


def unit_views(ids: Collection[UUID]) -> dict[UUID, JsonObject]:
    """Organisations by id: {id, name, level}."""
    asked = _units.missing(ids)
    if asked:
        rows = {row.id: row for row in Organisation.objects.filter(pk__in=asked)}
        for ident in asked:
            row = rows.get(ident)
            _units.put(
                ident,
                None if row is None else {"id": ident, "name": row.name, "level": row.level},
            )
    return _units.pick(ids)
