"""Whether a password may be used. Length and rarity count; character classes do not."""

import unicodedata
from collections.abc import Callable, Iterable

from chengyun.people.decide.faults import Fault

LENGTH_MIN = 12
LENGTH_MAX = 128
_DISTINCT_MIN = 5
_LEET = str.maketrans("013457@$!", "oleastasi")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")
_RUN = 6


def normalise(password: str) -> str:
    """The one form that is hashed (NFKC), so that the same keys give the same password."""
    return unicodedata.normalize("NFKC", password)


def _stems(password: str) -> set[str]:
    """The password without decoration: case, digits around it, and letters written as digits."""
    lower = password.casefold()
    bare = lower.strip("0123456789!@#$%^&*()_+-=.,?~ ")
    return {lower, bare, lower.translate(_LEET), bare.translate(_LEET)}


def _runs(lower: str) -> bool:
    """Whether half of it or more is a walk along the alphabet, the digits or the keyboard."""
    covered = [False] * len(lower)
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for start in range(len(lower) - _RUN + 1):
            if lower[start : start + _RUN] in row:
                covered[start : start + _RUN] = [True] * _RUN
    return sum(covered) * 2 >= len(lower)


def _repeats(lower: str) -> bool:
    """Whether it is one short piece over and over."""
    return any(
        lower == (lower[:size] * (len(lower) // size + 1))[: len(lower)]
        for size in range(1, len(lower) // 2 + 1)
    )


def password_faults(
    password: str, *, about: Iterable[str], is_common: Callable[[str], bool]
) -> list[Fault]:
    """Why a password is refused; empty when it may be used.

    Args:
        password: as typed.
        about: words an attacker would try first: user name, display name, product.
        is_common: whether a lower-case word stands in a list of common passwords.
    """
    said = normalise(password)
    if len(said) < LENGTH_MIN:
        return [Fault("password", f"needs at least {LENGTH_MIN} characters", "too_short")]
    if len(said) > LENGTH_MAX:
        return [Fault("password", f"has more than {LENGTH_MAX} characters", "too_long")]
    lower = said.casefold()
    stems = _stems(said)
    if any(is_common(stem) for stem in stems):
        return [Fault("password", "is on the list of common passwords", "common")]
    if len(set(lower)) < _DISTINCT_MIN or _repeats(lower) or _runs(lower):
        return [Fault("password", "repeats or follows an obvious pattern", "pattern")]
    for word in about:
        plain = word.casefold()
        if len(plain) >= 4 and any(plain in stem for stem in stems) and len(lower) - len(plain) < 8:
            return [Fault("password", "is built from your own names", "personal")]
    return []
