"""Who may answer signals, and who may change rules."""

from collections.abc import Iterable
from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden

ANSWERING = ("shift_leader", "dispatcher", "leader", "acceptor", "system_admin")
DECIDING = ("shift_leader", "leader", "system_admin")


def may_answer(actor: Actor, area_no: int, unit_ids: Iterable[UUID] = ()) -> bool:
    """Whether the actor answers signals there: the area's posts on duty, the thing's units."""
    if actor.kind == "system":
        return True
    units = set(unit_ids)
    return any(
        (g.post in ANSWERING and areas.contains(g.area_no, area_no))
        or (g.post == "department" and g.org_id in units)
        for g in actor.grants
    )


def check_may_answer(actor: Actor, area_no: int, unit_ids: Iterable[UUID] = ()) -> None:
    """Let those who answer signals there through. Raises Forbidden."""
    if not may_answer(actor, area_no, unit_ids):
        raise Forbidden(
            "Answering signals needs a post over their area, or in the thing's department.",
            code="post_missing",
        )


def may_decide(actor: Actor, area_no: int | None = None) -> bool:
    """Whether the actor may change rules (in a city at all), or figures of an area."""
    if actor.kind == "system":
        return True
    return any(
        g.post in DECIDING
        and (areas.contains(g.area_no, area_no) if area_no else areas.depth(g.area_no) == 1)
        for g in actor.grants
    )


def check_may_decide(actor: Actor, area_no: int | None = None) -> None:
    """Let those who decide about rules through. Raises Forbidden."""
    if not may_decide(actor, area_no):
        raise Forbidden(
            "Changing rules needs a leading post over the area they are changed for.",
            code="post_missing",
        )
