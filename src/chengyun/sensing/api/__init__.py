"""The doors of sensing: one file a subject, all in one router."""

from ninja import Router

from chengyun.sensing.api import (
    caring,
    device_keys,
    doors,
    feeds,
    held,
    observations,
    streams,
    things,
)

router = Router(tags=["sensing"])
router.add_router("", things.router)
router.add_router("", streams.router)
router.add_router("", observations.router)
router.add_router("", caring.router)
router.add_router("", device_keys.router)
router.add_router("", feeds.router)
router.add_router("", held.router)
router.add_router("", doors.router)

__all__ = ["router"]
