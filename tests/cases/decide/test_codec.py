"""Events, states and commands survive JSON; a stranger's mistakes are named by their path."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from chengyun.cases import events as e
from chengyun.cases.decide import codec
from chengyun.cases.decide import commands as c
from chengyun.cases.decide.decider import MOVES
from chengyun.cases.decide.fold import evolve, replay
from chengyun.cases.decide.state import state_from_data
from chengyun.kernel.actor import PUBLIC
from tests.cases.decide.test_asking import suspended
from tests.cases.decide.test_closing import overdue_and_closed
from tests.cases.decide.world import (
    DEPARTMENT,
    DRAINAGE,
    LEADER,
    Story,
    automatic,
    handled,
    named,
    pending_handle,
)


def stories() -> list[Story]:
    return [
        automatic(DRAINAGE),
        suspended(),
        overdue_and_closed().does(PUBLIC, c.Rate(3)).does(DEPARTMENT, c.MakeAppeal("rain")),
        pending_handle().does(LEADER, c.Supervise(listed=True)).later(days=9).ticked(),
        handled().does(DEPARTMENT, c.RequestVoid("x")),
    ]


def test_events_and_state_come_back_from_json_as_they_were() -> None:
    for story in stories():
        wire = json.loads(json.dumps([[x.name, x.to_data()] for x in story.history]))
        history = [e.from_data(name, data) for name, data in wire]
        assert history == story.history
        assert replay(history) == story.case
        assert state_from_data(json.loads(json.dumps(story.case.to_data()))) == story.case


def test_every_event_is_registered_by_its_public_name() -> None:
    assert e.EVENTS["cases.CaseFiled"] is e.CaseFiled
    assert {kind.__name__ for kind in e.EVENTS.values()} == {
        name for name in e.__all__ if name[0].isupper()
    } - {"CaseEvent", "Stamp", "EVENTS"}


def test_every_move_has_its_command() -> None:
    assert set(MOVES) == set(c.MOVE_COMMANDS)
    assert all(kind.move == move for move, kind in c.MOVE_COMMANDS.items())


def test_a_command_is_read_from_params() -> None:
    unit = named("unit")
    read = c.command_from("dispatch", {"unit": str(unit), "co_units": [str(unit)], "note": "n"})
    assert read == c.Dispatch(unit, (unit,), "n")
    when = c.command_from("request_suspension", {"until": "2026-07-01T08:00:00Z", "reason": "r"})
    assert when == c.RequestSuspension(datetime(2026, 7, 1, 8, tzinfo=UTC), "r")
    parts = [{"id": str(unit), "no": "P1"}]
    assert c.command_from("split", {"parts": parts}) == c.Split((c.Part(unit, "P1"),))


@pytest.mark.parametrize(
    ("move", "params", "field", "reason"),
    [
        ("dispatch", {}, "unit", "is required"),
        ("dispatch", {"unit": "x"}, "unit", "UUID"),
        ("dispatch", {"unit": 7}, "unit", "UUID"),
        ("dispatch", {"unit": str(UUID(int=1)), "co_units": "x"}, "co_units", "a list"),
        ("dispatch", {"unit": str(UUID(int=1)), "co_units": [1]}, "co_units.0", "UUID"),
        ("accept", {"close": True}, "close", "not a field"),
        ("accept", {"area_no": True}, "area_no", "whole number"),
        ("accept", {"note": 5}, "note", "a text"),
        ("check_result", {"passed": 1}, "passed", "true or false"),
        ("rate", {"score": "5"}, "score", "whole number"),
        ("rate", {"score": 4.5}, "score", "whole number"),
        ("escalate", {"level": "moon"}, "level", "one of street"),
        ("request_suspension", {"until": "2026-07-01T08:00"}, "until", "time zone"),
        ("request_suspension", {"until": "soon"}, "until", "date and time"),
        ("split", {"parts": [{"no": "x"}]}, "parts.0.id", "is required"),
        ("split", {"parts": [3]}, "parts.0", "an object"),
    ],
)
def test_bad_params_are_named_by_their_path(
    move: str, params: dict[str, object], field: str, reason: str
) -> None:
    with pytest.raises(codec.Malformed, match=reason) as caught:
        c.command_from(move, params)
    assert caught.value.field == field


def test_params_that_are_no_object_are_refused() -> None:
    with pytest.raises(codec.Malformed, match="must be an object"):
        c.command_from("accept", [])  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        c.command_from("teleport", {})


def test_an_event_out_of_order_is_not_folded() -> None:
    story = pending_handle()
    with pytest.raises(ValueError, match="does not follow"):
        evolve(story.case, story.history[-1])
    with pytest.raises(ValueError, match="cannot begin"):
        evolve(None, story.history[1])
    with pytest.raises(ValueError, match="does not follow"):
        evolve(story.case, automatic().history[0])
