"""Forces on the map: areas with somebody on duty, for whoever sees their shifts."""

from datetime import timedelta

import pytest

from chengyun.people.models import DutyMember, DutyShift
from tests.app.world import NOW
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import Desk, as_owner
from tests.cases.test_tiles import door, features, tile_at

__all__ = ["city", "clock", "desk", "world"]


@pytest.fixture
def on_duty(desk: Desk) -> Desk:
    """Two people on duty in the unit of the acceptor; a shift that is over; one to come."""
    users = desk.world.users
    unit = users["acceptor"].appointments.get().organisation
    with as_owner():
        for begin, people in ((0, ("acceptor", "shift_leader")), (-20, ("acceptor",)), (9, ())):
            start = NOW + timedelta(hours=begin - 1)
            shift = DutyShift.objects.create(
                organisation=unit,
                post="acceptor",
                starts_at=start,
                ends_at=start + timedelta(hours=8),
            )
            for who in people:
                DutyMember.objects.create(shift=shift, user=users[who], on_at=start)
    return desk


def test_forces_are_their_areas(on_duty: Desk) -> None:
    desk = on_duty
    unit = desk.world.users["acceptor"].appointments.get().organisation
    tile = tile_at(6)
    assert desk.ask(None, "GET", door(tile, "forces")).status in (401, 404)
    (one,) = features(desk.get("leader", door(tile, "forces")), "forces")
    assert (one["units"], one["people"]) == (1, 2)
    assert one["level"] == unit.level
    assert features(desk.get("stranger", door(tile, "forces")), "forces") == []
    with as_owner():
        DutyMember.objects.filter(user=desk.world.users["acceptor"]).update(off_at=NOW)
    (one,) = features(desk.get("leader", door(tile, "forces")), "forces")
    assert one["people"] == 1


def test_nobody_is_on_duty_after_the_shift(on_duty: Desk) -> None:
    on_duty.clock.at += timedelta(hours=24)
    assert features(on_duty.get("leader", door(tile_at(6), "forces")), "forces") == []
