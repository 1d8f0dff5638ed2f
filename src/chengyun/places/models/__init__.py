"""The tables of places. Import models from here."""

from chengyun.places.models.addresses import (
    Address,
    AddressOrdinal,
    AddressRules,
    AddressVersion,
)
from chengyun.places.models.changes import Change, ChangeSet
from chengyun.places.models.cities import City, touches
from chengyun.places.models.components import (
    Component,
    ComponentCell,
    ComponentInspection,
    ComponentKind,
    ComponentVersion,
)
from chengyun.places.models.entities import Entity, EntityVersion
from chengyun.places.models.grids import Grid, GridLayer, GridOverlap, GridOwner
from chengyun.places.models.layers import LayerVersion, MapFeature, MapLayer
from chengyun.places.models.map_plugins import MapPlugins
from chengyun.places.models.regions import Region, RegionHistory
from chengyun.places.models.transforms import EngineeringGrid, TransformUse

__all__ = [
    "Address",
    "AddressOrdinal",
    "AddressRules",
    "AddressVersion",
    "Change",
    "ChangeSet",
    "City",
    "Component",
    "ComponentCell",
    "ComponentInspection",
    "ComponentKind",
    "ComponentVersion",
    "EngineeringGrid",
    "Entity",
    "EntityVersion",
    "Grid",
    "GridLayer",
    "GridOverlap",
    "GridOwner",
    "LayerVersion",
    "MapFeature",
    "MapLayer",
    "MapPlugins",
    "Region",
    "RegionHistory",
    "TransformUse",
    "touches",
]
