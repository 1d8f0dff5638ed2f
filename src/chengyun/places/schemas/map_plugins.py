"""Shapes of the map's plug-ins."""

from typing import Any

from ninja import Schema

from chengyun.kernel.text import Text


class MapGroupOut(Schema):
    """A subject of the layer tree."""

    id: str
    title: Text
    pack: str


class MapSourceOut(Schema):
    """What a layer shows; `where` is property → values, `*` at a value's end stands for any."""

    collection: str
    part: str
    where: dict[str, list[str]]


class PluginLayerOut(Schema):
    """A layer of the map; `style` as the how-to of map layers says."""

    id: str
    title: Text
    group: str
    source: MapSourceOut
    style: dict[str, Any]
    note: Text | None
    min_zoom: float
    max_zoom: float
    opacity: float
    on: bool
    pack: str


class PluginToolOut(Schema):
    """A tool of the map: a link, the nearest things of a source, a measurement."""

    id: str
    title: Text
    kind: str
    to: str | None
    source: MapSourceOut | None
    metres: float
    measure: str | None
    pack: str


class MapPluginsOut(Schema):
    groups: list[MapGroupOut]
    layers: list[PluginLayerOut]
    tools: list[PluginToolOut]


class AddressFeatures(Schema):
    """GeoJSON points; `truncated` says that there are more in the box."""

    type: str
    features: list[dict[str, Any]]
    truncated: bool
