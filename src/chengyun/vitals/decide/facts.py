"""What one case adds to the evaluation, as values."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mark:
    """A counter set by a case.

    A lasting mark holds from `at` until before `until` (None: still) and counts in a period whose
    end lies in between; any other counts where `at` falls. `manual` is False for what the system
    did by itself: it counts for areas and units, never for a post.
    """

    counter: str
    at: datetime
    unit: UUID | None = None
    manual: bool = True
    lasting: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LateAsk:
    """Something asked under a deadline: what, when, the share of the limit left, and by which
    unit."""

    what: str
    at: datetime
    left: float
    unit: UUID | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """What gaming would show in, of one case.

    `quickest_s` is the shortest time from a dispatch to its feedback; `words` is what was written
    at feedback or closing; `photos` are the uploads brought as proof of the work.
    """

    kind_id: str | None = None
    unit: UUID | None = None
    closed_at: datetime | None = None
    forced: bool = False
    fed_back_at: datetime | None = None
    quickest_s: int | None = None
    after_photos: int = 0
    words: str = ""
    extensions: int = 0
    late_asks: tuple[LateAsk, ...] = ()
    photos: tuple[UUID, ...] = ()
    split: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """All of it; marks in the order of the events that set them."""

    case_id: UUID
    city_no: int
    area_no: int
    simulated: bool
    marks: tuple[Mark, ...] = ()
    trace: Trace = field(default_factory=Trace)
