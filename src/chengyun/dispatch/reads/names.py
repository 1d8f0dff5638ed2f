"""Areas and units by name, for reports that decide by number."""

from collections.abc import Collection
from uuid import UUID

from chengyun.cases.models import Case
from chengyun.kernel import areas
from chengyun.kernel.text import JsonObject, as_text
from chengyun.people.models import Organisation
from chengyun.places.models import Region


def area_names(numbers: Collection[int]) -> dict[int, JsonObject]:
    """{no, code, name, level} by area number; an unknown area is named by its number."""
    found: dict[int, JsonObject] = {
        number: {"no": number, "code": "", "name": as_text(str(number)), "level": level}
        for number in set(numbers)
        for level in [areas.level(number)]
    }
    rows = Region.objects.filter(area_no__in=found)
    for number, code, zh, en in rows.values_list("area_no", "code", "name_zh", "name_en"):
        found[number]["code"] = code
        found[number]["name"] = as_text({"zh": zh, "en": en})
    return found


def unit_names(ids: Collection[UUID | None]) -> dict[UUID, JsonObject]:
    """{id, name, level} by organisation id."""
    rows = Organisation.objects.filter(pk__in={one for one in ids if one is not None})
    return {
        pk: {"id": str(pk), "name": as_text(name), "level": level}
        for pk, name, level in rows.values_list("pk", "name", "level")
    }


def case_numbers(ids: Collection[UUID]) -> dict[UUID, str]:
    """Case numbers by id."""
    return dict(Case.objects.filter(pk__in=ids).values_list("pk", "no"))
