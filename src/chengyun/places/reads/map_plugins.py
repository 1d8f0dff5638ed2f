"""What the map offers somebody: layers and tools of packs, and addresses as points."""

from typing import Any

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.celling import Box
from chengyun.places.models import Address, MapPlugins

MOST_ADDRESSES = 5_000
_HIDDEN = ("posts", "public")


def map_plugins(actor: Actor, city_no: int) -> JsonObject:
    """{"groups", "layers", "tools"} that the actor's posts may see in a city, each with its pack.

    A pack of higher rank replaces what an earlier one declares under the same id.
    """
    ordinal = areas.unpack(city_no)[0]
    held = sorted(MapPlugins.objects.values_list("pack", "content"), key=lambda one: one[1]["rank"])
    posts = {grant.post for grant in actor.grants if areas.city_of(grant.area_no) == city_no}
    found: dict[str, dict[str, JsonObject]] = {"groups": {}, "layers": {}, "tools": {}}
    for pack, content in held:
        if content["cities"] and ordinal not in content["cities"]:
            continue
        for part, by_id in found.items():
            for one in content[part]:
                by_id[one["id"]] = {**one, "pack": pack}
    return {
        part: [
            {name: value for name, value in one.items() if name not in _HIDDEN}
            for one in by_id.values()
            if part == "groups" or _offered(actor, posts, one)
        ]
        for part, by_id in found.items()
    }


def address_features(actor: Actor, bbox: Box) -> JsonObject:
    """Addresses in force in a box (w, s, e, n degrees) as GeoJSON points, at most 5,000.

    `truncated` says that there are more. Raises Invalid.
    """
    west, south, east, north = bbox
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid([FieldError("bbox", "must be west,south,east,north in degrees", "bad_bbox")])
    rows: list[Any] = list(
        Address.objects.visible_to(actor)
        .filter(lon__range=(west, east), lat__range=(south, north))
        .exclude(state="retired")
        .order_by("id")
        .values("id", "text", "kind", "state", "code", "poi", "synthetic", "lon", "lat")[
            : MOST_ADDRESSES + 1
        ]
    )
    features = []
    for row in rows[:MOST_ADDRESSES]:
        point = {"type": "Point", "coordinates": [row.pop("lon"), row.pop("lat")]}
        features.append({"type": "Feature", "geometry": point, "properties": row})
    return {
        "type": "FeatureCollection",
        "features": features,
        "truncated": len(rows) > MOST_ADDRESSES,
    }


def _offered(actor: Actor, posts: set[str], one: JsonObject) -> bool:
    if actor.kind in ("system", "key") or one["public"]:
        return True
    if not posts:
        return False
    return not one["posts"] or bool(posts & set(one["posts"]))
