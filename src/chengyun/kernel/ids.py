"""Identifiers: UUIDv7 for rows (sorted by time), short codes for people to type."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

# No 0/O, 1/I/L: a code is read out over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
_CODES = len(_ALPHABET) ** CODE_LENGTH


def new_id() -> UUID:
    """A new UUIDv7 (RFC 9562)."""
    return uuid7()


def new_code() -> str:
    """An unguessable tracking code: 12 symbols of 31, about 59 bits."""
    left = secrets.randbelow(_CODES)
    symbols = []
    for _ in range(CODE_LENGTH):
        left, symbol = divmod(left, len(_ALPHABET))
        symbols.append(_ALPHABET[symbol])
    return "".join(symbols)
