"""Coming in with a password, and showing the second factor later."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from chengyun.kernel import audit
from chengyun.kernel.actor import PUBLIC, Actor
from chengyun.kernel.problems import Forbidden, Unauthenticated
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide import usernames
from chengyun.people.decide.tokens import Secret
from chengyun.people.models import User
from chengyun.people.verbs import throttle
from chengyun.people.verbs.passwords import proves
from chengyun.people.verbs.sessions import (
    Browser,
    Entered,
    new_token,
    raise_session,
    start_session,
)
from chengyun.people.verbs.totp import takes_code

_SAID = {
    "bad_credentials": "The user name or password is wrong.",
    "totp_required": "Enter the code of your authenticator as well.",
    "bad_totp": "The code is wrong or was used already.",
}


def _check(name: str, password: str, code: str | None, now: datetime) -> User | str:
    """The user who proved to be themselves, or why not."""
    found = (
        User.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(username=name)
        .first()
        # What is no user name, a NUL among it, is nobody's.
        if usernames.well_formed(name)
        else None
    )
    proved = proves(found, password)
    if found is None or not proved or not found.is_active:
        return "bad_credentials"
    if not found.enrolled:
        return found
    if not code:
        return "totp_required"
    return found if takes_code(found, code, now=now) else "bad_totp"


def sign_in(
    *, now: datetime, username: str, password: str, totp: str | None, browser: Browser
) -> Entered:
    """Begin a session with a password and, where enrolled, a one-time or recovery code.

    Unknown names, wrong passwords and closed accounts answer alike and take equally long.

    Raises:
        TooMany: too many failures of this name or address.
        Unauthenticated: "bad_credentials", "totp_required" or "bad_totp".
    """
    name = usernames.fold(username)
    own, subjects = (
        throttle.account(name),
        [throttle.account(name), throttle.address(browser.address)],
    )
    throttle.reserve(subjects, now=now)
    with transaction.atomic():
        checked = _check(name, password, totp, now)
        if isinstance(checked, User):
            entered = start_session(
                checked,
                now=now,
                method="password",
                browser=browser,
                second_factor=checked.enrolled,
            )
            throttle.release(subjects[1:])
            throttle.forgive(own)
            return entered
    if checked == "totp_required":
        throttle.release(subjects)
    audit.write(PUBLIC, "people.sign_in", now=now, outcome=checked)
    raise Unauthenticated(_SAID[checked], code=checked)


@verb("people.verify_second_factor")
def _raise(
    actor: Actor, *, now: datetime, session: UUID, code: Secret, token: Secret
) -> JsonObject:
    user = User.objects.select_for_update().get(pk=policy.person(actor))
    if not takes_code(user, code.reveal(), now=now):
        raise Forbidden(_SAID["bad_totp"], code="bad_totp")
    raise_session(user, session, now=now, token=token)
    return {"id": str(session)}


def verify_second_factor(actor: Actor, *, now: datetime, code: str, session: UUID) -> str:
    """Show the second factor in a session begun without it; the session's new token.

    Raises:
        Forbidden: none is enrolled, or the code is wrong.
        TooMany: it was wrong too often.
    """
    username = User.objects.values_list("username", flat=True).get(pk=policy.person(actor))
    subjects = [throttle.account(username)]
    throttle.reserve(subjects, now=now)
    token = new_token()
    _raise(actor, now=now, session=session, code=Secret(code), token=Secret(token))
    throttle.release(subjects)
    return token
