"""What tells two played histories apart, whatever ids their databases drew."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from chengyun.cases.models import Case
from chengyun.kernel.models import Event
from chengyun.kernel.text import Json
from chengyun.people.models import Organisation, User

_UUID_LENGTH = 36
_SOMETHING = "*"


class Fingerprint:
    """A hash over cases in the order in which they began: number, channel, kind, place, words,
    state, units, and every event with its instant, who acted and all it says.

    Ids are drawn at random; cases stand here by number, units by code, people by name at sign-in,
    anything else that has an id as a star.
    """

    def __init__(self, began: Sequence[UUID]) -> None:
        self._hash = hashlib.sha256()
        self._names: dict[UUID, str] = dict(
            Case.objects.filter(pk__in=list(began)).values_list("pk", "no")
        )
        self._names.update(Organisation.objects.values_list("pk", "code"))
        self._names.update(User.objects.values_list("pk", "username"))

    def add(self, case: Mapping[str, Any], told: Sequence[Event]) -> None:
        """The next case, with its history."""
        said = [
            (
                one.name,
                one.subject_version,
                one.occurred_at,
                one.actor_kind,
                self._named(one.actor_id),
                [self._named(unit) for unit in one.unit_ids],
                self._without_ids(one.data),
            )
            for one in told
        ]
        row = {
            name: self._named(value) if isinstance(value, UUID) else value
            for name, value in case.items()
        }
        self._hash.update(orjson.dumps([row, said], option=orjson.OPT_SORT_KEYS))

    def hex(self) -> str:
        """The hash so far."""
        return self._hash.hexdigest()

    def _named(self, ident: UUID | None) -> str:
        return "" if ident is None else self._names.get(ident, _SOMETHING)

    def _without_ids(self, said: Json) -> Json:
        if isinstance(said, dict):
            return {name: self._without_ids(part) for name, part in said.items()}
        if isinstance(said, list):
            return [self._without_ids(part) for part in said]
        if isinstance(said, str) and len(said) == _UUID_LENGTH and said.count("-") == 4:
            return self._named(UUID(said))
        return said
