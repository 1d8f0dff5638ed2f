"""Accounts: made without a password, switched on and off."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide import usernames
from chengyun.people.decide.faults import Fault
from chengyun.people.decide.sessions import LINK_LIFE
from chengyun.people.models import Organisation, User
from chengyun.people.models.users import LOCALES
from chengyun.people.reads import forget_actors
from chengyun.people.verbs.links import keep_link, new_link


def _user(actor: Actor, user: UUID) -> User:
    seen = User.objects.visible_to(actor).select_for_update(of=("self",))
    found = seen.select_related("organisation").filter(pk=user).first()
    if found is None:
        raise NotFound
    return found


def _create(
    actor: Actor,
    *,
    now: datetime,
    username: str,
    display_name: str,
    organisation: UUID,
    locale: str,
    simulated: bool = False,
) -> User:
    name = usernames.fold(username)
    shown = display_name.strip()
    faults = []
    if not usernames.well_formed(name):
        faults.append(
            Fault("username", "needs 2 to 64 letters, digits or . _ @ + -", "bad_username")
        )
    if not 1 <= len(shown) <= 64 or not shown.isprintable():
        faults.append(Fault("display_name", "needs 1 to 64 printable characters", "bad_name"))
    if locale not in LOCALES:
        faults.append(Fault("locale", f"is none of {', '.join(LOCALES)}", "unknown_locale"))
    home = Organisation.objects.visible_to(actor).valid_at(now).filter(pk=organisation).first()
    if home is None:
        faults.append(Fault("organisation", "is no organisation in sight", "unknown_organisation"))
    if faults or home is None:
        raise policy.invalid(*faults)
    policy.keep_accounts(actor, home)
    try:
        return User.objects.create(
            username=name,
            display_name=shown,
            organisation=home,
            locale=locale,
            simulated=simulated,
            created_at=now,
        )
    except IntegrityError as error:
        raise Conflict("Somebody already has this user name.", code="username_taken") from error


@verb("people.create_user")
def create_user(
    actor: Actor,
    *,
    now: datetime,
    username: str,
    display_name: str,
    organisation: UUID,
    locale: str = "zh-CN",
    simulated: bool = False,
) -> JsonObject:
    """Make an account nobody can sign in to yet: no password, no link, no post."""
    row = _create(
        actor,
        now=now,
        username=username,
        display_name=display_name,
        organisation=organisation,
        locale=locale,
        simulated=simulated,
    )
    return {"id": str(row.id)}


@verb("people.invite_user")
def _invite(
    actor: Actor,
    *,
    now: datetime,
    username: str,
    display_name: str,
    organisation: UUID,
    locale: str,
    token_hash: bytes,
    life: timedelta,
) -> JsonObject:
    row = _create(
        actor,
        now=now,
        username=username,
        display_name=display_name,
        organisation=organisation,
        locale=locale,
    )
    keep_link(row, now=now, token_hash=token_hash, life=life)
    return {"id": str(row.id)}


def invite_user(
    actor: Actor,
    *,
    now: datetime,
    username: str,
    display_name: str,
    organisation: UUID,
    locale: str = "zh-CN",
    life: timedelta = LINK_LIFE,
) -> tuple[UUID, str]:
    """Make an account and a link that signs its owner in once, to set a password.

    Returns:
        The user's id and the link's token; the token is nowhere else.
    """
    token, kept = new_link()
    receipt = _invite(
        actor,
        now=now,
        token_hash=kept,
        life=life,
        username=username,
        display_name=display_name,
        organisation=organisation,
        locale=locale,
    )
    return UUID(receipt["id"]), token


@verb("people.set_active")
def set_active(actor: Actor, *, now: datetime, user: UUID, active: bool) -> JsonObject:
    """Switch an account on or off; off ends its sessions and links at once."""
    row = _user(actor, user)
    policy.keep_accounts(actor, row.organisation)
    if actor.id == row.id:
        raise Conflict("Nobody switches off their own account.", code="own_account")
    row.is_active = active
    row.save(update_fields=["is_active"])
    if not active:
        row.sessions.filter(ended_at=None).update(ended_at=now)
        row.links.filter(used_at=None).update(used_at=now)
    forget_actors()
    return {"id": str(row.id), "active": active}


@verb("people.set_locale")
def set_locale(
    actor: Actor,
    *,
    now: datetime,
    locale: str,
) -> JsonObject:
    """Choose the language of one's own screens."""
    own_id = policy.person(actor)
    if locale not in LOCALES:
        raise policy.invalid(Fault("locale", f"is none of {', '.join(LOCALES)}", "unknown_locale"))
    User.objects.filter(pk=own_id).update(locale=locale)
    return {"id": str(own_id), "locale": locale}
