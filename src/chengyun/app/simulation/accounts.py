"""What a run did, and whether everything it acknowledged is there."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

from django.db import transaction

from chengyun.cases.models import Case
from chengyun.cases.reads.history import load_states
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.models import Event
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject

_AT_ONCE = 1_000


@dataclass(slots=True)
class Account:
    """A run in figures.

    `lost` are acknowledged cases that cannot be read; `at_odds` are cases whose row and history
    disagree. Both are empty, or something is wrong. `digest` tells two runs apart: kinds, areas,
    states, events and their instants, in order.
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
    cases: int = 0
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
    reopened: int = 0
    escalated: int = 0
    lost: list[str] = field(default_factory=list)
    at_odds: list[str] = field(default_factory=list)
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
        return not self.lost and not self.at_odds and sum(self.by_state.values()) == self.cases

    def as_dict(self) -> JsonObject:
        """The figures, with `whole` among them."""
        return {**asdict(self), "whole": self.whole}


def examine(account: Account, began: Sequence[UUID]) -> None:
    """Read back every acknowledged case: its row, its history, and whether both agree."""
    digest = hashlib.sha256()
    states: Counter[str] = Counter()
    for some in _pieces(began):
        with transaction.atomic():
            bind(SYSTEM.scope())
            rows = {
                pk: rest
                for pk, *rest in Case.objects.filter(pk__in=some).values_list(
                    "pk", "state", "version", "kind_id", "area_no", "closed_at"
                )
            }
            folded = load_states([ident for ident in some if ident in rows])
            told = _told(some)
        for ident in some:
            if ident not in rows:
                account.lost.append(str(ident))
                continue
            state, version, kind, area, closed_at = rows[ident]
            replayed = folded[ident]
            if (replayed.state, replayed.version) != (state, version):
                account.at_odds.append(str(ident))
            states[replayed.state] += 1
            account.events += len(told[ident])
            account.closed += closed_at is not None
            account.overdue += bool(replayed.overtime)
            account.reopened += replayed.reopens > 0
            account.escalated += replayed.escalation is not None
            digest.update(repr((kind, area, state, told[ident])).encode())
    account.cases = len(began)
    account.by_state = dict(sorted(states.items()))
    account.digest = digest.hexdigest()


def _pieces(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]


def _told(ids: Sequence[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    found: dict[UUID, list[tuple[str, str]]] = {ident: [] for ident in ids}
    rows = Event.objects.filter(subject_id__in=list(ids)).order_by("subject_id", "subject_version")
    for subject, name, at in rows.values_list("subject_id", "name", "occurred_at"):
        found[subject].append((name, at.isoformat()))
    return found
