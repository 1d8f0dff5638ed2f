"""Photos as evidence: only one's own, not yet used uploads may be brought to a case."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from chengyun.cases.decide.commands import Command
from chengyun.kernel.actor import Actor
from chengyun.kernel.models import Upload
from chengyun.kernel.problems import FieldError, Invalid

PHOTOS_MAX = 20


@dataclass(slots=True)
class Uploads:
    """The uploads that are free to be used, locked, by id: whose they are."""

    owners: dict[UUID, UUID | None] = field(default_factory=dict)

    def take(self, actor: Actor, ids: Collection[UUID], name: str = "photos") -> None:
        """Use some; nobody after can.

        Raises:
            Invalid: too many, one twice, unknown, another's, or already evidence elsewhere.
        """
        if not ids:
            return
        if len(set(ids)) < len(ids):
            raise Invalid([FieldError(name, "names a photo twice", "repeated")])
        if len(ids) > PHOTOS_MAX:
            raise Invalid([FieldError(name, f"at most {PHOTOS_MAX} photos", "too_many")])
        missing = [one for one in ids if one not in self.owners or self.owners[one] != actor.id]
        if missing:
            raise Invalid(
                [
                    FieldError(name, f"{one} is no unused upload of yours", "unknown_photo")
                    for one in missing
                ]
            )
        for one in ids:
            del self.owners[one]


def lock_unused(ids: Collection[UUID]) -> Uploads:
    """Lock those of the uploads that nothing cites yet."""
    if not ids:
        return Uploads()
    found = Upload.objects.select_for_update().filter(pk__in=ids, used_at=None).order_by("id")
    return Uploads(dict(found.values_list("pk", "owner_id")))


def look_at(commands: Iterable[Command]) -> Uploads:
    """Lock the uploads that a batch of commands names."""
    named: set[UUID] = set()
    for command in commands:
        for field_name in ("photos", "before", "after"):
            named.update(getattr(command, field_name, ()))
    return lock_unused(named)


def take_photos(actor: Actor, ids: Collection[UUID], field: str = "photos") -> None:
    """Make sure that somebody may use these uploads.

    Raises:
        Invalid: too many, one twice, unknown, another's, or already evidence elsewhere.
    """
    if ids:
        lock_unused(ids).take(actor, ids, field)
