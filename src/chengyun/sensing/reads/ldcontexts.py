"""JSON-LD contexts that are hosted here or kept."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chengyun.kernel.text import JsonObject
from chengyun.sensing.reads.context import fetch_rows, read_json


def hosted(name: str) -> JsonObject | None:
    """A hosted or kept @context by its id, or a kept one by its address."""
    try:
        rows = fetch_rows(f"{_CONTEXT} WHERE id = %s", [UUID(name)])
    except ValueError:
        rows = fetch_rows(f"{_CONTEXT} WHERE address = %s AND address <> ''", [name])
    return _ldcontext(rows[0]) if rows else None


def cached(address: str) -> JsonObject | None:
    """The kept copy of a remote @context."""
    return hosted(address) if ":" in address else None


def ldcontexts(kind: str = "") -> list[JsonObject]:
    """Hosted and kept @contexts."""
    rows = fetch_rows(f"{_CONTEXT} WHERE %s IN ('', kind) ORDER BY created_at", [kind])
    return [_ldcontext(row) for row in rows]


_CONTEXT = "SELECT id, address, kind, body, created_at FROM sensing_ldcontext"


def _ldcontext(row: Sequence[Any]) -> JsonObject:
    id_, address, kind, body, created = row
    said = {"id": id_, "address": address, "kind": kind, "created_at": created}
    return {**said, "body": read_json(body)}
