"""Whose a posted entity is, and who keeps it."""

from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden, NotFound
from chengyun.sensing.policy import AREA_POSTS, check_may_keep
from chengyun.sensing.verbs.statements import fetch_rows


def own_place(actor: Actor) -> tuple[int, UUID | None]:
    """Where what the actor posts belongs: the widest area of its post, else its department."""
    held = [grant for grant in actor.grants if grant.post in AREA_POSTS]
    if held:
        return min(held, key=lambda grant: areas.depth(grant.area_no)).area_no, None
    for grant in actor.grants:
        if grant.post == "department":
            return grant.area_no, grant.org_id
    raise Forbidden("Keeping things needs a post over their area.", code="post_missing")


def kept_thing(actor: Actor, number: int) -> tuple[UUID, int, list[UUID]]:
    """Key, area and units of a thing that the actor keeps. Raises NotFound, Forbidden."""
    rows = fetch_rows(
        "SELECT id, area_no, unit_ids, owner_id FROM sensing_thing WHERE no = %s FOR UPDATE",
        [number],
    )
    if not rows or not actor.scope().sees(rows[0][1], tuple(rows[0][2])):
        raise NotFound("There is no such Thing.")
    check_may_keep(actor, rows[0][1], rows[0][3])
    return rows[0][0], rows[0][1], rows[0][2]
