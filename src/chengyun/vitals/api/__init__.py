"""The evaluation over HTTP."""

from ninja import Router

from chengyun.vitals.api import findings, published, tables

router = Router(tags=["evaluation"])
router.add_router("", tables.router)
router.add_router("", findings.router)
router.add_router("", published.router)

__all__ = ["router"]
