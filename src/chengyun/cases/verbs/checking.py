"""What an arriving report may hold: texts and attributes that can be kept, ids not taken yet."""

from collections.abc import Collection, Sequence
from math import isfinite
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from chengyun.cases.verbs.contact import Contact
from chengyun.kernel.problems import FieldError, Invalid

ATTRIBUTES_BYTES = 32_768
ATTRIBUTES_DEPTH = 8
CONTACT_MAX = 200
_WHOLE = 2**63


def plain(value: str) -> bool:
    """Whether a database text and JSON can hold it: no NUL, no half of a surrogate pair."""
    if value.isascii():
        return "\x00" not in value
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in value


def attributes_fault(attributes: dict[str, Any]) -> FieldError | None:
    """Why attributes cannot be kept as they are, or None."""
    if not attributes:
        return None
    path = unstorable_path(attributes, "attributes")
    if path is not None:
        reason = (
            "holds a NUL character, half a surrogate pair, a number that JSON has no word for,"
            f" or more than {ATTRIBUTES_DEPTH} levels"
        )
        return FieldError(path, reason, "unstorable")
    if len(orjson.dumps(attributes)) > ATTRIBUTES_BYTES:
        return FieldError("attributes", f"at most {ATTRIBUTES_BYTES:,} bytes", "too_long")
    return None


def unstorable_path(value: Any, path: str, depth: int = 0) -> str | None:
    """The path of the first value in a JSON value that cannot be stored, or None."""
    if isinstance(value, str):
        return None if plain(value) else path
    if value is None or isinstance(value, bool | UUID):
        return None
    if isinstance(value, int):
        return None if -_WHOLE <= value < _WHOLE else path
    if isinstance(value, float):
        return None if isfinite(value) else path
    if depth == ATTRIBUTES_DEPTH or not isinstance(value, dict | list):
        return path
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for name, part in parts:
        if isinstance(name, str) and not plain(name):
            return path
        found = unstorable_path(part, f"{path}.{name}", depth + 1)
        if found is not None:
            return found
    return None


def contact_faults(contact: Contact | None) -> list[FieldError]:
    """What is wrong with how a reporter says they can be reached."""
    if contact is None:
        return []
    said = {"name": contact.name, "phone": contact.phone, "email": contact.email}
    return [
        FieldError(f"contact.{name}", f"at most {CONTACT_MAX} plain characters", "bad_text")
        for name, value in said.items()
        if len(value) > CONTACT_MAX or not plain(value)
    ]


def taken(ids: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs of external source and id that a case in sight has already."""
    wanted: Sequence[tuple[str, str]] = list(ids)
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_source, external_id FROM cases_case"
            " JOIN unnest(%s::text[], %s::text[]) AS asked(source, id)"
            " ON external_source = asked.source AND external_id = asked.id",
            [[source for source, _ in wanted], [ident for _, ident in wanted]],
        )
        return set(cursor.fetchall())


def named(field: str, said: str) -> str:
    """A compulsory line in plain characters.

    Raises:
        Invalid: empty, or with characters that cannot be stored.
    """
    if not said.strip() or not plain(said):
        raise Invalid([FieldError(field, "is compulsory, in plain characters", "required")])
    return said.strip()
