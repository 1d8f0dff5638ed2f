"""Plain values of a body, each refused with its reason."""

import re
from datetime import datetime
from typing import Any

import orjson

from chengyun.app.ngsild.faults import BadData, wrong
from chengyun.app.ngsild.terms import Terms
from chengyun.kernel.problems import TooLarge
from chengyun.sensing.decide.context import told

LARGEST = 10_000_000


_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]{1,2000}")


_SCOPE = re.compile(r"/?[\w-]+(/[\w-]+)*")


_NUL = re.compile(rb"\\u0000")


def body_of(raw: bytes) -> Any:
    """JSON of a body. Raises BadData, TooLarge."""
    if len(raw) > LARGEST:
        raise TooLarge(f"A body has at most {LARGEST // 1_000_000} MB.")
    try:
        if _NUL.search(raw):
            raise BadData("A text holds no NUL.")
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadData(f"That is no JSON: {error}", code="InvalidRequest") from error


def uri(said: Any, field: str) -> str:
    """An address. Raises BadData."""
    if not isinstance(said, str) or not _URI.fullmatch(said):
        raise wrong(field, "is a URI")
    return said


def instant(said: Any, field: str) -> str:
    """A time as it is kept: UTC with microseconds where there are any. Raises BadData."""
    try:
        if not isinstance(said, str) or len(said) > 40 or "T" not in said:
            raise ValueError
        found = datetime.fromisoformat(said)
        if found.tzinfo is None or not 1900 <= found.year <= 9000:
            raise ValueError
        return told(found)
    except (ValueError, OverflowError) as error:
        raise wrong(field, "is a time like 2026-03-02T10:00:00Z") from error


def types_of(said: Any, terms: Terms, field: str = "type") -> list[str]:
    """Full names of one or several types. Raises BadData."""
    given = said if isinstance(said, list) else [said]
    if not given or len(given) > 100 or not all(isinstance(one, str) and one for one in given):
        raise wrong(field, "is a name or a list of names")
    return list(dict.fromkeys(terms.expand(one) for one in given))


def scopes_of(said: Any) -> list[str]:
    """Scopes of an entity. Raises BadData."""
    given = said if isinstance(said, list) else [said]
    if len(given) > 100 or not all(isinstance(o, str) and _SCOPE.fullmatch(o) for o in given):
        raise wrong("scope", "is a path like /Shanghai/Huangpu, or a list of them")
    return [one if one.startswith("/") else f"/{one}" for one in given]
