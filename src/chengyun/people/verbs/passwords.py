"""Passwords: set by their owner alone, kept as argon2id."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator

from chengyun.kernel import audit
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide.passwords import normalise, password_faults
from chengyun.people.decide.tokens import Secret
from chengyun.people.models import User
from chengyun.people.reads import forget_actors
from chengyun.people.verbs import throttle

_PRODUCT = ("chengyun", "城运")


class Hasher(Argon2PasswordHasher):
    """argon2id with OWASP's parameters (19 MiB, 2 passes): Django's 100 MiB a sign-in would not
    fit a street node."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


_hasher = Hasher()
_common = frozenset(CommonPasswordValidator().passwords)


def proves(user: User | None, password: str) -> bool:
    """Whether the password is the user's. Takes as long when there is no user or no password."""
    said = normalise(password)
    if user is None or not user.has_usable_password():
        _hasher.encode(said, _hasher.salt())
        return False
    return _hasher.verify(said, user.password)


@verb("people.set_password")
def _set(actor: Actor, *, now: datetime, password: Secret, session: UUID) -> JsonObject:
    user = User.objects.select_for_update().get(pk=policy.person(actor))
    said = password.reveal()
    faults = password_faults(
        said,
        about=(user.username, user.display_name, *_PRODUCT),
        is_common=_common.__contains__,
    )
    if faults:
        raise policy.invalid(*faults)
    user.password = _hasher.encode(normalise(said), _hasher.salt())
    user.password_changed_at = now
    user.save(update_fields=["password", "password_changed_at"])
    user.sessions.filter(ended_at=None).exclude(pk=session).update(ended_at=now)
    user.links.filter(used_at=None).update(used_at=now)
    forget_actors()
    return {"id": str(user.id)}


def set_password(
    actor: Actor, *, now: datetime, password: str, current: str | None, session: UUID
) -> JsonObject:
    """Set one's own password; ends one's other sessions and open links.

    Args:
        current: the password to be replaced; not needed when there is none yet.
        session: the session this is done in, which goes on.

    Raises:
        Invalid: the new password is too weak.
        Forbidden: the current password is wrong.
        TooMany: it was wrong too often.
    """
    user = User.objects.get(pk=policy.person(actor))
    if user.has_usable_password():
        subject = throttle.account(user.username)
        throttle.reserve([subject], now=now)
        if not proves(user, current or ""):
            audit.write(actor, "people.set_password", now=now, outcome="bad_password")
            raise Forbidden("The current password is wrong.", code="bad_password")
        throttle.release([subject])
    return _set(actor, now=now, password=Secret(password), session=session)
