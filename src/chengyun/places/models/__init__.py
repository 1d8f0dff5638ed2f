"""The tables of places. Import models from here."""

from chengyun.places.models.changes import Change, ChangeSet
from chengyun.places.models.cities import City, touches
from chengyun.places.models.grids import Grid, GridLayer, GridOverlap, GridOwner
from chengyun.places.models.regions import Region, RegionHistory

__all__ = [
    "Change",
    "ChangeSet",
    "City",
    "Grid",
    "GridLayer",
    "GridOverlap",
    "GridOwner",
    "Region",
    "RegionHistory",
    "touches",
]
