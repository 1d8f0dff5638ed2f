"""Sessions and keys, for the lists in which they are revoked."""

from datetime import datetime
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.people.decide.sessions import IDLE
from chengyun.people.models import ApiKey, UserSession


def sessions(user_id: UUID, *, now: datetime) -> list[UserSession]:
    """A person's live sessions, last seen first."""
    return list(
        UserSession.objects.filter(
            user_id=user_id, ended_at=None, expires_at__gt=now, last_seen_at__gt=now - IDLE
        )
    )


def keys(actor: Actor) -> list[ApiKey]:
    """The keys in sight, newest first; revoked ones too."""
    return list(ApiKey.objects.visible_to(actor).select_related("organisation")[:500])
