"""What packs declare, taken up by the rooms that read it."""

from collections.abc import Sequence
from datetime import datetime

from chengyun.app.packs import building, building_evaluation, telling
from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.cases import verbs as cases
from chengyun.cases.decide.kinds import CaseKind
from chengyun.dispatch import verbs as dispatch
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.text import JsonObject
from chengyun.notices import verbs as notices
from chengyun.places import verbs as places
from chengyun.rules import verbs as rules
from chengyun.sensing import verbs as sensing
from chengyun.vitals import verbs as vitals

BASE = "base"


def install_rules(packs: Catalog, now: datetime) -> int:
    """Calendars and stage limits of every pack; how many of them are new."""
    added = 0
    for rank, pack in enumerate(packs):
        done = cases.load_rules(
            SYSTEM,
            now=now,
            pack=pack.name,
            pack_version=pack.version,
            calendars=pack.calendars,
            limits=pack.limits,
            default_scheme=next((s.id for s in pack.schemes if s.default), None),
            public=_public(pack),
        )
        added += int(done["added"])
        if pack.texts:
            files = [one.model_dump(mode="json") for one in pack.texts]
            cases.load_texts(
                SYSTEM, now=now, pack=pack.name, pack_version=pack.version, files=files
            )
        if pack.home_files:
            content = _homes(pack, rank)
            cases.load_homes(
                SYSTEM, now=now, pack=pack.name, pack_version=pack.version, content=content
            )
    return added


def _public(pack: LoadedPack) -> dict[str, JsonObject]:
    """What the public door goes by, as JSON."""
    files = {"moderation": pack.moderation, "stoppers": pack.stoppers}
    return {what: file.model_dump(mode="json") for what, file in files.items() if file is not None}


def _homes(pack: LoadedPack, rank: int) -> JsonObject:
    """A pack's homes as JSON; a pack of cities speaks for these alone, later packs go before."""
    return {
        "rank": rank,
        "cities": sorted(mapping.city.ordinal for mapping in pack.mappings.values()),
        "homes": [
            one.model_dump(mode="json") for file in pack.home_files.values() for one in file.homes
        ],
    }


def install_evaluation(packs: Catalog, now: datetime) -> None:
    """Schemes of scores and thresholds of checks, each from the day its file names."""
    for pack in packs:
        if pack.evaluation:
            vitals.load_schemes(SYSTEM, now=now, schemes=pack.evaluation)
        for file in pack.evaluation_files.values():
            limits = building_evaluation.limits(file)
            if limits is not None:
                vitals.load_checks(
                    SYSTEM,
                    now=now,
                    pack=pack.name,
                    pack_version=pack.version,
                    effective_from=file.effective_from,
                    thresholds=limits,
                )


def install_notices(packs: Catalog, now: datetime) -> None:
    """Notice templates and the house rules of telling."""
    for pack in packs:
        files = pack.notice_files.values()
        rules = next((file.rules for file in files if file.rules is not None), None)
        made = tuple(one for file in files for one in building.templates(file, pack.manifest))
        if made or rules is not None:
            notices.load_notices(
                SYSTEM,
                now=now,
                pack=pack.name,
                pack_version=pack.version,
                templates=made,
                rules=building.house_rules(rules) if rules else None,
            )


def install_addresses(packs: Catalog, now: datetime) -> None:
    """How addresses are coded, and who approves them."""
    for pack in packs:
        if pack.addresses is not None:
            places.load_address_rules(
                SYSTEM,
                now=now,
                pack=pack.name,
                pack_version=pack.version,
                content=pack.addresses.model_dump(mode="json"),
            )


def install_components(packs: Catalog, now: datetime) -> None:
    """Classes of components that any city may use, with how their scheme writes codes."""
    for pack in packs:
        kinds = [_component_kind(packs, kind) for kind in pack.kinds if kind.type == "component"]
        if kinds and not pack.mappings:
            places.load_component_kinds(SYSTEM, now=now, pack=pack.name, kinds=kinds)


