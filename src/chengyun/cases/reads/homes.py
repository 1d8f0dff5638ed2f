"""Somebody's first page: which cards it shows, as the packs say for post, tier and city."""

from collections.abc import Iterable
from typing import Any

from chengyun.cases.models import RuleDocument
from chengyun.kernel import areas
from chengyun.kernel.actor import Actor, Grant
from chengyun.kernel.text import JsonObject

# Whoever holds a post that no pack planned for still sees what needs them.
_NOBODY_PLANNED = ("now",)


def home(actor: Actor) -> JsonObject:
    """{"items": [{"card", "post", "tier", "pack"}]}: cards in order, each once."""
    packs = sorted(
        RuleDocument.objects.filter(what="homes", current=True).values_list("pack", "content"),
        key=lambda one: -one[1]["rank"],
    )
    found: dict[str, JsonObject] = {}
    for grant in actor.grants:
        tier = areas.level(grant.area_no)
        pack, cards = _cards(packs, grant, tier)
        for card in cards:
            line = {"card": card, "post": grant.post, "tier": tier, "pack": pack}
            found.setdefault(card, line)
    return {"items": list(found.values())}


def _cards(
    packs: Iterable[tuple[str, Any]], grant: Grant, tier: str
) -> tuple[str | None, Iterable[str]]:
    city = areas.unpack(grant.area_no)[0]
    for pack, content in packs:
        if content["cities"] and city not in content["cities"]:
            continue
        for line in content["homes"]:
            if line["post"] == grant.post and (not line["tiers"] or tier in line["tiers"]):
                return pack, line["cards"]
    return None, _NOBODY_PLANNED
