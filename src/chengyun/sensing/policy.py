"""Who may register things, look after them, and share them."""

from collections.abc import Iterable
from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden

AREA_POSTS = ("shift_leader", "dispatcher", "leader")


def administers(actor: Actor, area_no: int) -> bool:
    """Whether the actor is the system or a system administrator over the area."""
    return actor.kind == "system" or any(
        g.post == "system_admin" and areas.contains(g.area_no, area_no) for g in actor.grants
    )


def may_keep(actor: Actor, area_no: int, owner_id: UUID | None) -> bool:
    """Whether the actor keeps things there: administrators, the area's leading posts, the owner."""
    if administers(actor, area_no):
        return True
    return any(
        (g.post in AREA_POSTS and areas.contains(g.area_no, area_no))
        or (g.post == "department" and owner_id is not None and g.org_id == owner_id)
        for g in actor.grants
    )


def check_may_keep(actor: Actor, area_no: int, owner_id: UUID | None) -> None:
    """Let those who keep things there through. Raises Forbidden."""
    if not may_keep(actor, area_no, owner_id):
        raise Forbidden(
            "Keeping things needs a post over their area, or in the department that owns them.",
            code="post_missing",
        )


def check_may_keep_devices(actor: Actor, area_no: int, unit_ids: Iterable[UUID]) -> None:
    """Let those who keep the things of an area, or of one of the units, see to their devices:
    credentials, feeds and what could not be taken.

    Raises:
        Forbidden: the actor keeps none of them.
    """
    if not any(may_keep(actor, area_no, unit) for unit in (None, *unit_ids)):
        raise Forbidden(
            "Seeing to devices needs a post over their area, or in the department that owns them.",
            code="post_missing",
        )


def check_may_declare(actor: Actor) -> None:
    """Let the system and its administrators declare kinds. Raises Forbidden."""
    if actor.kind != "system" and not actor.has("system_admin"):
        raise Forbidden("Only a system administrator declares kinds of things.")
