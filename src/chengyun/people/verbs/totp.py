"""The second factor: enrolled with a first code, backed by recovery codes."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pyotp

from chengyun.kernel import crypto
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people import policy
from chengyun.people.decide import totp
from chengyun.people.decide.faults import Fault
from chengyun.people.decide.tokens import Secret
from chengyun.people.models import RecoveryCode, User
from chengyun.people.models.users import sealed_totp
from chengyun.people.verbs.sessions import new_token, raise_session

ISSUER = "Chengyun"
RECOVERY_CODES = 10
_PURPOSE = "people.recovery"


def _recovery_hash(user: User, code: str) -> bytes:
    plain = code.replace("-", "").replace(" ", "").casefold()
    return crypto.blind_index(f"{user.id}:{plain}", purpose=_PURPOSE)


def _new_recovery_code() -> str:
    """80 random bits as four groups of four."""
    plain = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(plain[at : at + 4] for at in range(0, 16, 4))


def takes_code(user: User, code: str, *, now: datetime) -> bool:
    """Whether a one-time or recovery code is right; spends it. The user's row must be locked."""
    secret = user.totp_secret
    if secret is None or not user.enrolled:
        return False
    if len(code) == 6:
        step = totp.matched_step(secret, code, now, user.totp_last_step)
        if step is None:
            return False
        user.totp_last_step = step
        user.save(update_fields=["totp_last_step"])
        return True
    spent = user.recovery_codes.filter(code_hash=_recovery_hash(user, code), used_at=None)
    return spent.update(used_at=now) == 1


@verb("people.begin_totp")
def _begin(
    actor: Actor,
    *,
    now: datetime,
    secret: Secret,
) -> JsonObject:
    user = User.objects.select_for_update().get(pk=policy.person(actor))
    if user.enrolled:
        # Otherwise whoever finds an open screen could swap the second factor for their own.
        policy.require_second_factor(actor)
    user.totp_pending_sealed = sealed_totp(secret.reveal())
    user.save(update_fields=["totp_pending_sealed"])
    return {"id": str(user.id)}


def begin_totp(actor: Actor, *, now: datetime) -> tuple[str, str]:
    """Make a new shared secret, not in force until confirmed.

    Returns:
        The secret (base32) and the otpauth address for a QR code.
    """
    own_id = policy.person(actor)
    secret = pyotp.random_base32()
    _begin(actor, now=now, secret=Secret(secret))
    username = User.objects.values_list("username", flat=True).get(pk=own_id)
    return secret, totp.provisioning_uri(secret, username, ISSUER)


@verb("people.confirm_totp")
def _confirm(
    actor: Actor,
    *,
    now: datetime,
    code: Secret,
    recovery: Sequence[Secret],
    session: UUID,
    token: Secret,
) -> JsonObject:
    user = User.objects.select_for_update().get(pk=policy.person(actor))
    secret = user.totp_pending
    if secret is None:
        raise Conflict("Begin enrolling first.", code="not_begun")
    step = totp.matched_step(secret, code.reveal(), now, None)
    if step is None:
        raise policy.invalid(Fault("code", "is not the present code", "bad_totp"))
    user.totp_sealed, user.totp_pending_sealed = user.totp_pending_sealed, None
    user.totp_last_step, user.totp_confirmed_at = step, now
    user.save(
        update_fields=["totp_sealed", "totp_pending_sealed", "totp_last_step", "totp_confirmed_at"]
    )
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(user=user, code_hash=_recovery_hash(user, one.reveal())) for one in recovery]
    )
    raise_session(user, session, now=now, token=token)
    return {"id": str(user.id)}


def confirm_totp(actor: Actor, *, now: datetime, code: str, session: UUID) -> tuple[list[str], str]:
    """Put the second factor in force with a first code; the session then shows it.

    Returns:
        The recovery codes, shown once, and the session's new token.
    """
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    token = new_token()
    _confirm(
        actor,
        now=now,
        code=Secret(code),
        recovery=[Secret(one) for one in codes],
        session=session,
        token=Secret(token),
    )
    return codes, token
