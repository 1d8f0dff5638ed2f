"""Shifts planned from a pack's roster patterns."""

from datetime import UTC, timedelta
from itertools import pairwise

import pytest

from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.app.setup.rosters import DAYS, plan_rosters
from chengyun.people.models import DutyShift
from tests.app.town_played import found_town
from tests.app.world import NOW

pytestmark = pytest.mark.django_db


def _shifts(post: str) -> list[DutyShift]:
    city = DutyShift.objects.filter(post=post, organisation__level="city")
    return list(city.order_by("starts_at"))


def test_every_hour_of_two_weeks_has_a_dispatcher_and_nobody_has_every_night() -> None:
    city = found_town()
    pack = load_catalog(default_roots()).pack("shanghai-demo")
    plan_rosters(pack, city.area_no, NOW)
    shifts = _shifts("dispatcher")
    assert shifts[0].starts_at == NOW
    for before, after in pairwise(shifts):
        assert before.ends_at == after.starts_at
    assert shifts[-1].ends_at - NOW > timedelta(days=DAYS - 1)
    nights = [one for one in shifts[1:] if one.starts_at.astimezone(UTC).hour == 12]
    by_night = [next(iter(one.members.all())).user_id for one in nights]
    assert len(set(by_night)) == 2
    assert all(first != second for first, second in pairwise(by_night))


def test_planning_again_adds_only_what_is_new() -> None:
    city = found_town()
    pack = load_catalog(default_roots()).pack("shanghai-demo")
    plan_rosters(pack, city.area_no, NOW)
    before = {one.pk for one in _shifts("dispatcher")}
    plan_rosters(pack, city.area_no, NOW + timedelta(hours=1))
    assert {one.pk for one in _shifts("dispatcher")} == before
    plan_rosters(pack, city.area_no, NOW + timedelta(days=1))
    assert len(_shifts("dispatcher")) == len(before) + 2
