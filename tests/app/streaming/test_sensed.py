"""That readings came in: told once however many, and never at the first look."""

import pytest

from chengyun.app.streaming.sensed import TOLD, SenseWatch
from chengyun.app.streaming.source import Position
from chengyun.sensing import verbs
from tests.sensing.conftest import committed_things
from tests.sensing.senses import NOW, no, readings

__all__ = ["committed_things"]


def test_only_what_came_since_the_last_look_is_told() -> None:
    at: list[Position] = [(4, 1), (4, 1), (9, 3), (9, 3)]
    watch = SenseWatch(lambda: at.pop(0))
    assert [watch.look() for _ in range(4)] == [b"", b"", TOLD, b""]


def test_a_look_that_fails_forgets_nothing() -> None:
    answers: list[Position | None] = [(1, 1), None, (2, 1)]

    def look() -> Position:
        found = answers.pop(0)
        if found is None:
            raise RuntimeError
        return found

    watch = SenseWatch(look)
    assert watch.look() == b""
    with pytest.raises(RuntimeError):
        watch.look()
    assert watch.look() == TOLD


@pytest.mark.django_db(transaction=True)
def test_readings_that_are_committed_are_told(committed_things: list[str]) -> None:
    watch = SenseWatch()
    assert watch.look() == b""
    verbs.take(readings([(no(committed_things[0]), NOW, 1.0)]), now=NOW, door="test")
    assert watch.look() == TOLD
    assert watch.look() == b""
