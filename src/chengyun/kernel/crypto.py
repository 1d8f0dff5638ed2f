"""Encryption of the few fields that hold personal data, and blind indexes to find them by.

AES-256-GCM under keys derived from one master key per purpose; a person's record carries its own
wrapped data key, so that erasing the record is destroying that key.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12
_WRAP = "wrap"


class Sealed(Exception):
    """The blob cannot be opened: another key, another purpose, or it was changed."""


@lru_cache(maxsize=32)
def _derived(master: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, b"chengyun", purpose.encode()).derive(master.encode())


def _encrypt(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def _decrypt(key: bytes, blob: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(blob[:_NONCE], blob[_NONCE:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise Sealed("The field cannot be opened with this key.") from error


def seal(plain: str, *, purpose: str) -> bytes:
    """Encrypt a text under the purpose's key."""
    return _encrypt(_derived(settings.MASTER_KEY, purpose), plain.encode(), purpose.encode())


def open_(blob: bytes, *, purpose: str) -> str:
    """Decrypt what `seal` made.

    Raises:
        Sealed: wrong purpose, wrong master key, or a changed blob.
    """
    key = _derived(settings.MASTER_KEY, purpose)
    return _decrypt(key, bytes(blob), purpose.encode()).decode()


def new_wrapped_key() -> bytes:
    """A fresh data key for one record, wrapped by the master key. Destroy it to erase."""
    return _encrypt(_derived(settings.MASTER_KEY, _WRAP), os.urandom(32), b"")


def seal_with(wrapped: bytes, plain: str) -> bytes:
    """Encrypt a text under a record's own key."""
    return seal_bytes_with(wrapped, plain.encode())


def seal_bytes_with(wrapped: bytes, plain: bytes) -> bytes:
    """Encrypt bytes, a photo's for example, under a record's own key."""
    key = _decrypt(_derived(settings.MASTER_KEY, _WRAP), bytes(wrapped), b"")
    return _encrypt(key, plain, b"")


def open_with(wrapped: bytes, blob: bytes) -> str:
    """Decrypt what `seal_with` made.

    Raises:
        Sealed: the key is another, or destroyed.
    """
    return open_bytes_with(wrapped, blob).decode()


def open_bytes_with(wrapped: bytes, blob: bytes) -> bytes:
    """Decrypt what `seal_bytes_with` made.

    Raises:
        Sealed: the key is another, or destroyed.
    """
    key = _decrypt(_derived(settings.MASTER_KEY, _WRAP), bytes(wrapped), b"")
    return _decrypt(key, bytes(blob), b"")


def blind_index(value: str, *, purpose: str) -> bytes:
    """A keyed hash to look a field up by equality without storing it."""
    key = _derived(settings.MASTER_KEY, f"blind:{purpose}")
    return hmac.new(key, value.strip().casefold().encode(), hashlib.sha256).digest()


def commitment(content: bytes, salt: bytes) -> bytes:
    """A keyed hash of something that is destroyed: this installation can later say whether a given
    content is what it was; nobody without the master key can find it by trying."""
    key = _derived(settings.MASTER_KEY, "commitment")
    return hmac.new(key, salt + content, hashlib.sha256).digest()
