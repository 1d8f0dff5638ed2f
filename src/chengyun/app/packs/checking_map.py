"""What is wrong with the map plug-ins of a pack. Pure."""

import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from chengyun.app.packs.checking_senses import measured
from chengyun.app.packs.faults import PackFault, unknown
from chengyun.app.packs.loaded import LoadedPack
from chengyun.kernel.actor import POSTS
from chengyun.sdk.map_plugins import (
    COLLECTIONS,
    COLOURS,
    FIELDS,
    LayerDeclared,
    MapFile,
    Offered,
    SourceDeclared,
    ToolDeclared,
)

_LEVELS = ("city", "district", "street", "community")
_FILLED = frozenset({"lon", "lat", "zoom"})
_PLACE = re.compile(r"\{([^{}]*)\}")
_DRAWN = {"regions": {"area", "line"}, "grids": {"area", "line"}}
_POINTS = {"circle", "square", "triangle", "diamond", "star", "cross", "heat"}


def map_faults(pack: LoadedPack, visible: tuple[LoadedPack, ...]) -> Iterator[PackFault]:
    """Groups, posts, properties, colours and kinds nobody knows; ids twice; tools without aim."""
    files = [(file, other) for other in visible for file in other.map_files.values()]
    groups = {one.id for file, _ in files for one in file.groups}
    kinds = {kind.id for other in visible for kind in other.kinds}
    measuring = measured(visible)
    ids: set[str] = set()
    for name, file in pack.map_files.items():
        shown = f"{pack.name}/{name}"
        for where, one in _offered(file):
            if one.id in ids:
                yield PackFault(shown, where, "the id is used twice", "Rename one")
            ids.add(one.id)
            yield from _posts(shown, where, one)
        for index, layer in enumerate(file.layers):
            where = f"layers[{index}] ({layer.id})"
            if layer.group not in groups:
                yield unknown(shown, f"{where}.group", layer.group, "group", groups)
            yield from _source(shown, where, layer.source, kinds, measuring)
            yield from _style(shown, where, layer)
        for index, tool in enumerate(file.tools):
            yield from _tool(shown, f"tools[{index}] ({tool.id})", tool, kinds, measuring)


def _offered(file: MapFile) -> Iterator[tuple[str, Offered]]:
    for index, layer in enumerate(file.layers):
        yield f"layers[{index}] ({layer.id})", layer
    for index, tool in enumerate(file.tools):
        yield f"tools[{index}] ({tool.id})", tool


def _posts(name: str, where: str, one: Offered) -> Iterator[PackFault]:
    for post in one.posts:
        if post not in POSTS:
            yield unknown(name, f"{where}.posts", post, "post", POSTS)
    if one.public and one.posts:
        wrong = "is for everybody and for some posts"
        yield PackFault(name, f"{where}.public", wrong, "Leave one of both")


def _source(
    name: str,
    where: str,
    source: SourceDeclared,
    kinds: Collection[str],
    measuring: Collection[str],
) -> Iterator[PackFault]:
    at = f"{where}.source"
    if source.collection not in COLLECTIONS:
        yield unknown(name, f"{at}.collection", source.collection, "collection", COLLECTIONS)
        return
    if source.collection == "regions" and source.part not in _LEVELS:
        yield unknown(name, f"{at}.part", source.part, "level", _LEVELS)
    if source.collection in ("grids", "layer") and not source.part:
        wrong = "says not which"
        yield PackFault(name, f"{at}.part", wrong, "Name the code of the layer")
    known = FIELDS.get(source.collection)
    for field, values in source.where.items():
        if known is not None and field not in known:
            yield unknown(name, f"{at}.where", field, "property", known)
        if field == "kind_id" and source.collection == "things":
            for value in values:
                if value not in measuring:
                    yield unknown(name, f"{at}.where", value, "kind of things", measuring)
        elif field == "kind_id":
            for value in values:
                if not any(fnmatchcase(kind, value) for kind in kinds):
                    wrong = f"{value!r} matches no kind of this pack or those it requires"
                    yield PackFault(name, f"{at}.where", wrong, "Correct the pattern")


def _style(name: str, where: str, layer: LayerDeclared) -> Iterator[PackFault]:
    style, at = layer.style, f"{where}.style"
    known = FIELDS.get(layer.source.collection)
    drawn = _DRAWN.get(layer.source.collection, _POINTS)
    if layer.source.collection != "layer" and style.shape not in drawn:
        yield unknown(name, f"{at}.shape", style.shape, "shape of this collection", drawn)
    if layer.min_zoom >= layer.max_zoom:
        yield PackFault(name, f"{where}.min_zoom", "is not below max_zoom", "Lower it")
    if known is not None and style.label and style.label not in known:
        yield unknown(name, f"{at}.label", style.label, "property", known)
    colours = [style.color]
    paint = style.paint
    if paint is not None:
        colours += [one.color for one in paint.classes] + [one.color for one in paint.steps]
        if known is not None and paint.field not in known:
            yield unknown(name, f"{at}.paint.field", paint.field, "property", known)
        if bool(paint.classes) == bool(paint.steps):
            wrong = "needs classes or steps, and not both"
            yield PackFault(name, f"{at}.paint", wrong, "Leave one of both")
        values = [value for one in paint.classes for value in one.values]
        for double in sorted({one for one in values if values.count(one) > 1}):
            wrong = f"{double!r} belongs to two classes"
            yield PackFault(name, f"{at}.paint.classes", wrong, "Leave it in one")
        since = [one.since for one in paint.steps]
        if since != sorted(set(since)):
            yield PackFault(name, f"{at}.paint.steps", "do not climb", "Put the lowest first")
    for colour in colours:
        if not colour.startswith("#") and colour not in COLOURS:
            yield unknown(name, f"{at}.color", colour, "colour", COLOURS)


def _tool(
    name: str,
    where: str,
    tool: ToolDeclared,
    kinds: Collection[str],
    measuring: Collection[str],
) -> Iterator[PackFault]:
    needed = {"link": "to", "nearest": "source", "measure": "measure"}
    for kind, part in needed.items():
        given = getattr(tool, part) is not None
        if given != (tool.kind == kind):
            wrong = f"is not for a tool of kind {tool.kind}" if given else "is missing"
            yield PackFault(name, f"{where}.{part}", wrong, "Remove it" if given else "Add it")
    for place in _PLACE.findall(tool.to or ""):
        if place not in _FILLED:
            yield unknown(name, f"{where}.to", f"{{{place}}}", "placeholder", _FILLED)
    if tool.source is not None:
        if tool.source.collection not in ("components", "addresses", "layer"):
            wrong = f"nothing is nearest in {tool.source.collection!r}"
            todo = "Use components, addresses or layer"
            yield PackFault(name, f"{where}.source.collection", wrong, todo)
        yield from _source(name, where, tool.source, kinds, measuring)
