"""Who may do which verb of people, and where.

System administrators keep organisations and accounts, security administrators give posts and
keys and end sessions, audit administrators only look (三员分立).
"""

from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.actor import ADMIN_POSTS, Actor
from chengyun.kernel.problems import FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from chengyun.people.decide.faults import Fault
from chengyun.people.models import DutyShift, Organisation, User


def invalid(*faults: Fault) -> Invalid:
    """The refusal of an input for its faults."""
    return Invalid([FieldError(one.field, one.reason, one.code) for one in faults])


def require_second_factor(actor: Actor) -> None:
    """Refuse somebody who signed in with one factor only.

    Raises:
        Forbidden: the session shows no second factor.
    """
    if actor.kind != "system" and not actor.second_factor:
        raise Forbidden(
            "This needs a second factor: enrol one, or enter its code.",
            code="second_factor_required",
        )


def person(actor: Actor) -> UUID:
    """The id of the person who acts; refuses keys, the system and the public.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: a key acts.
    """
    if actor.kind == "public":
        raise Unauthenticated("Sign in first.")
    if actor.kind != "user" or actor.id is None:
        raise Forbidden("Only a person can do this, not a key.", code="not_a_person")
    return actor.id


def require_post(actor: Actor, *posts: str, area_no: int) -> None:
    """Let only holders of one of the posts over the area go on.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: no such post is held, or no second factor stands behind it.
        NotFound: it is held, but elsewhere.
    """
    if actor.kind == "system":
        return
    if actor.kind == "public":
        raise Unauthenticated("Sign in first.")
    if not actor.has(*posts):
        raise Forbidden(f"Only a {' or '.join(posts)} may do this.", code="post_missing")
    if not any(g.post in posts and areas.contains(g.area_no, area_no) for g in actor.grants):
        raise NotFound
    if set(posts) <= ADMIN_POSTS:
        require_second_factor(actor)


def keep_organisations(actor: Actor, area_no: int) -> None:
    """Create, rename, move and close organisations."""
    require_post(actor, "system_admin", area_no=area_no)


def keep_accounts(actor: Actor, organisation: Organisation) -> None:
    """Invite people and switch their accounts on and off."""
    require_post(actor, "system_admin", area_no=organisation.area_no)


def give_posts(actor: Actor, area_no: int) -> None:
    """Appoint and dismiss."""
    require_post(actor, "security_admin", area_no=area_no)


def give_keys(actor: Actor, area_no: int) -> None:
    """Issue and revoke keys."""
    require_post(actor, "security_admin", area_no=area_no)


def see_keys(actor: Actor) -> None:
    """List keys.

    Raises:
        Forbidden: neither a security nor an audit administrator.
    """
    if actor.kind != "system" and not actor.has("security_admin", "audit_admin"):
        raise Forbidden("Only a security_admin or audit_admin may do this.", code="post_missing")


def end_sessions(actor: Actor, user: User) -> None:
    """End another person's sessions, see them, and reset how they sign in."""
    require_post(actor, "security_admin", area_no=user.organisation.area_no)


def reset_sign_in(actor: Actor, user: User) -> None:
    """Take a forgotten password away and give a new link.

    An administrator's account is reset on the machine itself only: otherwise one administrator
    could become another through a link.
    """
    end_sessions(actor, user)
    if actor.kind != "system" and user.appointments.filter(post__in=ADMIN_POSTS).exists():
        raise Forbidden(
            "An administrator's account is reset on the machine itself.", code="console_only"
        )


def run_shifts(actor: Actor, organisation: Organisation) -> None:
    """Open shifts and say who is on them."""
    if any(g.post == "department" and g.org_id == organisation.id for g in actor.grants):
        return
    require_post(actor, "shift_leader", "leader", "department", area_no=organisation.area_no)


def come_and_go(actor: Actor, shift: DutyShift, user: User) -> None:
    """Go on or off duty: oneself, or by whoever runs the shift."""
    if actor.kind == "user" and actor.id == user.id:
        return
    run_shifts(actor, shift.organisation)
