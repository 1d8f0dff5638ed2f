"""Time-based one-time codes (RFC 6238: SHA-1, 6 digits, 30 s), each good once."""

import hmac
from datetime import datetime

import pyotp

STEP_S = 30
# One step either way, for clocks that disagree.
_DRIFT = 1


def step_of(now: datetime) -> int:
    """The number of the 30 s step an instant lies in."""
    return int(now.timestamp()) // STEP_S


def code_at(secret: str, step: int) -> str:
    """The code of a step."""
    return pyotp.TOTP(secret, interval=STEP_S).at(step * STEP_S)


def matched_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """The step a code belongs to; None when it is wrong or not later than the last one used.

    A code that was used, or one older than it, is never taken again (RFC 6238 §5.2).
    """
    at = step_of(now)
    found = None
    for step in range(at - _DRIFT, at + _DRIFT + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if same and (last_step is None or step > last_step):
            found = step
    return found


def provisioning_uri(secret: str, username: str, issuer: str) -> str:
    """The otpauth address an authenticator application reads from a QR code."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=username, issuer_name=issuer)
