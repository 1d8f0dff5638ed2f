"""Who may change reference data about places, and who may see the people in it."""

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden, NotFound


def check_may_change(actor: Actor) -> None:
    """Let the system and its administrators through. Raises Forbidden."""
    if actor.kind != "system" and not actor.has("system_admin"):
        raise Forbidden("Only a system administrator changes regions and grids.")


def check_may_see_owners(actor: Actor, area_no: int) -> None:
    """Owners are people: only those see them whose area it is. Raises NotFound."""
    if not actor.has("system_admin") and not actor.scope().sees(area_no):
        raise NotFound("There is no such area.")
