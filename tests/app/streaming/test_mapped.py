"""Which parts of a map have changed: told once, by city, and never at the first look."""

from collections.abc import Mapping

import pytest

from chengyun.app.streaming.mapped import MapWatch


def test_only_what_changed_since_the_last_look_is_told() -> None:
    now: dict[tuple[int, str], str] = {(1, "components"): "a", (1, "grids"): "a", (2, "grids"): "a"}
    watch = MapWatch(lambda: dict(now))
    assert watch.look() == b""
    assert watch.look() == b""
    now[1, "components"] = now[2, "grids"] = "b"
    now[3, "layer"] = "new"
    said = watch.look()
    assert said == (
        b'event: map\ndata: {"city":1,"collections":["components"]}\n\n'
        b'event: map\ndata: {"city":2,"collections":["grids"]}\n\n'
        b'event: map\ndata: {"city":3,"collections":["layer"]}\n\n'
    )
    assert watch.look() == b""


def test_a_look_that_fails_forgets_nothing() -> None:
    answers: list[Mapping[tuple[int, str], str] | None] = [{(1, "grids"): "a"}, None]
    answers.append({(1, "grids"): "b"})

    def look() -> Mapping[tuple[int, str], str]:
        found = answers.pop(0)
        if found is None:
            raise RuntimeError
        return found

    watch = MapWatch(look)
    assert watch.look() == b""
    with pytest.raises(RuntimeError):
        watch.look()
    assert b"grids" in watch.look()
