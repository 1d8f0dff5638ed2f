"""Whether a provider's word about a message is its own, and is said now. Pure."""

import hmac
from datetime import datetime
from hashlib import sha256

# Said earlier or later than this, it is somebody's recording, or a clock is wrong.
SLACK_S = 300


def signature(secret: str, second: int, body: bytes) -> str:
    """`sha256=` and the HMAC of "second.body" in hexadecimal; `second` since 1970."""
    return f"sha256={hmac.new(secret.encode(), b'%d.' % second + body, sha256).hexdigest()}"


def is_own(secret: str, said_at: str, signed: str, body: bytes, now: datetime) -> bool:
    """Whether a body was signed with the secret within SLACK_S of now; never without a secret."""
    if not secret or not said_at.isascii() or not said_at.isdecimal() or len(said_at) > 12:
        return False
    second = int(said_at)
    if abs(second - int(now.timestamp())) > SLACK_S:
        return False
    return hmac.compare_digest(signature(secret, second, body).encode(), signed.encode())
