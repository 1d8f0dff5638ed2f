"""Tokens: long enough to be unguessable, so that a plain hash is enough to keep."""

import hashlib

ENTROPY_BYTES = 32
KEY_MARK = "cyk_"  # lets secret scanners recognise a leaked key
PREFIX_LENGTH = 12


def token_hash(token: str) -> bytes:
    """SHA-256 of a token of at least 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Secret:
    """A password or code on its way in: never shown by logs, receipts or error pages."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value, for the one place that checks it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"
