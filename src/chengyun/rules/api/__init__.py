"""The doors of rules: one file a subject, all in one router."""

from ninja import Router

from chengyun.rules.api import packs, rules, signals

router = Router(tags=["rules"])
router.add_router("", signals.router)
router.add_router("", rules.router)
router.add_router("", packs.router)

__all__ = ["router"]
