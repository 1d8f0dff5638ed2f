"""Who may change reference data about places."""

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden


def check_may_change(actor: Actor) -> None:
    """Let the system and its administrators through. Raises Forbidden."""
    if actor.kind != "system" and not actor.has("system_admin"):
        raise Forbidden("Only a system administrator changes regions and grids.")
