"""Who sees the evaluation, and who judges: never whoever dispatches or handles."""

from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden, NotFound, Unauthenticated

SEE_POSTS = ("evaluator", "leader", "shift_leader")
# Whoever does the work may neither score it nor decide what is said against the score.
BARRED = ("dispatcher", "department", "handler")


def _signed_in(actor: Actor) -> None:
    if actor.kind == "public":
        raise Unauthenticated("Sign in first.")


def sees_all(actor: Actor, area_no: int) -> bool:
    """Whether the actor holds a post that sees every row of an area's table."""
    return actor.kind == "system" or any(
        g.post in SEE_POSTS and areas.contains(g.area_no, area_no) for g in actor.grants
    )


def own_units(actor: Actor) -> tuple[UUID, ...]:
    """The units the actor heads."""
    return tuple(g.org_id for g in actor.grants if g.post == "department")


def may_see(actor: Actor, area_no: int, by: str) -> None:
    """Let evaluators, leaders and shift leaders see their areas, departments their own unit.

    Raises:
        Forbidden: no post that may; or a department asks for rows of areas or posts.
        NotFound: the area is not the actor's.
    """
    _signed_in(actor)
    if sees_all(actor, area_no):
        return
    if own_units(actor) and by == "unit":
        if areas.city_of(area_no) in {areas.city_of(g.area_no) for g in actor.grants}:
            return
        raise NotFound("There is no such area.")
    if actor.has(*SEE_POSTS):
        raise NotFound("There is no such area.")
    raise Forbidden(
        "The evaluation is for evaluators, leaders and shift leaders; a department sees its own"
        " unit.",
        code="post_missing",
    )


def may_look(actor: Actor) -> None:
    """Let those with anything to see look at findings and published tables.

    Raises:
        Forbidden: the actor holds no such post.
    """
    _signed_in(actor)
    if actor.kind != "system" and not actor.has(*SEE_POSTS, "department"):
        raise Forbidden("The evaluation is not for this post.", code="post_missing")


def may_judge(actor: Actor, area_no: int) -> None:
    """Let evaluators, as persons, publish tables and decide findings and objections of an area.

    Raises:
        Forbidden: no evaluator, or one who also dispatches or handles.
        NotFound: evaluator elsewhere.
    """
    _signed_in(actor)
    if actor.kind == "system":
        return
    if not actor.has("evaluator"):
        raise Forbidden("Only an evaluator may do this.", code="post_missing")
    if actor.has(*BARRED):
        raise Forbidden(
            "Whoever dispatches or handles may not evaluate.",
            code="separation",
        )
    if not any(g.post == "evaluator" and areas.contains(g.area_no, area_no) for g in actor.grants):
        raise NotFound("There is no such area.")


def may_object(actor: Actor, unit: UUID | None, area_no: int) -> None:
    """Let a department speak for its unit's row, and a shift leader or leader for an area's.

    Raises:
        Forbidden: the row is not the actor's to speak for.
    """
    _signed_in(actor)
    if actor.kind == "system":
        return
    if unit is not None:
        if unit in own_units(actor):
            return
        raise Forbidden("A department objects for its own unit.", code="not_yours")
    if any(
        g.post in ("shift_leader", "leader") and areas.contains(g.area_no, area_no)
        for g in actor.grants
    ):
        return
    raise Forbidden("A shift leader or leader objects for an area.", code="not_yours")
