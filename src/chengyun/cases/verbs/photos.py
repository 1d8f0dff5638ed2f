"""Photos as evidence: only one's own, not yet used uploads may be brought to a case."""

from collections.abc import Collection
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.models import Upload
from chengyun.kernel.problems import FieldError, Invalid

PHOTOS_MAX = 20


def take_photos(actor: Actor, ids: Collection[UUID], field: str = "photos") -> None:
    """Make sure that somebody may use these uploads.

    Raises:
        Invalid: too many, one twice, unknown, another's, or already evidence elsewhere.
    """
    if not ids:
        return
    if len(set(ids)) < len(ids):
        raise Invalid([FieldError(field, "names a photo twice", "repeated")])
    if len(ids) > PHOTOS_MAX:
        raise Invalid([FieldError(field, f"at most {PHOTOS_MAX} photos", "too_many")])
    own = set(
        Upload.objects.select_for_update()
        .filter(pk__in=ids, owner_id=actor.id, used_at=None)
        .values_list("pk", flat=True)
    )
    missing = [str(one) for one in ids if one not in own]
    if missing:
        raise Invalid(
            [
                FieldError(field, f"{one} is no unused upload of yours", "unknown_photo")
                for one in missing
            ]
        )
