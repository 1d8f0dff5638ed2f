"""Taking up what packs declare for the map."""

from datetime import datetime

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places.models import MapPlugins
from chengyun.places.policy import check_may_change


@verb("places.load_map_plugins")
def load_map_plugins(
    actor: Actor, *, now: datetime, pack: str, pack_version: str, content: JsonObject
) -> JsonObject:
    """Take up a pack's layers and tools; the same again changes nothing. Returns {"changed"}."""
    check_may_change(actor)
    row = MapPlugins.objects.filter(pk=pack).first()
    declares = any(content[part] for part in ("groups", "layers", "tools"))
    if row is None and not declares:
        return {"changed": False}
    if row is not None and (row.pack_version, row.content) == (pack_version, content):
        return {"changed": False}
    MapPlugins(pack=pack, pack_version=pack_version, content=content, loaded_at=now).save()
    return {"changed": True}
