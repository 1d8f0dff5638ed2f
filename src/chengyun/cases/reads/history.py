"""A case's history out of the event table, and the state it adds up to."""

from collections.abc import Collection, Sequence
from uuid import UUID

from chengyun.cases.decide.fold import replay
from chengyun.cases.decide.state import CaseState
from chengyun.cases.events import CaseEvent, from_data
from chengyun.kernel.models import Event


def histories(ids: Collection[UUID]) -> dict[UUID, list[tuple[CaseEvent, str]]]:
    """Events with the name of who acted, oldest first, by case."""
    found: dict[UUID, list[tuple[CaseEvent, str]]] = {ident: [] for ident in ids}
    rows = (
        Event.objects.filter(subject_id__in=list(ids))
        .order_by("subject_id", "subject_version")
        .values_list("subject_id", "name", "data", "actor_name")
    )
    for subject, name, data, actor_name in rows:
        found[subject].append((from_data(name, data), actor_name))
    return found


def load_states(ids: Sequence[UUID]) -> dict[UUID, CaseState]:
    """The states that histories add up to.

    Raises:
        LookupError: a case has no history, which cannot be while rows and events commit together.
    """
    states: dict[UUID, CaseState] = {}
    for ident, history in histories(ids).items():
        state = replay(event for event, _ in history)
        if state is None:
            raise LookupError(f"case {ident} has no history")
        states[ident] = state
    return states
