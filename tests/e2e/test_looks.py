"""A few screens look, from afar, as they did when somebody looked at them last."""

from pathlib import Path

import pytest

from tests.e2e import afar
from tests.e2e.looks import QUICK, Gallery
from tests.e2e.node import Node
from tests.e2e.screen import Screen
from tests.e2e.views import VIEWS

pytestmark = pytest.mark.e2e


def test_screens_look_as_they_did(screen: Screen, node: Node, tmp_path: Path) -> None:
    views = [one for one in VIEWS if one.name in afar.KEPT]
    assert len(views) == len(afar.KEPT)
    wrong = Gallery(screen, node).show(views, QUICK, tmp_path)
    before = afar.kept()
    found = {
        name: afar.difference(picture, afar.seen(tmp_path / f"{name}.png"))
        for name, picture in before.items()
    }
    assert wrong == []
    told = {name: round(how, 1) for name, how in found.items() if how > afar.STEADY}
    assert told == {}, f"{told} in {tmp_path}"
