"""Secrets of devices and feeds: long enough to be unguessable, so that a plain hash is enough."""

import hashlib
import hmac
import re
from datetime import datetime, timedelta

# Lets secret scanners recognise a leaked one.
DEVICE_MARK = "cyd_"
FEED_MARK = "cyf_"
ENTROPY_BYTES = 32
PREFIX_LENGTH = 12
# A signature speaks for so long; within it the same one counts once.
SIGNED_FOR = timedelta(minutes=5)
_SIGNED = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def secret_hash(secret: str) -> bytes:
    """SHA-256 of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def signature(secret: str, at: int, body: bytes) -> str:
    """What a sender puts into `X-Chengyun-Signature`: `t=<epoch seconds>,v1=<hex HMAC-SHA256>` of
    the time, a full stop and the body."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def signed_by(secret: str, header: str, body: bytes, now: datetime) -> bool:
    """Whether a body was signed with the secret, not long ago."""
    match = _SIGNED.fullmatch(header.strip())
    if match is None:
        return False
    at = int(match.group(1))
    if abs(now.timestamp() - at) > SIGNED_FOR.total_seconds():
        return False
    return hmac.compare_digest(signature(secret, at, body), header.strip())
