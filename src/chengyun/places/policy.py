"""Who may change reference data about places, and who may see the people in it."""

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden, NotFound, Unauthenticated


def check_may_change(actor: Actor) -> None:
    """Let the system and its administrators through. Raises Forbidden."""
    if actor.kind != "system" and not actor.has("system_admin"):
        raise Forbidden("Only a system administrator changes regions and grids.")


def check_may_see_owners(actor: Actor, area_no: int) -> None:
    """Owners are people: only those see them whose area it is. Raises NotFound."""
    if not actor.has("system_admin") and not actor.scope().sees(area_no):
        raise NotFound("There is no such area.")


# Those who work where the things stand say what has changed there.
PROPOSE_POSTS = ("collector", "handler", "department", "shift_leader", "dispatcher", "leader")
APPROVE_POSTS = ("leader",)


def see_city(actor: Actor, city_no: int) -> None:
    """Let those with a post in the city look. Raises Unauthenticated, NotFound."""
    if actor.kind == "system":
        return
    if actor.kind == "public":
        raise Unauthenticated("Sign in first.")
    if city_no not in {areas.city_of(grant.area_no) for grant in actor.grants}:
        raise NotFound("There is no such city.")


def may_propose(actor: Actor, area_no: int) -> None:
    """Let who works in an area, and the city's administrators, propose changes there.

    Raises:
        NotFound: the actor has nothing to do with the city.
        Forbidden: no such post in the area.
    """
    see_city(actor, areas.city_of(area_no))
    if not (administers(actor, area_no) or _holds(actor, PROPOSE_POSTS, area_no)):
        posts = ", ".join(PROPOSE_POSTS)
        raise Forbidden(f"Proposing needs a post in that area: {posts}.", code="post_missing")


def may_review(
    actor: Actor, area_no: int, posts: tuple[str, ...] = APPROVE_POSTS, *, person: bool = True
) -> None:
    """Let administrators of the city and the posts that the packs name decide on changes.

    Args:
        person: a key may not, since behind it may stand whoever proposed.

    Raises:
        NotFound: the actor has nothing to do with the city.
        Forbidden: no such post over the area, or a key acts.
    """
    see_city(actor, areas.city_of(area_no))
    if not (administers(actor, area_no) or _holds(actor, posts, area_no)):
        said = ", ".join(("system_admin", *posts))
        raise Forbidden(f"This needs a post over that area: {said}.", code="post_missing")
    if person and actor.kind == "key":
        raise Forbidden("Changes are decided on by a person, not a key.", code="not_a_person")


def administers(actor: Actor, area_no: int) -> bool:
    """Whether the actor is the system or a system administrator of the area's city."""
    city_no = areas.city_of(area_no)
    return actor.kind == "system" or any(
        g.post == "system_admin" and areas.city_of(g.area_no) == city_no for g in actor.grants
    )


def _holds(actor: Actor, posts: tuple[str, ...], area_no: int) -> bool:
    return any(g.post in posts and areas.contains(g.area_no, area_no) for g in actor.grants)
