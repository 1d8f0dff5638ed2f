"""Who is behind a session, a key or a user: as an actor with grants.

What was read is believed for `sessions.STALE`, so that a busy desk does not ask the database
twice a second and a revocation still works within five seconds in every process.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Q

from chengyun.kernel.actor import UNIT_POSTS, Actor, Grant
from chengyun.people.decide import sessions
from chengyun.people.decide.posts import SECOND_FACTOR_POSTS
from chengyun.people.decide.tokens import token_hash
from chengyun.people.models import ApiKey, Appointment, Organisation, User, UserSession

SESSION_COOKIE = "cy_session"

V = TypeVar("V")


class Recent(Generic[V]):
    """Values believed for a few seconds, by token hash. Bounded; emptied rather than sorted."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._kept: dict[bytes, tuple[datetime, V]] = {}

    def get(self, key: bytes, now: datetime) -> V | None:
        """The value, unless it is too old (or from a future that a changed clock took back)."""
        found = self._kept.get(key)
        if found is None or not found[0] <= now < found[0] + sessions.STALE:
            return None
        return found[1]

    def put(self, key: bytes, now: datetime, value: V) -> None:
        """Believe a value from now on."""
        if len(self._kept) >= self._most:
            self._kept.clear()
        self._kept[key] = (now, value)

    def clear(self) -> None:
        """Believe nothing."""
        self._kept.clear()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session: its id, who it is, and until when at most."""

    session_id: UUID
    actor: Actor
    expires_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class LiveKey:
    """A key in force: whom it acts as, until when, and when it was last known to be used."""

    actor: Actor
    expires_at: datetime
    last_used_at: datetime | None


_sessions: Recent[SignedIn] = Recent()
_keys: Recent[LiveKey] = Recent()


def forget_actors() -> None:
    """Ask the database again at the next request of this process, whoever it is."""
    _sessions.clear()
    _keys.clear()


def _spread(held: Iterable[tuple[str, Organisation, int]], now: datetime) -> tuple[Grant, ...]:
    """Grants of posts; a unit post reaches every organisation below its own."""
    held = list(held)
    grants = [Grant(post, org.id, area_no) for post, org, area_no in held]
    units = [(post, org) for post, org, _ in held if post in UNIT_POSTS]
    if units:
        below = (
            Organisation.objects.below(*(org for _, org in units))
            .valid_at(now)
            .values_list("id", "area_no", "path")
        )
        for org_id, area_no, path in below:
            above = {post for post, org in units if org.id in path and org.id != org_id}
            grants += [Grant(post, org_id, area_no) for post in sorted(above)]
    return tuple(dict.fromkeys(grants))


def actor_for(user: User, *, now: datetime, second_factor: bool = False) -> Actor:
    """The user as an actor, with the grants in force now."""
    held = (
        Appointment.objects.held_at(now)
        .filter(
            Q(organisation__valid_to=None) | Q(organisation__valid_to__gt=now),
            user=user,
            organisation__valid_from__lte=now,
        )
        .select_related("organisation")
        if user.is_active
        else ()
    )
    return Actor(
        kind="user",
        id=user.id,
        name=user.display_name,
        grants=_spread(((a.post, a.organisation, a.area_no) for a in held), now),
        second_factor=second_factor,
    )


def second_factor_missing(actor: Actor) -> bool:
    """Whether the actor's posts (administrators and command) ask for a second factor that this
    session has not shown. Exports and reveals ask `actor.second_factor` itself."""
    return actor.has(*SECOND_FACTOR_POSTS) and not actor.second_factor


def signed_in(token: str, *, now: datetime) -> SignedIn | None:
    """The live session of a cookie's token; None when it is unknown, over or revoked."""
    key = token_hash(token)
    found = _sessions.get(key, now)
    if found is None:
        row = UserSession.objects.select_related("user").filter(token_hash=key).first()
        if row is None or not row.user.is_active:
            return None
        if not sessions.alive(
            expires_at=row.expires_at,
            last_seen_at=row.last_seen_at,
            ended_at=row.ended_at,
            now=now,
        ):
            return None
        actor = actor_for(row.user, now=now, second_factor=row.second_factor_at is not None)
        found = SignedIn(row.id, actor, row.expires_at, row.last_seen_at)
        _sessions.put(key, now, found)
    return found if now < found.expires_at else None


def live_key(token: str, *, now: datetime) -> LiveKey | None:
    """The key of a token; None when it is unknown, expired or revoked.

    A key counts as backed by a second factor: only somebody who showed one, or who sits at the
    machine itself, can issue it.
    """
    key = token_hash(token)
    found = _keys.get(key, now)
    if found is None:
        row = ApiKey.objects.select_related("organisation").filter(token_hash=key).first()
        if row is None or row.revoked_at is not None or row.expires_at <= now:
            return None
        grants = _spread([(row.post, row.organisation, row.area_no)], now)
        actor = Actor(kind="key", id=row.id, name=row.name, grants=grants, second_factor=True)
        found = LiveKey(actor, row.expires_at, row.last_used_at)
        _keys.put(key, now, found)
    return found if now < found.expires_at else None


def actor_for_key(token: str, *, now: datetime) -> Actor | None:
    """The actor of an API key; None when it is unknown, expired or revoked."""
    found = live_key(token, now=now)
    return None if found is None else found.actor


def actor_behind(kind: str, id_: UUID, *, now: datetime) -> Actor | None:
    """Who somebody is now that something is done in their name later: a user who is still active,
    or a key that is neither expired nor revoked; None for anybody else."""
    if kind == "user":
        user = User.objects.filter(pk=id_, is_active=True).first()
        return actor_for(user, now=now) if user is not None else None
    if kind != "key":
        return None
    row = ApiKey.objects.select_related("organisation").filter(pk=id_).first()
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return None
    return Actor("key", row.id, row.name, _spread([(row.post, row.organisation, row.area_no)], now))
