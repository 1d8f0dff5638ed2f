"""Web push (RFC 8030, 8291, 8292): encrypted for the browser, signed with the node's own key.

An endpoint is a URL that somebody's browser names, so it could name anything: only known push
services over HTTPS at public addresses are called, or origins the house names itself
(CHENGYUN_PUSH_SERVICES), and redirects are not followed.
"""

import ipaddress
import socket
import time
from functools import lru_cache
from urllib.parse import urlsplit

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from http_ece import ECEException
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode
from pywebpush import WebPusher, WebPushException

from chengyun.notices.channels import channels
from chengyun.notices.decide.outgoing import Answer, Outgoing, Subscription

TIMEOUT_S = 10.0
TTL_MAX = 24 * 3600
SIGNED_S = 12 * 3600
# The services of the browsers there are: Chrome and Edge, Firefox, Safari, Windows.
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
_ORDER = int("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16)


@lru_cache(maxsize=4)
def _key(secret: str) -> ec.EllipticCurvePrivateKey:
    made = HKDF(SHA256(), 48, b"chengyun", b"vapid").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(made) % (_ORDER - 1) + 1, ec.SECP256R1())


def public_key() -> str:
    """What a browser subscribes with: the node's public key, base64url, uncompressed point."""
    point = _key(settings.VAPID_SECRET).public_key()
    return str(b64urlencode(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)))


def endpoint_fault(endpoint: str) -> str | None:
    """Why an endpoint is not called, None where it may be; asks no name server."""
    try:
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        port = parts.port
    except ValueError:
        return "is no address"
    if origin in settings.PUSH_SERVICES:
        return None
    if parts.scheme != "https" or parts.username or port not in (None, 443):
        return "must be an https address"
    host = (parts.hostname or "").rstrip(".").lower()
    if not any(host == one or host.endswith(f".{one}") for one in SERVICES):
        return "is no push service this house knows"
    return None


def _public_address(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    if f"{parts.scheme}://{parts.netloc}" in settings.PUSH_SERVICES:
        return True
    found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(one[4][0]).is_global for one in found)


class WebPush:
    """Tries every browser of a person; one that took it is enough."""

    outside = True

    def send(self, out: Outgoing) -> Answer:
        """Push to each browser."""
        if not out.subscriptions:
            return Answer("failed", error="no browser")
        title, body = out.words()
        said = {"id": str(out.notice_id), "title": title, "body": body, "link": out.link}
        payload = orjson.dumps({**said, "level": out.level, "tag": str(out.notice_id)})
        answers = {one.id: _push(one, out, payload) for one in out.subscriptions}
        gone = tuple(ident for ident, answer in answers.items() if answer.gone)
        best = min(answers.values(), key=lambda a: ("sent", "later", "failed").index(a.state))
        return Answer(best.state, best.receipt, best.error, gone=gone)


def _push(to: Subscription, out: Outgoing, payload: bytes) -> Answer:
    if endpoint_fault(to.endpoint):
        return Answer("failed", error="endpoint refused", gone=(to.id,))
    try:
        if not _public_address(to.endpoint):
            return Answer("failed", error="private address", gone=(to.id,))
        answer = httpx.post(
            to.endpoint,
            content=_encrypted(to, payload),
            headers=_headers(to, out),
            timeout=TIMEOUT_S,
            follow_redirects=False,
        )
    except (OSError, httpx.HTTPError) as fault:
        return Answer("later", error=type(fault).__name__)
    except (ValueError, ECEException, WebPushException):
        return Answer("failed", error="its keys are none", gone=(to.id,))
    if answer.status_code in {404, 410}:
        return Answer("failed", error=f"HTTP {answer.status_code}", gone=(to.id,))
    if answer.status_code >= 500 or answer.status_code in {408, 429}:
        return Answer("later", error=f"HTTP {answer.status_code}")
    if not answer.is_success:
        return Answer("failed", error=f"HTTP {answer.status_code}")
    return Answer("sent", receipt=out.key)


def _encrypted(to: Subscription, payload: bytes) -> bytes:
    keys = {"p256dh": to.p256dh, "auth": to.auth}
    made = WebPusher({"endpoint": to.endpoint, "keys": keys}).encode(payload, "aes128gcm")
    return bytes(made["body"])


def _headers(to: Subscription, out: Outgoing) -> dict[str, str]:
    parts = urlsplit(to.endpoint)
    vapid = Vapid02()
    vapid.private_key = _key(settings.VAPID_SECRET)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "sub": settings.VAPID_CONTACT,
        "exp": int(time.time()) + SIGNED_S,
    }
    grave = out.level is not None and out.level <= 2
    return {
        **vapid.sign(claims),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(max(0, min(TTL_MAX, out.seconds_left))),
        "urgency": "high" if grave else "normal",
        # A repeat takes the place of a push that is still waiting: 32 characters at most.
        "topic": out.notice_id.hex,
    }


channels.register("web_push", WebPush())
