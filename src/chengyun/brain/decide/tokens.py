"""An address as tokens: a run of digits, a run of Latin letters, or one other character."""

import re
import unicodedata

_TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|\S")
LONGEST = 400
"""Characters read of one text; an address is shorter, a complaint is cut to windows before."""


def tokens(text: str) -> list[str]:
    """The tokens of a text, full width made half; white space only separates."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text[:LONGEST]))
