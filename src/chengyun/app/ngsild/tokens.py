"""The words of a condition."""

import re
from functools import lru_cache

from chengyun.app.ngsild.faults import BadData

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<op>==|!=|>=|<=|!~=|~=|>|<)|(?P<sign>[;|()!,])|'
    r"(?P<range>\.\.)|(?P<word>(?:(?!\.\.)[^\s;|()!,<>=~\"])+))"
)


@lru_cache(maxsize=512)
def tokens_of(said: str) -> tuple[tuple[str, str], ...]:
    found, at = [], 0
    while at < len(said):
        token = _TOKEN.match(said, at)
        if token is None or token.end() == at:
            if not said[at:].strip():
                break
            raise BadData(f"q: cannot be read from {said[at : at + 30]!r} on.")
        found.append((str(token.lastgroup), token[str(token.lastgroup)]))
        at = token.end()
    return tuple(found)
