"""The doors of places: one file a subject, all in one router."""

from ninja import Router

from chengyun.places.api import (
    addresses,
    areas,
    changes,
    components,
    geocoding,
    layers,
    map_plugins,
    tiles,
    transforms,
)

router = Router(tags=["places"])
router.add_router("", areas.router)
router.add_router("", changes.router)
router.add_router("", geocoding.router)
router.add_router("", layers.router)
router.add_router("", tiles.router)
router.add_router("", transforms.router)
router.add_router("", components.router)
router.add_router("", map_plugins.router)
public = geocoding.public
router.add_router("", addresses.router)

__all__ = [
    "public",
    "router",
]
