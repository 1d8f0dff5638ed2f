"""What happened to a case: frozen facts in the past tense, ids only, no personal data.

Every event is stamped with case, version, instant and who did it by which post. An event carries
the clock it starts, with all its instants, so that a replay needs no calendar.
"""

from typing import Any

from chengyun.cases.decide import codec
from chengyun.cases.events.asking import (
    CaseResumed,
    CaseSuspended,
    CaseVoided,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    ExtensionSupported,
    SuspensionRefused,
    SuspensionRequested,
    VoidRefused,
    VoidRequested,
)
from chengyun.cases.events.closing import (
    AppealMade,
    AppealReviewed,
    CaseArchived,
    CaseClosed,
    CaseForceClosed,
    CaseRated,
    CaseReopened,
    CheckReported,
    CheckRequested,
    ReworkOrdered,
)
from chengyun.cases.events.disposing import (
    CaseDispatched,
    CaseHandled,
    CaseRedispatched,
    CaseReturned,
    CoFeedbackGiven,
    CoUnitJoined,
    FeedbackConfirmed,
    HandlerAssigned,
    HandlerRevoked,
    HandlingStarted,
)
from chengyun.cases.events.moderating import ContentModerated, ReportJoined
from chengyun.cases.events.opening import (
    CaseAccepted,
    CaseFiled,
    CaseImported,
    CaseQueued,
    CaseRejected,
    CaseReported,
    VerifyReported,
    VerifyRequested,
)
from chengyun.cases.events.stamped import CaseEvent, Stamp
from chengyun.cases.events.watching import (
    CaseAbsorbed,
    CaseEscalated,
    CaseMerged,
    CaseRelocated,
    CaseSplit,
    CaseUrged,
    ClockOverdue,
    ClockRecomputed,
    ClockWarned,
    MarksWithdrawn,
    SupervisionOrdered,
)

EVENTS: dict[str, type[CaseEvent]] = {
    f"cases.{kind.__name__}": kind
    for kind in (
        CaseReported,
        CaseImported,
        CaseQueued,
        CaseAccepted,
        CaseRejected,
        VerifyRequested,
        VerifyReported,
        CaseFiled,
        CaseDispatched,
        CaseRedispatched,
        CaseReturned,
        HandlerAssigned,
        HandlerRevoked,
        HandlingStarted,
        CaseHandled,
        FeedbackConfirmed,
        CoUnitJoined,
        CoFeedbackGiven,
        CheckRequested,
        CheckReported,
        ReworkOrdered,
        CaseClosed,
        CaseForceClosed,
        CaseArchived,
        CaseReopened,
        AppealMade,
        AppealReviewed,
        CaseRated,
        ExtensionRequested,
        ExtensionSupported,
        ExtensionGranted,
        ExtensionRefused,
        SuspensionRequested,
        CaseSuspended,
        SuspensionRefused,
        CaseResumed,
        VoidRequested,
        VoidRefused,
        CaseVoided,
        SupervisionOrdered,
        CaseUrged,
        CaseEscalated,
        CaseRelocated,
        CaseMerged,
        CaseAbsorbed,
        CaseSplit,
        ClockWarned,
        ClockOverdue,
        ClockRecomputed,
        MarksWithdrawn,
        ReportJoined,
        ContentModerated,
    )
}

__all__ = [
    "EVENTS",
    "AppealMade",
    "AppealReviewed",
    "CaseAbsorbed",
    "CaseAccepted",
    "CaseArchived",
    "CaseClosed",
    "CaseDispatched",
    "CaseEscalated",
    "CaseEvent",
    "CaseFiled",
    "CaseForceClosed",
    "CaseHandled",
    "CaseImported",
    "CaseMerged",
    "CaseQueued",
    "CaseRated",
    "CaseRedispatched",
    "CaseRejected",
    "CaseRelocated",
    "CaseReopened",
    "CaseReported",
    "CaseResumed",
    "CaseReturned",
    "CaseSplit",
    "CaseSuspended",
    "CaseUrged",
    "CaseVoided",
    "CheckReported",
    "CheckRequested",
    "ClockOverdue",
    "ClockRecomputed",
    "ClockWarned",
    "CoFeedbackGiven",
    "CoUnitJoined",
    "ContentModerated",
    "ExtensionGranted",
    "ExtensionRefused",
    "ExtensionRequested",
    "ExtensionSupported",
    "FeedbackConfirmed",
    "HandlerAssigned",
    "HandlerRevoked",
    "HandlingStarted",
    "MarksWithdrawn",
    "ReportJoined",
    "ReworkOrdered",
    "Stamp",
    "SupervisionOrdered",
    "SuspensionRefused",
    "SuspensionRequested",
    "VerifyReported",
    "VerifyRequested",
    "VoidRefused",
    "VoidRequested",
    "from_data",
]


# What stands in a sentence where words were destroyed.
REMOVED = "〔内容已删除 removed〕"


def is_marker(value: Any) -> bool:
    """Whether a value of an event's data stands in the place of destroyed words."""
    return isinstance(value, dict) and value.get("removed") is True


def with_words(data: dict[str, Any]) -> dict[str, Any]:
    """The data with a text where only a marker is left."""
    if not any(is_marker(value) for value in data.values()):
        return data
    return {name: REMOVED if is_marker(value) else value for name, value in data.items()}


def from_data(name: str, data: dict[str, Any]) -> CaseEvent:
    """The event that `to_data` wrote.

    Raises:
        KeyError: no event has this name.
        codec.Malformed: a fact is missing or of the wrong type.
    """
    return codec.decode(EVENTS[name], with_words(data))
