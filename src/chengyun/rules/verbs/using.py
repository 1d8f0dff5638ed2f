"""Which packs an area uses, and at which version."""

from datetime import datetime

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places.models import Region
from chengyun.rules.models import PackUse, PackVersion
from chengyun.rules.policy import check_may_decide
from chengyun.rules.verbs.loading import touch


@verb("rules.load_pack")
def load_pack(
    actor: Actor, *, now: datetime, pack: str, version: str, content: JsonObject
) -> JsonObject:
    """Take up what a pack says of itself; the same again changes nothing.

    Returns {"changed"}. Raises Forbidden.
    """
    check_may_decide(actor)
    held = PackVersion.objects.filter(pack=pack, version=version).first()
    newest = PackVersion.objects.filter(pack=pack).order_by("-loaded_at").first()
    if held is not None and held.content == content and newest == held:
        return {"changed": False}
    PackVersion.objects.update_or_create(
        pack=pack, version=version, defaults={"content": content, "loaded_at": now}
    )
    return {"changed": True}


@verb("rules.use_pack")
def use_pack(
    actor: Actor, *, now: datetime, pack: str, area_no: int, on: bool, note: str = ""
) -> JsonObject:
    """Switch a pack on or off for an area and all inside it; off, its open signals there end.

    Returns {"pack", "area_no", "on"}. Raises NotFound, Forbidden; Conflict: it is off further out.
    """
    _check(actor, pack, area_no)
    low, high = areas.span(area_no)
    if not on:
        values = {"note": note.strip(), "by_id": actor.id, "at": now}
        PackUse.objects.update_or_create(pack=pack, area_no=area_no, off=True, defaults=values)
    else:
        around = [one for one in areas.ancestors(area_no) if one != area_no]
        outer = PackUse.objects.filter(pack=pack, off=True, area_no__in=around).first()
        if outer is not None:
            said = "The pack is off for an area around this one; switch it on there."
            raise Conflict(said, code="off_around", area_no=outer.area_no)
        PackUse.objects.filter(pack=pack, off=True, area_no__range=(low, high)).delete()
    touch()
    return {"pack": pack, "area_no": area_no, "on": on}


@verb("rules.keep_pack")
def keep_pack(
    actor: Actor, *, now: datetime, pack: str, area_no: int, version: str | None, note: str = ""
) -> JsonObject:
    """Keep a pack at a version for an area and all inside it; None: go with the newest again.

    Returns {"pack", "area_no", "version"}. Raises NotFound, Forbidden; Invalid: no such version
    was taken up.
    """
    _check(actor, pack, area_no)
    if version is None:
        PackUse.objects.filter(pack=pack, area_no=area_no, off=False).delete()
    else:
        known = PackVersion.objects.filter(pack=pack).values_list("version", flat=True)
        if version not in set(known):
            said = f"there is no version {version}; there are {', '.join(sorted(known))}"
            raise Invalid([FieldError("version", said, "unknown_version")])
        values = {"version": version, "note": note.strip(), "by_id": actor.id, "at": now}
        PackUse.objects.update_or_create(pack=pack, area_no=area_no, off=False, defaults=values)
    touch()
    return {"pack": pack, "area_no": area_no, "version": version}


def _check(actor: Actor, pack: str, area_no: int) -> None:
    if not PackVersion.objects.filter(pack=pack).exists():
        raise NotFound
    if not Region.objects.filter(area_no=area_no, valid_to=None).exists():
        raise NotFound
    check_may_decide(actor, area_no)
