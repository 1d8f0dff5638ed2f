"""A small simulated city plays a day: the same seed the same day, nothing lost, all labelled."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from chengyun.app.simulation.accounts import Account, examine
from chengyun.app.simulation.crowd import Crowd
from chengyun.app.simulation.hours import DAY, next_open
from chengyun.app.simulation.life import Life, Step
from chengyun.app.simulation.playing import Order, play
from chengyun.app.simulation.telling import as_text
from chengyun.app.simulation.town import Town
from chengyun.app.simulation.trickling import begin
from chengyun.app.sweep import sweep
from chengyun.cases import verbs
from chengyun.cases.models import Case, CasePhoto
from chengyun.cases.reads import load_states
from chengyun.kernel.clock import FixedClock
from chengyun.kernel.models import Event, Upload
from chengyun.people.models import Appointment, User
from chengyun.places.models import City
from chengyun.sdk.simulate import SimulateFile
from tests.app.town_played import MONDAY, ORDER, found_town, plan_of_town
from tests.app.world import NOW


@pytest.fixture
def plan() -> SimulateFile:
    return plan_of_town()


@pytest.fixture
def city(db: None, settings: Any, tmp_path: Path) -> City:
    """Two districts with grids, and the demo's simulated organisations and people."""
    settings.DATA_DIR = tmp_path
    return found_town()


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def played(plan: SimulateFile, city: City, order: Order = ORDER) -> Account:
    return play(plan, city, order, say=lambda _: None)[1]


def test_a_day_is_whole_and_adds_up(plan: SimulateFile, city: City) -> None:
    with undone():
        other = played(plan, city, Order(MONDAY, ORDER.end, "8", ORDER.scale))
    first = played(plan, city)
    assert first.whole
    assert first.finished
    assert not first.moves_refused
    assert not first.reports_refused
    assert other.digest != first.digest
    assert first.reports + first.parts == first.cases == sum(first.outcome.values())
    assert first.evaluation["report"] == first.reports
    assert first.evaluation["close"] == first.by_move["close"]
    said = as_text(first)
    assert "all sums add up" in said
    assert f"digest {first.digest}" in said
    assert replace(first, lost=["x"]).whole is False
    assert "Lost: 1, first x" in as_text(replace(first, lost=["x"]))
    # Enough of a day to see the loop: most are done, some are late, some came back.
    assert first.cases > 80
    assert first.closed > first.cases / 3
    assert first.overdue > 0
    for move in ("accept", "file", "merge", "assign", "handle", "check_result", "close"):
        assert first.by_move[move] > 0, move
    assert first.calls_answered > 0


def test_everything_is_labelled_and_lies_in_its_day(plan: SimulateFile, city: City) -> None:
    account = played(plan, city)
    assert not Case.objects.filter(simulated=False).exists()
    told = Event.objects.filter(name__startswith="cases.")
    assert told.count() == account.events
    assert not told.filter(occurred_at__lt=ORDER.start).exists()
    assert not told.filter(occurred_at__gt=ORDER.end).exists()
    people = User.objects.filter(pk__in=told.values("actor_id"))
    assert people.exists()
    assert not people.filter(simulated=False).exists()
    # Who dispatched or handled never checks or closes.
    for case in Case.objects.filter(closed_at__isnull=False):
        by = dict.fromkeys(("cases.CaseHandled", "cases.CheckReported", "cases.CaseClosed"), None)
        for name, actor in told.filter(subject_id=case.pk).values_list("name", "actor_id"):
            if name in by:
                by[name] = actor
        assert by["cases.CaseHandled"] not in (by["cases.CheckReported"], by["cases.CaseClosed"])
    assert CasePhoto.objects.count() == Upload.objects.exclude(used_at=None).count() > 0


def test_a_picture_used_twice_is_there_to_be_found(plan: SimulateFile, city: City) -> None:
    always = plan.behaviour.model_copy(update={"same_photo": 0.5, "split_clock": 0.5})
    account = played(plan.model_copy(update={"behaviour": always}), city)
    assert account.cheats["same_photo"] > 0
    assert account.cheats["split_clock"] > 0
    marks = [bytes(one) for one in Upload.objects.values_list("sha256", flat=True)]
    assert len(marks) - len(set(marks)) == account.cheats["same_photo"]
    assert account.whole
    assert not account.moves_refused


def test_a_second_run_adds_and_a_stopped_one_is_whole(plan: SimulateFile, city: City) -> None:
    rounds = iter([False] * 40 + [True] * 100)
    _, first = play(plan, city, ORDER, say=lambda _: None, stop=lambda: next(rounds))
    assert not first.finished
    assert first.whole
    assert first.cases == Case.objects.count() > 0
    second = played(plan, city, Order(MONDAY + timedelta(hours=10), ORDER.end, "2", 0.003))
    assert second.whole
    assert Case.objects.count() == first.cases + second.cases


def test_open_cases_for_a_full_desk(plan: SimulateFile, city: City) -> None:
    account = played(plan, city, Order(MONDAY, ORDER.end, "1", 0.02, None, 150))
    assert account.cases >= 150
    assert account.moves == account.closed == 0
    assert Case.objects.filter(open=True).count() == account.cases


