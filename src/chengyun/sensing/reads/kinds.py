"""The kinds of things and the properties that packs declare."""

from chengyun.kernel.text import JsonObject
from chengyun.sensing.models import ObservedProperty, ThingKind


def kinds() -> list[JsonObject]:
    """Every kind as its pack declares it."""
    rows = ThingKind.objects.order_by("id")
    return [{**row.content, "pack": row.pack, "pack_version": row.pack_version} for row in rows]


def properties() -> list[JsonObject]:
    """Every observed property."""
    names = ("id", "name", "unit", "result", "values", "definition", "pack")
    return list(ObservedProperty.objects.order_by("id").values(*names))
