"""Entities on addresses (一标多实), purely: their kinds and what is wrong with one."""

import re
from collections.abc import Mapping

from chengyun.kernel.text import Json
from chengyun.places.decide.crediting import is_credit_code

KINDS = ("house", "unit", "facility", "device", "video", "population")
_MOST = 10_000_000
_LONGEST = 200
_MOST_ATTRIBUTES = 40
# 18 digits with a date of birth in the middle, or a mobile number: no register of things has them.
_PERSON = re.compile(
    r"(?<!\d)(?:\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]|1[3-9]\d{9})(?!\d)"
)
# Attributes that would describe a person.
_PRIVATE = ("身份证", "手机", "姓名", "户主", "id_card", "id_number", "phone", "mobile", "resident")


def faults(given: Mapping[str, Json]) -> list[tuple[str, str, str]]:
    """(field, code, reason) of what is wrong with an entity; people are refused here."""
    kind, name, code = given.get("kind"), str(given.get("name") or ""), str(given.get("code") or "")
    found: list[tuple[str, str, str]] = []
    if kind not in KINDS:
        return [("kind", "unknown_kind", f"is none of {', '.join(KINDS)}")]
    if kind != "population" and not name:
        found.append(("name", "required", "must not be empty"))
    for field, said in (("name", name), ("code", code)):
        if len(said) > _LONGEST or not said.isprintable():
            found.append((field, "bad_text", f"at most {_LONGEST} printable characters"))
    if kind == "unit" and not is_credit_code(code):
        reason = "is no unified social credit code (GB 32100): wrong signs or check sign"
        found.append(("code", "bad_credit_code", reason))
    count = given.get("count")
    whole = isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= _MOST
    if (kind == "population" and not whole) or (count is not None and not whole):
        found.append(("count", "bad_count", f"must be a whole number up to {_MOST:,}"))
    return found + _attributes(kind, name, given.get("attributes") or {})


def _attributes(kind: str, name: str, attributes: Json) -> list[tuple[str, str, str]]:
    if not isinstance(attributes, Mapping) or len(attributes) > _MOST_ATTRIBUTES:
        return [("attributes", "bad_attributes", f"must be at most {_MOST_ATTRIBUTES} values")]
    found = []
    for key, value in attributes.items():
        if not isinstance(value, str | int | float | bool | None):
            found.append((f"attributes.{key}", "bad_value", "must be text, a number or yes/no"))
        said = str(value)
        if any(word in key.lower() for word in _PRIVATE) or _PERSON.search(said):
            found.append((f"attributes.{key}", "personal", "people are not kept here"))
    if _PERSON.search(name):
        found.append(("name", "personal", "people are not kept here"))
    return found
