"""What the public door goes by: reasons, masks, periods and warnings, as the packs declare them."""

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from chengyun.cases.decide.masking import Mask
from chengyun.cases.models import RuleDocument
from chengyun.kernel.text import JsonObject, Text

_LOOK_EVERY = 5.0
# A node without packs still answers links for two years.
_TRACK_DAYS = 730
_ORIGINAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class PublicRules:
    """Reasons by id, masks in order, how long links answer and covered photos
    are kept, and warnings for the form."""

    reasons: dict[str, Text]
    masks: tuple[Mask, ...]
    track_for: timedelta
    original_for: timedelta
    stoppers: tuple[JsonObject, ...]


_kept: tuple[PublicRules, float] | None = None


def public_rules() -> PublicRules:
    """The rules now; other processes' changes show in five seconds."""
    global _kept
    kept = _kept
    if kept is None or monotonic() - kept[1] > _LOOK_EVERY:
        kept = _kept = (_read(), monotonic())
    return kept[0]


def forget_public_rules() -> None:
    """Read them again at the next use."""
    global _kept
    _kept = None


def _read() -> PublicRules:
    rows = RuleDocument.objects.filter(current=True, what__in=("moderation", "stoppers"))
    found: dict[str, Any] = dict(rows.values_list("what", "content"))
    moderation = found.get("moderation", {})
    return PublicRules(
        reasons={one["id"]: one["text"] for one in moderation.get("reasons", ())},
        masks=tuple(
            Mask(one["id"], one["pattern"], one["text"]) for one in moderation.get("masks", ())
        ),
        track_for=timedelta(days=moderation.get("track_days", _TRACK_DAYS)),
        original_for=timedelta(days=moderation.get("original_days", _ORIGINAL_DAYS)),
        stoppers=tuple(found.get("stoppers", {}).get("stoppers", ())),
    )
