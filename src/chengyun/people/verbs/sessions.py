"""Sessions: begun by proof, ended by their owner or a security administrator."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide import devices, tokens
from chengyun.people.decide import sessions as life
from chengyun.people.models import ApiKey, User, UserSession
from chengyun.people.reads import LiveKey, SignedIn, actor_for, forget_actors


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a sign-in comes from."""

    address: str
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A session just begun: its token for the cookie, and whose it is."""

    token: str
    session_id: UUID
    user: User
    second_factor: bool
    expires_at: datetime


def new_token() -> str:
    """256 random bits, safe in a cookie or an address."""
    return secrets.token_urlsafe(tokens.ENTROPY_BYTES)


@verb("people.sign_in")
def _start(
    actor: Actor,
    *,
    now: datetime,
    token_hash: bytes,
    method: str,
    device: str,
    network: str,
    second_factor: bool,
) -> JsonObject:
    own_id = policy.person(actor)
    row = UserSession.objects.create(
        user_id=own_id,
        token_hash=token_hash,
        method=method,
        device=device,
        network=network,
        created_at=now,
        last_seen_at=now,
        expires_at=now + life.ABSOLUTE,
        second_factor_at=now if second_factor else None,
    )
    User.objects.filter(pk=own_id).update(last_login=now, last_seen_at=now)
    return {"id": str(row.id), "expires_at": row.expires_at.isoformat()}


def start_session(
    user: User, *, now: datetime, method: str, browser: Browser, second_factor: bool = False
) -> Entered:
    """Begin a session for somebody who has proved who they are."""
    token = new_token()
    receipt = _start(
        actor_for(user, now=now, second_factor=second_factor),
        now=now,
        token_hash=tokens.token_hash(token),
        method=method,
        device=devices.device(browser.user_agent),
        network=devices.network(browser.address),
        second_factor=second_factor,
    )
    return Entered(
        token,
        UUID(receipt["id"]),
        user,
        second_factor,
        datetime.fromisoformat(receipt["expires_at"]),
    )


def raise_session(user: User, session: UUID, *, now: datetime, token: tokens.Secret) -> None:
    """Note a second factor in a session and give it a new token, so that no process goes on
    believing what it knew of the old one."""
    user.sessions.filter(pk=session, ended_at=None).update(
        token_hash=tokens.token_hash(token.reveal()), second_factor_at=now
    )
    forget_actors()


@verb("people.sign_out")
def sign_out(actor: Actor, *, now: datetime, session: UUID) -> JsonObject:
    """End one's own present session."""
    own_id = policy.person(actor)
    UserSession.objects.filter(pk=session, user_id=own_id, ended_at=None).update(ended_at=now)
    forget_actors()
    return {"id": str(session)}


@verb("people.revoke_session")
def revoke_session(actor: Actor, *, now: datetime, session: UUID) -> JsonObject:
    """End one of one's own sessions, or as security administrator one of somebody in sight.

    Every process stops taking it within five seconds.
    """
    own_id = policy.person(actor)
    row = (
        UserSession.objects.select_for_update(of=("self",))
        .select_related("user__organisation")
        .filter(pk=session, ended_at=None)
        .first()
    )
    if row is None:
        raise NotFound
    if row.user_id != own_id:
        in_sight = User.objects.visible_to(actor).filter(pk=row.user_id).exists()
        if not in_sight or not actor.has("security_admin"):
            raise NotFound
        policy.end_sessions(actor, row.user)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    forget_actors()
    return {"id": str(row.id)}


def note_seen(session: SignedIn, *, now: datetime) -> None:
    """Write "last seen", at most once a minute; a row somebody else is writing is left alone."""
    if now - session.last_seen_at < life.SEEN_EVERY:
        return
    with transaction.atomic():
        row = (
            UserSession.objects.select_for_update(skip_locked=True)
            .filter(pk=session.session_id, last_seen_at__lt=now - life.SEEN_EVERY)
            .first()
        )
        if row is not None:
            row.last_seen_at = now
            row.save(update_fields=["last_seen_at"])
            User.objects.filter(pk=row.user_id).update(last_seen_at=now)


def note_key_used(key: LiveKey, *, now: datetime) -> None:
    """Write "last used", at most once a minute; a row somebody else is writing is left alone."""
    if key.last_used_at is not None and now - key.last_used_at < life.SEEN_EVERY:
        return
    if key.actor.id is None:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - life.SEEN_EVERY)
    with transaction.atomic():
        row = (
            ApiKey.objects.select_for_update(skip_locked=True)
            .filter(stale, pk=key.actor.id)
            .first()
        )
        if row is not None:
            row.last_used_at = now
            row.save(update_fields=["last_used_at"])
