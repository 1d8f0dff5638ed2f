"""One-time links: how somebody without a password comes in."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from chengyun.kernel import audit
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor
from chengyun.kernel.problems import NotFound, Unauthenticated
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide import tokens
from chengyun.people.decide.faults import Fault
from chengyun.people.decide.sessions import LINK_LIFE, LINK_LIFE_MAX
from chengyun.people.models import SignInLink, User
from chengyun.people.reads import forget_actors
from chengyun.people.verbs import throttle
from chengyun.people.verbs.sessions import Browser, Entered, new_token, start_session


def new_link() -> tuple[str, bytes]:
    """A link's token and the hash to keep of it."""
    token = new_token()
    return token, tokens.token_hash(token)


def keep_link(user: User, *, now: datetime, token_hash: bytes, life: timedelta) -> None:
    """Keep a link for a user.

    Raises:
        Invalid: it would live too long.
    """
    if not timedelta() < life <= LINK_LIFE_MAX:
        days = LINK_LIFE_MAX.days
        raise policy.invalid(Fault("life", f"is not between 0 and {days} days", "bad_life"))
    user.links.create(token_hash=token_hash, created_at=now, expires_at=now + life)


@verb("people.issue_link")
def _issue(
    actor: Actor,
    *,
    now: datetime,
    user: UUID,
    token_hash: bytes,
    life: timedelta,
) -> JsonObject:
    row = User.objects.filter(pk=user, is_active=True).first()
    if row is None:
        raise NotFound
    keep_link(row, now=now, token_hash=token_hash, life=life)
    return {"id": str(row.id)}


def issue_link(user: User, now: datetime, ttl: timedelta = LINK_LIFE) -> str:
    """Make a one-time link from the machine itself; its token."""
    token, kept = new_link()
    _issue(SYSTEM, now=now, user=user.id, token_hash=kept, life=ttl)
    return token


@verb("people.reset_sign_in")
def _reset(
    actor: Actor,
    *,
    now: datetime,
    user: UUID,
    second_factor: bool,
    token_hash: bytes,
    life: timedelta,
) -> JsonObject:
    seen = User.objects.visible_to(actor).select_for_update(of=("self",))
    row = seen.select_related("organisation").filter(pk=user).first()
    if row is None:
        raise NotFound
    policy.reset_sign_in(actor, row)
    row.set_unusable_password()
    if second_factor:
        row.totp_sealed = row.totp_pending_sealed = row.totp_confirmed_at = None
        row.recovery_codes.all().delete()
    row.save()
    row.sessions.filter(ended_at=None).update(ended_at=now)
    row.links.filter(used_at=None).update(used_at=now)
    keep_link(row, now=now, token_hash=token_hash, life=life)
    forget_actors()
    return {"id": str(row.id)}


def reset_sign_in(
    actor: Actor,
    *,
    now: datetime,
    user: UUID,
    second_factor: bool = False,
    life: timedelta = LINK_LIFE,
) -> str:
    """Take the password away, end sessions and older links, and give a new link; its token.

    Args:
        second_factor: also forget the second factor, when authenticator and recovery codes are
            lost; otherwise it stays.
    """
    token, kept = new_link()
    _reset(actor, now=now, user=user, second_factor=second_factor, token_hash=kept, life=life)
    return token


def _use(token: str, now: datetime) -> User | None:
    """The link's owner; marks it used. None when it is unknown, used, over or switched off."""
    row = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("user__organisation")
        .filter(token_hash=tokens.token_hash(token))
        .first()
    )
    if row is None or row.used_at is not None or row.expires_at <= now or not row.user.is_active:
        return None
    row.used_at = now
    row.save(update_fields=["used_at"])
    return row.user


def sign_in_by_link(token: str, *, now: datetime, browser: Browser) -> Entered:
    """Begin a session by a one-time link. It shows one factor only.

    Raises:
        TooMany: too many failures from this address.
        Unauthenticated: the link is unknown, used or over; which of these is not told.
    """
    subjects = [throttle.address(browser.address)]
    throttle.reserve(subjects, now=now)
    with transaction.atomic():
        user = _use(token, now)
        entered = start_session(user, now=now, method="link", browser=browser) if user else None
    if entered is None:
        audit.write(PUBLIC, "people.sign_in", now=now, outcome="bad_link")
        raise Unauthenticated("This link is not valid or has been used.", code="bad_link")
    throttle.release(subjects)
    return entered
