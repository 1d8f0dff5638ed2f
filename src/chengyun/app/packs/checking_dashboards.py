"""What is wrong with the dashboards of a pack. Pure."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from chengyun.app.packs.checking_senses import measured
from chengyun.app.packs.faults import PackFault, unknown
from chengyun.app.packs.loaded import LoadedPack
from chengyun.sdk.dashboards import DashboardDeclared, ItemDeclared

_SOURCES = {
    "card": ("streams", "signals", "cases"),
    "chart": ("streams",),
    "table": ("streams", "signals", "cases"),
    "map": ("layers",),
}


def dashboard_faults(pack: LoadedPack, visible: tuple[LoadedPack, ...]) -> Iterator[PackFault]:
    """Fields without a source or with two, and names that nobody knows."""
    seen: set[str] = set()
    for name, file in pack.dashboard_files.items():
        for at, one in enumerate(file.dashboards):
            where = f"dashboards[{at}] ({one.id})"
            if one.id in seen:
                yield PackFault(f"{pack.name}/{name}", where, "the id is used twice", "Rename one")
            seen.add(one.id)
            yield from _items(f"{pack.name}/{name}", where, one, visible)


def _items(
    shown: str, where: str, one: DashboardDeclared, visible: tuple[LoadedPack, ...]
) -> Iterator[PackFault]:
    ids = [item.id for item in one.items]
    for double in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        yield PackFault(shown, f"{where}.items", f"the id {double!r} is used twice", "Rename one")
    for at, item in enumerate(one.items):
        place = f"{where}.items[{at}] ({item.id})"
        given = [name for name in ("streams", "signals", "cases", "layers") if getattr(item, name)]
        allowed = _SOURCES[item.show]
        if len(given) != 1 or given[0] not in allowed:
            wrong = f"a {item.show} is of one of {', '.join(allowed)}"
            yield PackFault(shown, place, wrong, "Give exactly one of them")
        yield from _names(shown, place, item, visible)


def _names(
    shown: str, place: str, item: ItemDeclared, visible: tuple[LoadedPack, ...]
) -> Iterator[PackFault]:
    kinds = measured(visible)
    if item.streams is not None:
        asked = item.streams
        if asked.kind not in kinds:
            yield unknown(shown, f"{place}.streams.kind", asked.kind, "kind of things", kinds)
        elif asked.property not in kinds[asked.kind]:
            noun = f"property of {asked.kind}"
            where = f"{place}.streams.property"
            yield unknown(shown, where, asked.property, noun, kinds[asked.kind])
    if item.signals is not None:
        files = [file for pack in visible for file in pack.rules_files.values()]
        rules = {one.id for file in files for one in file.rules}
        for rule in item.signals.rules:
            if rule not in rules:
                yield unknown(shown, f"{place}.signals.rules", rule, "rule", rules)
    if item.cases is not None:
        known = {kind.id for pack in visible for kind in pack.kinds}
        for pattern in item.cases.kinds:
            if not any(fnmatchcase(kind, pattern) for kind in known):
                yield unknown(shown, f"{place}.cases.kinds", pattern, "case kind", known)
    files_of = [file for pack in visible for file in pack.map_files.values()]
    layers = {layer.id for one in files_of for layer in one.layers}
    for layer in item.layers:
        if layer not in layers:
            yield unknown(shown, f"{place}.layers", layer, "layer", layers)
