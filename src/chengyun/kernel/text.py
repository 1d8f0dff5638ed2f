"""Text that people read, in every language the product speaks, and JSON as a type."""

from collections.abc import Mapping
from typing import Any

# Pydantic reads TypedDicts of this module alone before Python 3.12.
from typing_extensions import TypedDict

# Recursive aliases defeat Pydantic's and Django's stubs alike, so JSON stays a named Any.
Json = Any
JsonObject = dict[str, Any]


class Text(TypedDict):
    """One sentence or name in both languages."""

    zh: str
    en: str


def text(zh: str, en: str) -> Text:
    """Build a Text."""
    return {"zh": zh, "en": en}


def as_text(value: Mapping[str, str] | str) -> Text:
    """Read a Text from pack data; a plain string stands for both languages."""
    if isinstance(value, str):
        return {"zh": value, "en": value}
    zh, en = value.get("zh"), value.get("en")
    return {"zh": zh or en or "", "en": en or zh or ""}
