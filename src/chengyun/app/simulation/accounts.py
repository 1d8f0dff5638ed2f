"""What a run did, and whether everything it acknowledged is there."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

from django.db import transaction

from chengyun.app.simulation.fingerprint import Fingerprint
from chengyun.cases.decide.fold import replay
from chengyun.cases.decide.state import CLOSED, OPEN
from chengyun.cases.events import from_data
from chengyun.cases.models import Case
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.models import Event
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.vitals.decide.counters import STAGES
from chengyun.vitals.decide.folding import facts_of

_AT_ONCE = 1_000
_OF_A_CASE = (
    "id",
    "no",
    "source",
    "kind_id",
    "condition_id",
    "area_no",
    "grid_code",
    "lon",
    "lat",
    "address",
    "text",
    "state",
    "version",
    "level",
    "lead_unit",
    "handler_id",
    "reported_at",
    "closed_at",
    "due_at",
)
_EVALUATED = (
    "report",
    "valid_report",
    *(name for stage in STAGES for name in (stage, f"in_time_{stage}", f"overtime_{stage}")),
    "return",
    "rework",
    "reopen",
    "on_schedule_close",
)


@dataclass(slots=True)
class Account:
    """A run in figures.

    `lost` are acknowledged cases that cannot be read; `at_odds` are cases whose row and history
    disagree; `unbalanced` are sums that differ. All are empty, or something is wrong. `outcome` has
    every case once; `parts` are cases that others were split into. `evaluation` counts what the
    evaluation makes of the histories read back. `digest` tells two runs apart, see Fingerprint.
    """

    simulated: bool = True
    start: str = ""
    end: str = ""
    finished: bool = True
    seed: str = ""
    scale: float = 0
    calls: dict[str, int] = field(default_factory=dict)
    calls_answered: int = 0
    reports: int = 0
    by_source: dict[str, int] = field(default_factory=dict)
    reports_refused: dict[str, int] = field(default_factory=dict)
    parts: int = 0
    cases: int = 0
    outcome: dict[str, int] = field(default_factory=dict)
    by_state: dict[str, int] = field(default_factory=dict)
    moves: int = 0
    by_move: dict[str, int] = field(default_factory=dict)
    moves_refused: dict[str, int] = field(default_factory=dict)
    moves_dropped: int = 0
    photos: int = 0
    cheats: dict[str, int] = field(default_factory=dict)
    events: int = 0
    closed: int = 0
    overdue: int = 0
    returned: int = 0
    reopened: int = 0
    escalated: int = 0
    lost: list[str] = field(default_factory=list)
    at_odds: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)
    evaluation: dict[str, int] = field(default_factory=dict)
    wall_s: float = 0
    cases_per_s: float = 0
    closed_per_s: float = 0
    events_per_s: float = 0
    check_s: float = 0
    memory_mb: int = 0
    digest: str = ""

    @property
    def whole(self) -> bool:
        """Nothing is lost, and everything adds up."""
        return not (self.lost or self.at_odds or self.unbalanced)

    def as_dict(self) -> JsonObject:
        """The figures, with `whole` among them."""
        return {**asdict(self), "whole": self.whole}


def examine(account: Account, began: Sequence[UUID]) -> None:
    """Read back every acknowledged case: its row, its history, whether both agree, and what the
    evaluation makes of it."""
    states: Counter[str] = Counter()
    marks: Counter[str] = Counter()
    with transaction.atomic():
        bind(SYSTEM.scope())
        fingerprint = Fingerprint(began)
    for some in _pieces(began):
        with transaction.atomic():
            bind(SYSTEM.scope())
            rows = {row["id"]: row for row in Case.objects.filter(pk__in=some).values(*_OF_A_CASE)}
            told = _told(some)
        for ident in some:
            row = rows.get(ident)
            history = [from_data(one.name, one.data) for one in told[ident]]
            replayed = replay(history)
            if row is None or replayed is None:
                account.lost.append(str(ident))
                continue
            if (replayed.state, replayed.version) != (row["state"], row["version"]):
                account.at_odds.append(str(ident))
            states[replayed.state] += 1
            facts = facts_of(history)
            marks.update(mark.counter for mark in facts.marks if not mark.lasting) if facts else ()
            account.events += len(history)
            account.closed += row["closed_at"] is not None
            account.overdue += bool(replayed.overtime)
            account.returned += replayed.returns > 0
            account.reopened += replayed.reopens > 0
            account.escalated += replayed.escalation is not None
            fingerprint.add(row, told[ident])
    account.cases = len(began)
    account.by_state = dict(sorted(states.items()))
    account.outcome = _outcome(states)
    account.evaluation = {name: marks[name] for name in _EVALUATED if marks[name]}
    account.unbalanced = [*_unbalanced(account, marks)]
    account.digest = fingerprint.hex()


def _outcome(states: Counter[str]) -> dict[str, int]:
    """Every case in exactly one of: open, closed, and each way of ending without work."""
    found: Counter[str] = Counter()
    for state, count in states.items():
        found["open" if state in OPEN else "closed" if state in CLOSED else state] += count
    return dict(sorted(found.items()))


def _unbalanced(account: Account, marks: Counter[str]) -> Iterator[str]:
    """Sums that should be equal and are not: what arrived and what became of it; the moves that
    were acknowledged and what the evaluation counts of the same histories."""
    moves = Counter(account.by_move)
    equal = {
        "reports and parts = cases": (account.reports + account.parts, account.cases),
        "cases by outcome = cases": (sum(account.outcome.values()), account.cases),
        "reports evaluated = reports": (marks["report"], account.reports),
        "closings evaluated = closings": (marks["close"], moves["close"] + moves["force_close"]),
    }
    for stage in STAGES:
        judged = marks[f"in_time_{stage}"] + marks[f"overtime_{stage}"]
        forced = marks["force_close"] if stage == "close" else 0
        equal[f"in time and late = done: {stage}"] = (judged, marks[stage] - forced)
    for said, (one, other) in equal.items():
        if one != other:
            yield f"{said}: {one:,} and {other:,}"


def _pieces(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]


def _told(ids: Sequence[UUID]) -> dict[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = {ident: [] for ident in ids}
    rows = Event.objects.filter(subject_id__in=list(ids)).order_by("subject_id", "subject_version")
    for row in rows:
        found[row.subject_id].append(row)
    return found
