"""What cases tell the evaluation: which of them to fold again."""

from collections.abc import Sequence
from datetime import datetime

from chengyun.cases.events import EVENTS
from chengyun.kernel.events import PastEvent, follow
from chengyun.vitals.verbs import keep_cases

# These set no mark and move no deadline.
SILENT = frozenset(
    f"cases.{name}"
    for name in (
        "CaseUrged",
        "CaseEscalated",
        "ClockWarned",
        "ClockOverdue",
        "HandlerAssigned",
        "HandlerRevoked",
        "HandlingStarted",
        "CaseAbsorbed",
        "CoUnitJoined",
        "CheckRequested",
    )
)


@follow("vitals.marks", *sorted(set(EVENTS) - SILENT))
def keep_marks(events: Sequence[PastEvent], now: datetime) -> None:
    """Fold the cases of a batch again; reading it twice changes nothing."""
    keep_cases({event.subject_id for event in events})
