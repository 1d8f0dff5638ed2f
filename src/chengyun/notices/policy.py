"""Who may do what with notices."""

from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden


def person(actor: Actor) -> UUID:
    """The id of the person who acts: only people have notices of their own.

    Raises:
        Forbidden: a key, the system or the public acts.
    """
    if actor.kind != "user" or actor.id is None:
        raise Forbidden("Only a person has notices, not a key.", code="not_a_person")
    return actor.id


def may_see_log(actor: Actor) -> None:
    """Let system administrators see what was sent, with a second factor.

    Raises:
        Forbidden: another post, or one factor only.
    """
    if not actor.has("system_admin"):
        raise Forbidden("Only a system_admin may see the delivery log.", code="post_missing")
    if not actor.second_factor:
        raise Forbidden("This needs a second factor.", code="second_factor_required")
