"""Taking up the properties and kinds of things that packs declare."""

from datetime import datetime

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.models import ObservedProperty, ThingKind
from chengyun.sensing.policy import check_may_declare

_PROPERTY = ("name", "unit", "result", "values", "definition", "pack")


@verb("sensing.load_senses")
def load_senses(
    actor: Actor, *, now: datetime, pack: str, pack_version: str, content: JsonObject
) -> JsonObject:
    """Take up a pack's properties and kinds; the same again changes nothing.

    Args:
        content: {"properties": […], "things": […]} as `sdk.senses` declares them, as JSON.

    Returns {"changed"}. Raises Forbidden.
    """
    check_may_declare(actor)
    changed = 0
    held = ObservedProperty.objects.in_bulk([one["id"] for one in content["properties"]])
    fresh = []
    for one in content["properties"]:
        row = ObservedProperty(**{k: one[k] for k in ("id", *_PROPERTY[:-1])}, pack=pack)
        before = held.get(row.id)
        # One property may be declared by several packs that measure it: the first keeps it.
        if before is not None:
            row.pack = before.pack
        if before is None or any(
            _plain(getattr(before, name)) != _plain(getattr(row, name)) for name in _PROPERTY
        ):
            fresh.append(row)
    ObservedProperty.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=["id"], update_fields=_PROPERTY
    )
    changed += len(fresh)
    kinds = ThingKind.objects.in_bulk([one["id"] for one in content["things"]])
    rows = []
    for one in content["things"]:
        known = kinds.get(one["id"])
        if known is None or (known.pack, known.content) != (pack, one):
            rows.append(ThingKind(id=one["id"], pack=pack, pack_version=pack_version, content=one))
    ThingKind.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["pack", "pack_version", "content"],
    )
    return {"changed": changed + len(rows)}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
