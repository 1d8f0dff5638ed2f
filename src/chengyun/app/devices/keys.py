"""What the broker and our processes must agree on, all drawn from one secret of the node."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ACCOUNT = "DEVICES"
INTAKE_USER = "intake"
SYSTEM_USER = "warden"
# The first byte of a public account key, so that its base32 begins with A (nats-io/nkeys).
_ACCOUNT_PREFIX = 0


def _derived(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), f"broker:{purpose}".encode(), hashlib.sha256).digest()


def _nkey(prefix: int, public: bytes) -> str:
    body = bytes([prefix]) + public
    check = binascii.crc_hqx(body, 0).to_bytes(2, "little")
    return base64.b32encode(body + check).decode().rstrip("=")


@dataclass(frozen=True)
class BrokerKeys:
    """The passwords of our own two users, and the key that signs who may enter."""

    intake: str
    system: str
    issuer: str
    signing: Ed25519PrivateKey

    @classmethod
    def of(cls, secret: str) -> "BrokerKeys":
        """The keys that belong to a node's secret."""
        signing = Ed25519PrivateKey.from_private_bytes(_derived(secret, "issuer"))
        public = signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return cls(
            intake=_derived(secret, INTAKE_USER).hex(),
            system=_derived(secret, SYSTEM_USER).hex(),
            issuer=_nkey(_ACCOUNT_PREFIX, public),
            signing=signing,
        )
