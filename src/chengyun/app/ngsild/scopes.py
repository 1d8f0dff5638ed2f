"""Scope queries: CIM 009 §4.19."""

import re
from collections.abc import Callable

from chengyun.app.ngsild.faults import BadData

LONGEST = 10_000


def read_scopes(said: str) -> Callable[[list[str]], bool]:
    """A scope query: `/Madrid/#;/CompanyA`, also with `,` and `|` for or."""
    if len(said) > LONGEST or not re.fullmatch(r"[\w/#+;,|()-]+", said):
        raise BadData("scopeQ: is a path like /Shanghai/# , joined by ; and |.")
    ways = [
        [_scope(one) for one in way.split(";")]
        for way in re.split(r"[|,]", said.replace("(", "").replace(")", ""))
    ]
    return lambda held: any(
        all(any(one.fullmatch(scope) for scope in held) for one in way) for way in ways
    )


def _scope(said: str) -> re.Pattern[str]:
    inner = re.escape(said if said.startswith("/") else f"/{said}")
    pattern = inner.replace(r"/\#", "(/.*)?").replace(r"\+", "[^/]+")
    return re.compile(pattern)
