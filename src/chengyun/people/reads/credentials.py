"""Sessions and keys, for the lists in which they are revoked."""

from datetime import datetime
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.people import policy
from chengyun.people.decide.sessions import IDLE
from chengyun.people.models import ApiKey, UserSession
from chengyun.people.reads.directory import user


def own_sessions(actor: Actor, *, now: datetime) -> list[UserSession]:
    """One's own live sessions, last seen first."""
    return _live(policy.person(actor), now)


def sessions_of(actor: Actor, user_id: UUID, *, now: datetime) -> list[UserSession]:
    """Somebody's live sessions, for a security administrator.

    Raises:
        NotFound: there is nobody of that id in sight.
        Forbidden: the actor is no security administrator.
    """
    policy.end_sessions(actor, user(actor, user_id))
    return _live(user_id, now)


def _live(user_id: UUID, now: datetime) -> list[UserSession]:
    return list(
        UserSession.objects.filter(
            user_id=user_id, ended_at=None, expires_at__gt=now, last_seen_at__gt=now - IDLE
        )
    )


def keys(actor: Actor) -> list[ApiKey]:
    """The keys in sight, newest first; revoked ones too.

    Raises:
        Forbidden: neither a security nor an audit administrator.
    """
    policy.see_keys(actor)
    return list(ApiKey.objects.visible_to(actor).select_related("organisation")[:500])
