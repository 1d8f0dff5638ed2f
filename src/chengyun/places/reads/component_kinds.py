"""The classes of components that packs declare."""

from django.db.models import Q

from chengyun.places.decide.components import KindInfo
from chengyun.places.models import ComponentKind


def component_kinds(city_no: int) -> dict[str, KindInfo]:
    """The classes a city may use, by id."""
    rows = ComponentKind.objects.filter(Q(city_no=None) | Q(city_no=city_no)).order_by("id")
    names = ("id", "scheme", "major_code", "minor_code", "name", "major", "layout", "near_m")
    return {row[0]: KindInfo(*row) for row in rows.values_list(*names)}
