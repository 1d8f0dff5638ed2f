"""The demo's simulated things: of every kind, said to be simulated, and they speak."""

from datetime import timedelta

import orjson
import pytest

from chengyun.app.demo import things as demo
from chengyun.app.packs.loaded import LoadedPack
from chengyun.app.simulation.sensing import perform, say
from chengyun.app.simulation.staging import Stage
from chengyun.sdk.manifest import PackManifest
from chengyun.sdk.scenes import ScenesFile
from chengyun.sensing.models import Thing
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs.storing import forget_days
from tests.cases.conftest import city, world
from tests.sensing.senses import NOW, declare

__all__ = ["city", "world"]
MANIFEST = PackManifest(
    name="rising",
    version="1.0.0",
    title={"zh": "涨水", "en": "Rising"},
    kind="scenario",
    source="a test",
)


@pytest.fixture
def simulated(world):
    forget_streams()
    forget_days()
    declare()
    told = []
    demo.build(world.city_no, told.append, NOW)
    yield told
    forget_streams()
    forget_days()


def test_things_of_every_kind_stand_in_the_streets_and_say_what_they_are(simulated, world):
    assert simulated == [f"Writing {demo.A_KIND} simulated things …"]
    found = list(Thing.objects.all())
    assert len(found) == demo.A_KIND
    assert all(one.simulated and one.lon and one.name.startswith("模拟") for one in found)
    demo.build(world.city_no, simulated.append, NOW)
    assert len(simulated) == 1, "once only"


def test_they_speak_as_often_as_their_streams_say(simulated):
    # Five streams each; one of them speaks every five minutes, the others every minute.
    assert say(NOW) == 5 * demo.A_KIND
    assert say(NOW + timedelta(seconds=30)) == 0
    assert say(NOW + timedelta(seconds=61)) == 4 * demo.A_KIND
    assert say(NOW + timedelta(seconds=301)) == 5 * demo.A_KIND


def test_a_scene_began_before_its_things_were_made_and_goes_on_after_a_restart(simulated):
    course = {"of": "level", "every": 10, "points": [(0, 0.1), (120, 2.5)]}
    scene = {"id": "rise", "name": {"zh": "涨", "en": "rise"}, "minutes": 120}
    actors = [{"kind": "gauge", "count": 2, "courses": [course]}]
    file = {"source": "a test", "effective_from": "2026-01-01", "seed": 1}
    file |= {"label": {"zh": "模拟", "en": "Simulated"}, "scenes": [{**scene, "actors": actors}]}
    scenes = ScenesFile.model_validate_json(orjson.dumps(file))
    pack = LoadedPack(manifest=MANIFEST, hash="", files={}, scenes=scenes)
    said, busy = Stage([pack]).due(NOW)
    assert len(busy) == 2
    # 66 of its 120 minutes are over.
    assert len(said) == 2 * 7
    assert perform(said, NOW) == 14
    assert Stage([pack]).due(NOW) == ([], busy)
    later = NOW + timedelta(minutes=10)
    assert [one.value for one in Stage([pack]).due(later)[0]] == [1.5, 1.5]
    assert say(NOW, busy) == 5 * demo.A_KIND - 2
    assert Stage([pack]).due(NOW + timedelta(minutes=60)) == ([], set())
