"""What an event of a case says about the rule that dispatched it."""

from typing import Literal

Outcome = Literal["open", "accurate", "refused", "returned", "redispatched", "dropped"]

# A unit gives a case back from these; before work began it refused the order (退单).
_BEFORE_WORK = frozenset({"pending_handle"})
_AT_WORK = frozenset({"handling", "handled", "suspended"})
_ENDS: dict[str, Outcome] = {
    "cases.CaseRedispatched": "redispatched",
    "cases.CaseClosed": "accurate",
    "cases.CaseForceClosed": "accurate",
    "cases.CaseVoided": "dropped",
    "cases.CaseMerged": "dropped",
    "cases.CaseRejected": "dropped",
}
DISPATCHES = frozenset({"cases.CaseDispatched", "cases.CaseRedispatched"})
WATCHED = DISPATCHES | _ENDS.keys() | {"cases.CaseReturned"}


def outcome_of(name: str, from_state: str | None = None) -> Outcome | None:
    """How an event settles the dispatch before it; None if it does not.

    Args:
        from_state: the state a returned case was in.
    """
    if name == "cases.CaseReturned":
        if from_state in _BEFORE_WORK:
            return "refused"
        return "returned" if from_state in _AT_WORK else None
    return _ENDS.get(name)
