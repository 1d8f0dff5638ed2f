"""Trying a new duty list on past cases: who would get what, without touching anything."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from chengyun.cases.decide.routing import RouteDecision, RouteQuery

SAMPLES = 5
MOVES_MAX = 500


@dataclass(frozen=True, slots=True)
class PastCase:
    """A past case as routing saw it, and the unit that really got it, if any."""

    case_id: UUID
    query: RouteQuery
    unit: UUID | None = None


@dataclass(slots=True)
class Move:
    """Cases of one kind that go from one unit to another (None: to a person)."""

    kind_id: str
    before: UUID | None
    after: UUID | None
    count: int = 0
    samples: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class Diff:
    """The outcome of a dry run. The five counts add up to `total`."""

    total: int = 0
    unchanged: int = 0
    moved: int = 0
    newly_matched: int = 0
    now_unmatched: int = 0
    still_unmatched: int = 0
    co_changed: int = 0
    moves: dict[tuple[str, UUID | None, UUID | None], Move] = field(default_factory=dict)

    def largest(self) -> list[Move]:
        """The moves with most cases, at most 500."""
        ordered = sorted(
            self.moves.values(),
            key=lambda m: (-m.count, m.kind_id, str(m.before), str(m.after)),
        )
        return ordered[:MOVES_MAX]


Decide = Callable[[PastCase], RouteDecision]


def as_it_was(case: PastCase) -> RouteDecision:
    """The past itself as the thing compared with."""
    return RouteDecision(case.unit, (), None, None, (), 1.0, ())


def dry_run(cases: Iterable[PastCase], before: Decide, after: Decide) -> Diff:
    """Compare two ways of routing over cases, reading them once."""
    diff = Diff()
    for case in cases:
        old, new = before(case), after(case)
        diff.total += 1
        if old.lead == new.lead:
            if old.lead is None:
                diff.still_unmatched += 1
                continue
            diff.unchanged += 1
            diff.co_changed += before is not as_it_was and set(old.co) != set(new.co)
            continue
        if old.lead is None:
            diff.newly_matched += 1
        elif new.lead is None:
            diff.now_unmatched += 1
        else:
            diff.moved += 1
        key = (case.query.kind_id, old.lead, new.lead)
        move = diff.moves.get(key)
        if move is None:
            move = diff.moves[key] = Move(*key)
        move.count += 1
        if len(move.samples) < SAMPLES:
            move.samples.append(case.case_id)
    return diff
