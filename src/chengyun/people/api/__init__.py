"""The HTTP face of people: one router, and how a request says who it is.

Every route needs a session or a key, except the few marked `auth=None`, by which people come in.
"""

from ninja import Router

from chengyun.people.api import directory, duty, keys, roster, session, users
from chengyun.people.api.auth import session_or_key

router = Router(tags=["people"], auth=session_or_key)
router.add_router("", session.router)
router.add_router("", directory.router)
router.add_router("", users.router)
router.add_router("", keys.router)
router.add_router("", roster.router)
router.add_router("", duty.router)

__all__ = ["router", "session_or_key"]
