"""What the follower keeps is what a rebuild gives, and the database hides it like the cases."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun.cases.events import EVENTS
from chengyun.cases.models import Case
from chengyun.kernel.actor import PUBLIC, SYSTEM
from chengyun.kernel.events import PastEvent, followers
from chengyun.kernel.models import Event
from chengyun.kernel.scope import bind
from chengyun.vitals.handlers import SILENT, keep_marks
from chengyun.vitals.models import CaseMark, CaseTrace
from chengyun.vitals.verbs import rebuild
from tests.app.world import SPOT
from tests.cases.desk import NOBODY, Desk, OneCase

MARK = ("case_id", "area_no", "unit", "counter", "at", "lasting", "until", "manual", "simulated")


def kept() -> tuple[list[Any], list[Any]]:
    """All marks and traces, without the ids that are drawn anew."""
    bind(SYSTEM.scope())
    marks = sorted(CaseMark.objects.values_list(*MARK), key=str)
    return marks, sorted(CaseTrace.objects.values_list(), key=str)


def news() -> list[PastEvent]:
    """Every event, as the follower reads them."""
    bind(SYSTEM.scope())
    return [
        PastEvent(0, n, row.name, row.subject_id, row.subject_version, None, (), None,
                  row.occurred_at, row.data)
        for n, row in enumerate(Event.objects.order_by("subject_id", "subject_version"))
    ]  # fmt: skip


@pytest.fixture
def lives(desk: Desk) -> list[OneCase]:
    """A closed case, a returned one, and one just begun elsewhere."""
    found = [desk.new(lon=SPOT[0] + step) for step in (0, 0.002)]
    found[0].closed()
    found[1].does("department", "return_step", reason="not ours")
    desk.clock.pass_(days=9)
    found.append(desk.new("stranger", lon=SPOT[0] + 0.05))
    return found


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_batches_of_any_size_and_order_give_what_a_rebuild_gives(
    desk: Desk, lives: list[OneCase], data: st.DataObject
) -> None:
    events = [event for event in news() if event.name not in SILENT]
    CaseMark.objects.all().delete()
    CaseTrace.objects.all().delete()
    batch = data.draw(st.integers(1, len(events)))
    shuffled = data.draw(st.permutations(events))
    for at in range(0, len(shuffled), batch):
        keep_marks(shuffled[at : at + batch], desk.clock.at)
        if data.draw(st.booleans()):
            keep_marks(shuffled[at : at + batch], desk.clock.at)
    followed = kept()
    assert len(followed[0]) > 20
    done = rebuild(SYSTEM, now=desk.clock.at)
    assert kept() == followed
    assert done == {"cases": len(lives), "marks": len(followed[0])}


def test_the_follower_reads_every_event_that_sets_a_mark() -> None:
    read = followers["vitals.marks"].names
    assert set(EVENTS) - read == SILENT


def test_only_the_machine_rebuilds(desk: Desk, lives: list[OneCase]) -> None:
    with pytest.raises(Exception, match="machine itself"):
        rebuild(desk.world.actor("evaluator"), now=desk.clock.at)


@pytest.mark.parametrize(
    ("who", "cases"),
    [("leader", 3), ("acceptor", 2), ("stranger", 1), ("department", 2), ("other_handler", 0)],
)
def test_marks_and_traces_are_hidden_by_the_database_itself(
    desk: Desk, lives: list[OneCase], follow: Callable[[], None], who: str, cases: int
) -> None:
    follow()
    actor = desk.world.actor(who)
    with transaction.atomic():
        bind(actor.scope())
        seen: set[UUID] = set(CaseMark.objects.values_list("case_id", flat=True))
        assert len(seen) == cases
        assert set(CaseMark.objects.visible_to(actor).values_list("case_id", flat=True)) == seen
        assert set(CaseTrace.objects.values_list("id", flat=True)) <= seen
        # Marks are the machine's: nobody else takes any away.
        assert CaseMark.objects.all().delete()[0] == 0
    for scope in (NOBODY, PUBLIC.scope()):
        bind(scope)
        assert not CaseMark.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM vitals_casetrace")
            assert cursor.fetchone() == (0,)
    bind(SYSTEM.scope())
    assert Case.objects.count() == len(lives)


def test_a_corrected_place_takes_its_marks_along(desk: Desk, follow: Callable[[], None]) -> None:
    case = desk.new()
    follow()
    was = {mark[1] for mark in kept()[0]}
    case.does("acceptor", "relocate", lon=SPOT[0], lat=SPOT[1] + 0.02, reason="the pin was wrong")
    assert "cases.CaseRelocated" not in SILENT
    keep_marks(news(), desk.clock.at)
    now = {mark[1] for mark in kept()[0]}
    assert len(now) == 1
    assert now.isdisjoint(was)
    marks = kept()
    rebuild(SYSTEM, now=desk.clock.at)
    assert kept() == marks
