"""User names: one spelling for one person."""

import re
import unicodedata

LENGTH_MAX = 64
_FORM = re.compile(r"^[\w][\w.@+-]{1,63}$")


def fold(username: str) -> str:
    """The stored spelling: NFKC, case-folded, no blanks around."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def well_formed(username: str) -> bool:
    """Whether a folded name has 2 to 64 letters, digits or . _ @ + - and no mark in front."""
    return bool(_FORM.match(username))
