"""`map/*.yaml`: layers and tools of the map that are declared, not coded."""

from typing import Annotated, Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug

COLLECTIONS = (
    *("regions", "grids", "layer", "addresses", "components", "cases", "things", "forces"),
)
"""What a layer can be drawn from."""
FIELDS: dict[str, frozenset[str]] = {
    "regions": frozenset({"no", "code", "name_zh", "name_en", "synthetic"}),
    "grids": frozenset({"code", "area_no", "synthetic"}),
    "addresses": frozenset({"text", "kind", "state", "code", "poi", "synthetic"}),
    "components": frozenset({"kind_id", "code", "name", "state", "synthetic"}),
    "things": frozenset({"code", "name", "kind_id", "state", "health", "simulated"}),
    "forces": frozenset({"code", "name_zh", "name_en", "level", "units", "people"}),
    "cases": frozenset({"no", "state", "clock", "level", "kind_id", "simulated"}),
}
"""What a collection tells of each thing; a layer of the catalogue tells what was imported."""
COLOURS = frozenset({"brand", "ok", "l1", "l2", "l3", "l4", "text", "text-3", "map-line"})
"""Colours of the screens that fit light and dark; others are #rrggbb."""

Colour = Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6}|[a-z][a-z0-9-]{1,20})$")]
Shape = Literal["area", "line", "circle", "square", "triangle", "diamond", "star", "cross", "heat"]
Zoom = Annotated[float, Field(ge=0, le=24)]
Property = Annotated[str, Field(pattern=r"^[\w.: -]{1,64}$")]


class ClassDeclared(Declared):
    """One class of a legend: the values that belong to it (a `*` at the end stands for any)."""

    values: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1)
    title: Name
    color: Colour
    shape: Shape | None = None


class StepDeclared(Declared):
    """One step of a legend: from this number on, up to the next step."""

    since: float
    title: Name
    color: Colour


class PaintDeclared(Declared):
    """What the colour says: classes of words, or steps of a number."""

    field: Property
    classes: tuple[ClassDeclared, ...] = ()
    steps: tuple[StepDeclared, ...] = ()


class StyleDeclared(Declared):
    """How things are drawn; `label` is the property written beside them."""

    shape: Shape
    color: Colour = "brand"
    size: Annotated[float, Field(ge=0.5, le=60)] | None = None
    label: Property | None = None
    dashed: bool = False
    paint: PaintDeclared | None = None


class SourceDeclared(Declared):
    """What a layer shows: a collection, narrowed by `where` (property → values, `*` at the end).

    `part` is the level of regions, the layer of grids or the code of a layer of the catalogue.
    """

    collection: Slug
    part: Annotated[str, Field(max_length=64)] = ""
    where: dict[Property, tuple[str, ...]] = {}


class Offered(Declared):
    """What layers and tools share: who is offered them. Without posts everybody signed in is."""

    id: Slug
    title: Name
    posts: tuple[Slug, ...] = ()
    public: bool = False


class GroupDeclared(Declared):
    """A subject of the layer tree."""

    id: Slug
    title: Name


class LayerDeclared(Offered):
    """A layer of the map."""

    group: Slug
    source: SourceDeclared
    style: StyleDeclared
    note: Name | None = None
    min_zoom: Zoom = 0
    max_zoom: Zoom = 24
    opacity: Annotated[float, Field(ge=0, le=1)] = 1
    on: bool = False


class ToolDeclared(Offered):
    """A tool of the map: `link` opens `to` with {lon}, {lat} and {zoom} filled in; `nearest` shows
    the nearest things of `source`; `measure` measures a distance or an area."""

    kind: Literal["link", "nearest", "measure"]
    to: Annotated[str, Field(pattern=r"^/(?:[^/].*)?$", max_length=300)] | None = None
    source: SourceDeclared | None = None
    metres: Annotated[float, Field(gt=0, le=5_000)] = 300
    measure: Literal["distance", "area"] | None = None


class MapFile(Provenance):
    """One file of map plug-ins. What a later pack declares under the same id takes the place of
    the earlier one."""

    groups: tuple[GroupDeclared, ...] = ()
    layers: tuple[LayerDeclared, ...] = ()
    tools: tuple[ToolDeclared, ...] = ()
