"""Who may keep a city's duty list, and who may look at it."""

from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden, NotFound, Unauthenticated

# Those who command the city's dispatching; a list holds for the whole city.
EDIT_POSTS = ("dispatcher", "shift_leader", "leader")
APPROVE_POSTS = ("leader",)
SUGGEST_POSTS = ("dispatcher", "department", "shift_leader", "leader")
REPORT_POSTS = (*EDIT_POSTS, "evaluator", "acceptor")


def _may(actor: Actor, city_no: int, posts: tuple[str, ...], what: str) -> None:
    if actor.kind == "system":
        return
    if actor.kind == "public":
        raise Unauthenticated("Sign in first.")
    see(actor, city_no)
    if not any(g.post in posts and areas.contains(g.area_no, city_no) for g in actor.grants):
        raise Forbidden(
            f"{what} needs one of these posts over the whole city: {', '.join(posts)}.",
            code="post_missing",
        )


def see(actor: Actor, city_no: int) -> None:
    """Let those with a post in the city look.

    Raises:
        NotFound: the actor has nothing to do with the city.
    """
    if actor.kind == "system":
        return
    if city_no not in {areas.city_of(grant.area_no) for grant in actor.grants}:
        raise NotFound("There is no such city.")


def may_edit(actor: Actor, city_no: int) -> None:
    """Let city-wide dispatchers, shift leaders and leaders write drafts."""
    _may(actor, city_no, EDIT_POSTS, "Writing a duty list")


def may_approve(actor: Actor, city_no: int) -> None:
    """Let city-wide leaders, as persons, put a list into force or out of it.

    Raises:
        Forbidden: a key acts; behind a key may stand the author.
    """
    _may(actor, city_no, APPROVE_POSTS, "Activating a duty list")
    if actor.kind == "key":
        raise Forbidden("A duty list is activated by a person, not a key.", code="not_a_person")


def may_see_quality(actor: Actor, city_no: int) -> None:
    """Let desk posts of the city see how well its rules do, within their areas.

    Raises:
        Forbidden: the actor holds none of them.
    """
    see(actor, city_no)
    if actor.kind != "system" and not actor.has(*REPORT_POSTS):
        raise Forbidden("Quality reports need a desk post: acceptor to leader.")


def may_suggest(actor: Actor) -> None:
    """Let those who give work out see who is free.

    Raises:
        Forbidden: the actor neither dispatches nor heads a department.
    """
    if actor.kind != "system" and not actor.has(*SUGGEST_POSTS):
        raise Forbidden("Suggestions are for whoever gives the work out.", code="post_missing")


def may_keep_skills(actor: Actor, organisation: UUID) -> None:
    """Let a department say what its own people can do.

    Raises:
        Forbidden: the actor does not head the department.
    """
    if actor.kind == "system":
        return
    if not any(g.post == "department" and g.org_id == organisation for g in actor.grants):
        raise Forbidden("A department keeps the skills of its own people.", code="post_missing")