def _component_kind(packs: Catalog, kind: CaseKind) -> JsonObject:
    scheme = packs.schemes[kind.scheme]
    # Classes without numbers cannot be written into digits.
    numbered = kind.major_code.isdecimal() and kind.minor_code.isdecimal()
    return {
        "id": kind.id,
        "scheme": kind.scheme,
        "major_code": kind.major_code,
        "minor_code": kind.minor_code,
        "name": kind.name,
        "major": kind.major,
        "layout": (scheme.component_code or "") if numbered else "",
        "near_m": scheme.component_near_m,
    }


def install_senses(packs: Catalog, now: datetime) -> None:
    """What is measured, and the kinds of things that measure it."""
    for pack in packs:
        files = [one.model_dump(mode="json") for one in pack.senses_files.values()]
        if files:
            sensing.load_senses(
                SYSTEM,
                now=now,
                pack=pack.name,
                pack_version=pack.version,
                content={
                    part: [one for file in files for one in file[part]]
                    for part in ("properties", "things")
                },
            )


def install_signal_rules(packs: Catalog, now: datetime) -> None:
    """What is looked for in readings; after the senses it is looked for in."""
    for pack in packs:
        files = [one.model_dump(mode="json") for one in pack.rules_files.values()]
        if files:
            rules.load_rules(
                SYSTEM,
                now=now,
                pack=pack.name,
                pack_version=pack.version,
                content={"files": files},
            )


def install_packs(packs: Catalog, now: datetime) -> None:
    """What packs say of themselves, for whoever looks through them."""
    for pack in packs:
        rules.load_pack(
            SYSTEM, now=now, pack=pack.name, version=pack.version, content=telling.told(pack)
        )


def install_map(packs: Catalog, now: datetime) -> None:
    """Layers and tools of the map; a pack of cities speaks for these alone."""
    for rank, pack in enumerate(packs):
        files = pack.map_files.values()
        parts = ("groups", "layers", "tools")
        places.load_map_plugins(
            SYSTEM,
            now=now,
            pack=pack.name,
            pack_version=pack.version,
            content={
                "rank": rank,
                "cities": sorted(mapping.city.ordinal for mapping in pack.mappings.values()),
                **{
                    part: [one.model_dump(mode="json") for f in files for one in getattr(f, part)]
                    for part in parts
                },
            },
        )


def install_kinds(packs: Catalog, now: datetime) -> None:
    """Case kinds that any city may use; a city's own come with the city."""
    for pack in packs:
        if not pack.mappings and pack.kinds:
            cases.load_kinds(SYSTEM, now=now, kinds=pack.kinds)


def install_city_kinds(pack: LoadedPack, city_no: int, now: datetime) -> None:
    """The case kinds that are one city's own."""
    cases.load_kinds(SYSTEM, now=now, kinds=pack.kinds, city_no=city_no)


def pack_of(packs: Catalog, city_code: str) -> LoadedPack:
    """The pack a city lives by: its own where a mapping names it, else the base pack."""
    for pack in packs:
        if any(mapping.city.code == city_code for mapping in pack.mappings.values()):
            return pack
    return packs.pack(BASE)


def scenarios_beside(packs: Catalog, pack: LoadedPack) -> list[LoadedPack]:
    """The scenario packs that go with the base pack; a city of its own has its own kinds."""
    if pack.name != BASE:
        return []
    return [one for one in packs if one.manifest.kind == "scenario"]


def install_duties(
    pack: LoadedPack, city_no: int, now: datetime, beside: Sequence[LoadedPack] = ()
) -> None:
    """Bring the duty lists of a pack, and of those beside it, into force as one in a city that
    keeps none of its own."""
    contents = tuple(content for one in (pack, *beside) for content in one.duty_contents())
    if contents:
        dispatch.install_pack_list(
            SYSTEM,
            now=now,
            city_no=city_no,
            pack=pack.name,
            version=pack.version,
            contents=contents,
        )
