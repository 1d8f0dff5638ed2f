"""What further reporters add, and what moderators take out of sight."""

from dataclasses import dataclass
from typing import Literal

from chengyun.cases.decide.state import Photo
from chengyun.cases.events.stamped import CaseEvent
from chengyun.kernel.text import Text

ModerationAct = Literal["hide", "show", "correct", "approve", "redact", "erase", "open"]
ModeratedPart = Literal["case", "text", "photo", "address", "attributes", "words"]


@dataclass(frozen=True, slots=True)
class ReportJoined(CaseEvent):
    """Somebody else reports the same; the case has one more report."""

    source: str
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class ContentModerated(CaseEvent):
    """A part of what was told was hidden, shown again, corrected, redacted or destroyed."""

    act: ModerationAct
    what: ModeratedPart
    why: Text | None = None
