"""Who may listen: a signed-in browser or a key, until it is revoked or its posts change."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db.models import Q

from chengyun.kernel.actor import UNIT_POSTS, Actor, Scope
from chengyun.kernel.clock import system_clock
from chengyun.people import reads
from chengyun.people.decide import sessions
from chengyun.people.models import ApiKey, Appointment, UserSession

# Posts held, and the state of the organisations' tree where that decides what is seen.
Mark = tuple[frozenset[tuple[str, UUID, int]], str]


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody let in: what they see, and what proves that they still may."""

    ticket: str
    scope: Scope
    mark: Mark
    person: UUID | None = None


class Doorman(Protocol):
    """Lets listeners in and says whose time is over. Called from threads; may ask the database."""

    def admit(self, cookie: str | None, bearer: str | None) -> Admission | None: ...

    def over(self, admissions: Collection[Admission]) -> set[str]:
        """The tickets that may no longer listen."""
        ...


class PeopleDoorman:
    """Asks the people room."""

    cookie = reads.SESSION_COOKIE

    def admit(self, cookie: str | None, bearer: str | None) -> Admission | None:
        """Let in by a session's cookie or a key; None when neither is good."""
        now = system_clock.now()
        if bearer is not None:
            actor = reads.actor_for_key(bearer, now=now)
            ticket = f"key:{actor.id}" if actor else ""
        else:
            found = reads.signed_in(cookie, now=now) if cookie else None
            actor = found.actor if found else None
            ticket = f"session:{found.session_id}" if found else ""
        if actor is None or actor.id is None:
            return None
        return Admission(ticket, actor.scope(), _mark(actor, now), actor.scope().person)

    def over(self, admissions: Collection[Admission]) -> set[str]:
        """Whose session or key ended, and whose posts are others than when they came in.

        Three queries and a revision, however many listen.
        """
        now = system_clock.now()
        users = _users_of_sessions(_ids(admissions, "session"), now)
        keys = set(
            ApiKey.objects.filter(
                id__in=_ids(admissions, "key"), revoked_at=None, expires_at__gt=now
            ).values_list("id", flat=True)
        )
        held = _held(set(users.values()), now)
        revision = reads.organisation_revision()
        ended = set()
        for admission in admissions:
            kind, _, text = admission.ticket.partition(":")
            number = UUID(text)
            if kind == "key":
                fine = number in keys and admission.mark[1] in {"", revision}
            else:
                user = users.get(number)
                fine = user is not None and admission.mark == _marked(held[user], revision)
            if not fine:
                ended.add(admission.ticket)
        return ended


def _ids(admissions: Collection[Admission], kind: str) -> set[UUID]:
    start = f"{kind}:"
    return {
        UUID(admission.ticket.removeprefix(start))
        for admission in admissions
        if admission.ticket.startswith(start)
    }


def _users_of_sessions(ids: Collection[UUID], now: datetime) -> dict[UUID, UUID]:
    rows = UserSession.objects.filter(id__in=ids, user__is_active=True)
    return {
        row.id: row.user_id
        for row in rows
        if sessions.alive(
            expires_at=row.expires_at,
            last_seen_at=row.last_seen_at,
            ended_at=row.ended_at,
            now=now,
        )
    }


def _held(users: Collection[UUID], now: datetime) -> dict[UUID, set[tuple[str, UUID, int]]]:
    """The appointments in force of each user."""
    rows = Appointment.objects.held_at(now).filter(
        Q(organisation__valid_to=None) | Q(organisation__valid_to__gt=now),
        organisation__valid_from__lte=now,
        user_id__in=users,
    )
    found: dict[UUID, set[tuple[str, UUID, int]]] = defaultdict(set)
    for row in rows.only("user_id", "post", "organisation_id", "area_no"):
        found[row.user_id].add((row.post, row.organisation_id, row.area_no))
    return found


def _mark(actor: Actor, now: datetime) -> Mark:
    revision = reads.organisation_revision()
    if actor.kind == "user" and actor.id is not None:
        return _marked(_held({actor.id}, now)[actor.id], revision)
    held = {(grant.post, grant.org_id, grant.area_no) for grant in actor.grants}
    return _marked(held, revision)


def _marked(held: Collection[tuple[str, UUID, int]], revision: str) -> Mark:
    # Only a unit post reaches down the tree, so only then does a moved organisation matter.
    return frozenset(held), revision if any(post in UNIT_POSTS for post, _, _ in held) else ""
