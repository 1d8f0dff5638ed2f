"""Packs as people ask for them: what they bring, where they are in use, what nobody verified."""

from collections import Counter, defaultdict
from typing import Any

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject
from chengyun.places.models import Region
from chengyun.rules.models import FigureSet, PackUse, PackVersion, Signal
from chengyun.rules.policy import may_decide


def newest_packs() -> dict[str, PackVersion]:
    """Pack → the version taken up last."""
    return {one.pack: one for one in PackVersion.objects.order_by("loaded_at", "version")}


def packs(actor: Actor) -> list[JsonObject]:
    """Every pack with its use, and the signals in sight that its rules have open."""
    uses: dict[str, list[PackUse]] = defaultdict(list)
    for use in PackUse.objects.order_by("area_no", "off"):
        uses[use.pack].append(use)
    names = _areas({use.area_no for some in uses.values() for use in some})
    versions: dict[str, list[str]] = defaultdict(list)
    for row in PackVersion.objects.order_by("loaded_at", "version"):
        versions[row.pack].append(row.version)
    signals = Counter(
        Signal.objects.visible_to(actor).filter(closed_at=None).values_list("pack", flat=True)
    )
    return [
        {
            "pack": name,
            "version": row.version,
            "versions": versions[name],
            "loaded_at": row.loaded_at,
            "open_signals": signals[name],
            "may_decide": may_decide(actor),
            "uses": [_use(use, names) for use in uses[name]],
            **{k: row.content[k] for k in HEAD},
            "unverified": sum(1 for one in row.content["figures"] if not one["verified"]),
            "empty": sum(1 for one in row.content["figures"] if one["empty"]),
        }
        for name, row in sorted(newest_packs().items())
    ]


HEAD = ("title", "description", "kind", "owner", "source", "requires", "brings")


def pack(actor: Actor, name: str) -> JsonObject:
    """One pack with its figures, rules and dashboards. Raises NotFound."""
    line = next((one for one in packs(actor) if one["pack"] == name), None)
    if line is None:
        raise NotFound
    content = newest_packs()[name].content
    set_: dict[tuple[str, str], int] = Counter(FigureSet.objects.values_list("rule_id", "word"))
    figures = [
        {**one, "set_in_areas": set_.get((one["rule"], one["word"]), 0)}
        for one in content["figures"]
    ]
    said = [{"id": one["id"], "title": one["title"], "pack": name} for one in content["dashboards"]]
    return {**line, "figures": figures, "rules": content["rules"], "dashboards": said}


def off_for(actor: Actor, pack_name: str) -> bool:
    """Whether a pack is off in every area the actor works in."""
    off = PackUse.objects.filter(pack=pack_name, off=True).values_list("area_no", flat=True)
    scope = actor.scope()
    if scope.everything or not scope.areas:
        return False
    return all(any(areas.contains(one, low) for one in off) for low, _ in scope.areas)


def _areas(nos: set[int]) -> dict[int, Any]:
    rows = Region.objects.filter(area_no__in=list(nos), valid_to=None)
    return {row.area_no: row for row in rows}


def _use(use: PackUse, names: dict[int, Any]) -> JsonObject:
    row = names.get(use.area_no)
    return {
        "area_no": use.area_no,
        "area": {"zh": row.name_zh, "en": row.name_en} if row else None,
        "code": row.code if row else "",
        "off": use.off,
        "version": use.version or None,
        "note": use.note,
        "at": use.at,
    }