def test_the_sweep_keeps_off_a_history_while_it_is_played(plan: SimulateFile, city: City) -> None:
    played(plan, city, Order(MONDAY, MONDAY + timedelta(hours=10), "3", 0.002, None, 20))
    later = MONDAY + timedelta(days=30)
    with verbs.own_time():
        assert verbs.playing()
        assert sweep(later) == 0
    assert not verbs.playing()
    assert sweep(later) > 0


def test_the_trickle_goes_on_where_the_history_ends(plan: SimulateFile, city: City) -> None:
    live = plan.live.model_copy(update={"history_days": 0.5, "history_scale": 0.003})
    plan = plan.model_copy(update={"live": live})
    clock = FixedClock(MONDAY + timedelta(hours=15))
    engine = begin(plan, city, clock, lambda _: None, lambda: False)
    before = Case.objects.count()
    moves = engine.tally.moves
    assert before > 20
    for _ in range(20):
        clock.at += timedelta(minutes=1)
        engine.play(int(clock.at.timestamp()))
    assert Case.objects.count() > before + 40
    assert engine.tally.moves > moves + 20
    assert not engine.tally.refused
    # Stopped and started again it takes up what is open.
    again = begin(plan, city, clock, lambda _: None, lambda: False)
    waiting = again.tally.moves
    for _ in range(20):
        clock.at += timedelta(minutes=1)
        again.play(int(clock.at.timestamp()))
    assert again.tally.moves > waiting + 20
    assert not again.tally.refused


def test_two_steps_of_a_closed_case_may_come_in_one_batch(plan: SimulateFile, city: City) -> None:
    engine, _ = play(plan, city, ORDER, say=lambda _: None)
    closed = load_states(list(Case.objects.filter(state="closed").values_list("id", flat=True)))
    late = next(
        one
        for one in closed.values()
        if "dispose" in one.overtime
        and one.lead_unit
        and one.rating is None
        and one.appeal == "none"
    )
    engine.states[late.id] = late
    life = engine._lives[late.id] = Life(late.id, None)
    unit = engine.hands.of("department", late.lead_unit)[0]
    caller = engine.hands.at("acceptor", late.area_no)[0]
    for hand, move, params in (
        (unit, "appeal", {"reason": "道路封闭"}),
        (caller, "rate", {"score": 5}),
    ):
        actor = engine.hands.actor(hand)
        engine._push(life, Step(engine.at, actor, move, params, ("closed",), side=True))
    before = engine.tally.by_move.copy()
    engine.play(engine.at + 60)
    done = engine.tally.by_move - before
    assert (done["appeal"], done["rate"]) == (1, 1), engine.tally.refused
    assert (life.side, life.ahead) == (0, 0)
    assert late.id not in engine.states


def test_people_were_there_before_the_history_began(plan: SimulateFile, city: City) -> None:
    early = NOW - timedelta(days=60)
    org = Appointment.objects.select_related("organisation")[0].organisation
    real = User.objects.create(
        username="real", display_name="real", organisation=org, created_at=NOW
    )
    held = Appointment.objects.create(
        user=real, post="leader", organisation=org, area_no=org.area_no, valid_from=NOW
    )
    played(plan, city, Order(early, early + timedelta(hours=3), "1", 0.002))
    held.refresh_from_db()
    assert held.valid_from == NOW, "nobody real is backdated"
    others = Appointment.objects.exclude(pk=held.pk)
    assert not others.filter(valid_from__gt=early).exists()


def test_working_hours() -> None:
    zone, hours = 8 * 3600, (8.0, 18.0)
    noon, night, late = 4 * 3600, 15 * 3600, 21 * 3600
    assert next_open(hours, noon, zone) == noon
    assert next_open(hours, night, zone) == DAY
    assert next_open(hours, late, zone) == DAY


def test_a_storm_brings_many_times_as_much(plan: SimulateFile, city: City) -> None:
    town = Town(plan, city.area_no, Random(1))

    def a_day(storm: bool) -> list[str]:
        crowd = Crowd(plan, town, Random(2), 8 * 3600, 0.02)
        start = int(MONDAY.timestamp())
        crowd.storm = (start, start + DAY) if storm else (0, 0)
        hours = [start + hour * 3600 for hour in range(24)]
        found = [one for hour in hours for one in crowd.between(hour, hour + 3600)]
        return [one.template.kind for one in found if one.source in ("hotline", "public")]

    calm, wild = a_day(False), a_day(True)
    factor = plan.volumes.storm_factor
    assert 0.7 * factor < len(wild) / len(calm) < 1.4 * factor
    ponding = "GBT30428.2/event/0506"
    assert wild.count(ponding) / len(wild) > 3 * calm.count(ponding) / len(calm)


def test_what_went_missing_is_said(plan: SimulateFile, city: City) -> None:
    order = Order(MONDAY, MONDAY + timedelta(hours=10), "3", 0.003)
    engine, account = play(plan, city, order, say=lambda _: None)
    assert account.whole
    again = replace(account, lost=[], at_odds=[], unbalanced=[], events=0)
    examine(again, [*engine.tally.began, UUID(int=1)])
    assert again.lost == [str(UUID(int=1))]
    assert any(said.startswith("reports and parts = cases") for said in again.unbalanced)
    assert not again.whole
