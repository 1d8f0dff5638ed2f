"""A scene of a pack is played by simulated things, in order, as fast as it is asked."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from chengyun.app.demo import things as demo
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.app.setup.packs import install_senses
from chengyun.app.simulation.scenes import NoActors, play, script
from chengyun.app.simulation.sensing import say
from chengyun.sensing.models import Datastream, Thing
from chengyun.sensing.reads import newest
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs.storing import forget_days
from tests.app.world import NOW
from tests.cases.conftest import city, world

__all__ = ["city", "world"]


class Hands:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=max(seconds, 0.001))


@pytest.fixture
def storm(world) -> Iterator:
    forget_streams()
    forget_days()
    packs = load_catalog(default_roots())
    install_senses(packs, NOW)
    yield world, packs.pack("flood").scenes.scenes[0]
    forget_streams()
    forget_days()


def test_a_scene_needs_simulated_things(storm):
    with pytest.raises(NoActors, match="rain-gauge"):
        script(storm[1], "1")


def test_every_reading_is_said_once_when_it_is_due(storm):
    world, scene = storm
    demo.build(world.city_no, lambda _: None, NOW)
    lines = script(scene, "1")
    assert lines == script(scene, "1")
    assert lines != script(scene, "2")
    hands = Hands()
    stored = play(lines, hands, speed=600, sleep=hands.sleep)
    assert stored == len(lines)
    lasted = timedelta(minutes=lines[-1].minute / 600)
    assert lasted <= hands.at - NOW <= lasted + timedelta(seconds=1)


def test_homes_in_care_are_private_from_the_start(storm):
    world, _ = storm
    demo.build(world.city_no, lambda _: None, NOW)
    assert Thing.objects.filter(kind_id="care-home").exists()
    assert not Thing.objects.filter(kind_id="care-home", private=False).exists()
    assert not Thing.objects.filter(private=True).exclude(kind_id="care-home").exists()


def test_nothing_happens_on_a_calm_day_and_what_rules_derive_is_left_to_them(storm):
    world, _ = storm
    demo.build(world.city_no, lambda _: None, NOW)
    say(NOW)
    numbers = Datastream.objects.values_list("no", "property_id")
    said = newest([no for no, _ in numbers])
    by_property = {}
    for no, property_ in numbers:
        if no in said:
            by_property.setdefault(property_, []).append(said[no].value)
    assert "aqi" not in by_property
    assert "water-class" not in by_property
    assert max(by_property["gas-lel"]) < 20
    assert max(by_property["crowd-density"]) < 1
    assert max(by_property["flood-rain"]) * 12 < 35
