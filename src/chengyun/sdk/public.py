"""`moderation.yaml`, `stoppers.yaml`: what the public door hides, why, and whom it sends away."""

from typing import Annotated

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug


class Reason(Declared):
    """Why something is hidden or removed; the resident reads it."""

    id: Slug
    text: Name


class Mask(Declared):
    """What is covered in a text that others may read, and what it is called."""

    id: Slug
    pattern: Annotated[str, Field(min_length=2, max_length=300)]
    text: Name


class ModerationFile(Provenance):
    """`moderation.yaml`. A tracking code answers for `track_days` after the case was closed."""

    reasons: tuple[Reason, ...] = Field(min_length=1)
    masks: tuple[Mask, ...] = ()
    track_days: int = Field(ge=30, le=3660)
    # How long the original of a covered photo is kept, sealed, before it is destroyed.
    original_days: int = Field(default=90, ge=1, le=3660)


class Stopper(Declared):
    """A warning before the form is filled: call these numbers instead.

    `kinds` are the beginnings of kind ids it is shown for; none: it is always shown.
    """

    id: Slug
    numbers: tuple[Annotated[str, Field(pattern=r"^[0-9]{3,12}$")], ...] = ()
    text: Name
    kinds: tuple[str, ...] = ()


class StoppersFile(Provenance):
    """`stoppers.yaml`."""

    stoppers: tuple[Stopper, ...]
