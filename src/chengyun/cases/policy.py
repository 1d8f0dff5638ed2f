"""Which queue belongs to which post, and which doors a post may use.

Whether one move is allowed to one person on one case is decided by `decide`; this is about lists.
"""

from uuid import UUID

from django.db.models import Q

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden

# What waits for each post (domain.md §1.1, §1.2).
WAITS_FOR: dict[str, tuple[str, ...]] = {
    "collector": ("verifying", "pending_check", "checking"),
    "acceptor": ("reported", "pending_accept", "pending_close"),
    "shift_leader": ("pending_file", "pending_close"),
    "dispatcher": ("pending_dispatch", "returned"),
    "department": ("pending_handle", "handled"),
    "handler": ("pending_handle", "handling"),
}
# Who types what a desk did on paper (ADR 0017).
PAPER_POSTS = ("shift_leader", "acceptor")
STAFF_POSTS = (
    "collector",
    "acceptor",
    "shift_leader",
    "dispatcher",
    "department",
    "handler",
    "leader",
)


def waits_for(actor: Actor) -> Q:
    """The filter of an actor's own queue; matches nothing for posts that have none."""
    mine = Q(pk__in=[])
    for grant in actor.grants:
        states = WAITS_FOR.get(grant.post)
        if states is None:
            continue
        if grant.post == "department":
            mine |= Q(state__in=states, lead_unit=grant.org_id)
        elif grant.post == "handler":
            mine |= Q(state__in=states, handler_id=actor.id)
        else:
            low, high = areas.span(grant.area_no)
            mine |= Q(state__in=states, area_no__gte=low, area_no__lte=high)
    return mine


# What a post may say yes or no to.
JUDGES: dict[str, tuple[str, ...]] = {
    "department": ("extension:department",),
    "dispatcher": ("extension:dispatcher", "suspension:dispatcher", "appeal:dispatcher"),
    "shift_leader": ("void:shift_leader",),
    "acceptor": ("appeal:acceptor",),
}


def judged_by(actor: Actor) -> Q:
    """The filter of cases with a request that the actor is next to judge."""
    mine = Q(pk__in=[])
    for grant in actor.grants:
        asks = JUDGES.get(grant.post)
        if asks is None:
            continue
        wanted = ~Q(asks=[]) & Q(asks__overlap=list(asks))
        if grant.post == "department":
            mine |= wanted & Q(lead_unit=grant.org_id)
        else:
            mine |= wanted & Q(area_no__range=areas.span(grant.area_no))
    return mine


def may_report_for_others(actor: Actor) -> None:
    """Let staff (and their scripts) report on a caller's behalf.

    Raises:
        Forbidden: the actor holds no post of the case loop.
    """
    if actor.kind == "system" or actor.has(*STAFF_POSTS):
        return
    raise Forbidden("Reporting here needs a post of the case loop; residents use the public door.")


def typing_desk(actor: Actor) -> UUID:
    """The organisation whose sheets somebody types: the shift leader's or acceptor's before others.

    Raises:
        Forbidden: the actor is no person with a post of the case loop.
    """
    desks = [g for g in actor.grants if g.post in PAPER_POSTS]
    held = desks or [g for g in actor.grants if g.post in STAFF_POSTS]
    if actor.kind != "user" or not held:
        raise Forbidden("Entering paper needs a post of the case loop.", code="post_missing")
    return held[0].org_id


def may_enter_paper(actor: Actor, doer: Actor, area_no: int | None) -> None:
    """Let shift leaders and acceptors of the place type what others did, and everybody their own.

    Raises:
        Forbidden: neither of them.
    """
    if actor.id == doer.id:
        return
    for grant in actor.grants:
        if grant.post in PAPER_POSTS and (
            area_no is None or areas.contains(grant.area_no, area_no)
        ):
            return
    raise Forbidden("Only a shift leader or acceptor enters what another did.", code="not_yours")


def may_print(actor: Actor) -> None:
    """Let every post of the case loop print what it sees, contacts masked.

    Raises:
        Forbidden: no such post is held.
    """
    if actor.kind != "system" and not actor.has(*STAFF_POSTS, "evaluator"):
        raise Forbidden("Printing cases needs a post of the case loop.")


def own_unit(actor: Actor) -> UUID:
    """The unit an actor works in: that of the first post held.

    Raises:
        Forbidden: no post.
    """
    if not actor.grants:
        raise Forbidden("This is for people with a post.")
    return actor.grants[0].org_id


def may_write_texts(actor: Actor) -> None:
    """Let desk posts and departments keep texts for their unit.

    Raises:
        Forbidden: another post.
    """
    if not actor.has("acceptor", "shift_leader", "dispatcher", "department", "leader"):
        raise Forbidden("A unit's texts are kept by its desk posts and its department.")


def may_see_history(actor: Actor) -> None:
    """Let desk posts see what else the same reporter told.

    Raises:
        Forbidden: another post.
    """
    if not actor.has("acceptor", "shift_leader", "dispatcher"):
        raise Forbidden("A reporter's history is for the posts that judge reports.")


def may_export(actor: Actor) -> None:
    """Let desk posts take lists of cases out.

    Raises:
        Forbidden: the actor is no acceptor, shift leader, dispatcher, evaluator or leader.
    """
    if actor.kind == "system":
        return
    if not actor.has("acceptor", "shift_leader", "dispatcher", "evaluator", "leader"):
        raise Forbidden("Exporting cases needs a desk post: acceptor to leader.")


def may_reveal(actor: Actor) -> None:
    """Let desk posts see a reporter's contact, once they showed a second factor.

    Raises:
        Forbidden: no desk post, or no second factor in this session.
    """
    if not actor.has("acceptor", "shift_leader"):
        raise Forbidden("Revealing a contact needs the post of acceptor or shift leader.")
    if not actor.second_factor:
        raise Forbidden("Revealing a contact needs a second factor.", code="second_factor")


def may_moderate(actor: Actor) -> None:
    """Let acceptors and shift leaders decide what the public sees.

    Raises:
        Forbidden: the actor is neither.
    """
    if not actor.has("acceptor", "shift_leader"):
        raise Forbidden("Moderating needs the post of acceptor or shift leader.")
