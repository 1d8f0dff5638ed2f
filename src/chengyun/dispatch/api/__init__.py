"""Duty lists, their reports, and who should go, over HTTP."""

from ninja import Router

from chengyun.dispatch.api import lists, officers, reports

router = Router(tags=["dispatch"])
# Reports first: `/duty-lists/quality` is no list's id.
router.add_router("", reports.router)
router.add_router("", lists.router)
router.add_router("", officers.router)

__all__ = ["router"]
