"""Which changes a subscription is told of (CIM 009 §5.8), without what its query asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TRIGGERS = (
    *("entityCreated", "entityUpdated", "entityDeleted"),
    *("attributeCreated", "attributeUpdated", "attributeDeleted"),
)
USUAL = ("attributeCreated", "attributeUpdated")
_TRIGGERED = {
    "created": {"entityCreated", "attributeCreated"},
    "updated": {"entityUpdated", "attributeCreated", "attributeUpdated", "attributeDeleted"},
    "deleted": {"entityDeleted", "attributeDeleted"},
}


@dataclass(frozen=True, slots=True)
class Told:
    """A change of one entity: full names; `kind` is created, updated or deleted."""

    uri: str
    types: frozenset[str]
    attrs: frozenset[str]
    kind: str


def concerns(content: Mapping[str, Any], one: Told) -> bool:
    """Whether a change may concern a subscription, by what was kept of it with full names."""
    triggers = content.get("triggers") or USUAL
    if not _TRIGGERED[one.kind] & set(triggers):
        return False
    watched = content.get("watched") or ()
    return not watched or bool(one.attrs & set(watched))
