"""A batch of moves does what the same moves do one by one, refusals included."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun.cases import verbs
from chengyun.cases.models import Case, CasePhoto
from chengyun.cases.verbs import BatchMove
from chengyun.kernel.actor import PUBLIC, SYSTEM
from chengyun.kernel.models import Event, Upload
from chengyun.kernel.problems import Problem
from tests.app.world import LITTER, NOW, SPOT, World

WHO = ("acceptor", "shift_leader", "dispatcher", "department", "handler", "collector", "stranger")
# (who, move, params); "unit" and "handler" are filled in, "photo" is an upload of the mover's.
STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("acceptor", "accept", {}),
    ("shift_leader", "file", {"kind_id": LITTER, "condition_id": "exposed"}),
    ("shift_leader", "file", {"kind_id": "none", "condition_id": "exposed"}),
    ("dispatcher", "dispatch", {"unit": "unit"}),
    ("dispatcher", "redispatch", {"unit": "other", "reason": "x"}),
    ("dispatcher", "dispatch", {"unit": "00000000-0000-0000-0000-000000000000"}),
    ("department", "assign", {"handler_id": "handler"}),
    ("department", "return_step", {"reason": "not ours"}),
    ("department", "revoke_assign", {}),
    ("department", "request_extension", {"reason": "rain"}),
    ("dispatcher", "approve_extension", {}),
    ("handler", "start", {}),
    ("handler", "handle", {"after": ["photo"], "before": ["photo"]}),
    ("handler", "handle", {}),
    ("department", "feedback", {}),
    ("collector", "check_result", {"passed": True}),
    ("collector", "check_result", {"passed": False, "note": "dirty"}),
    ("shift_leader", "close", {"closing_condition": "exposed"}),
    ("acceptor", "merge", {"into": "first", "reason": "same"}),
    ("acceptor", "split", {"parts": [{"kind_id": LITTER}], "reason": "two matters"}),
    ("stranger", "accept", {}),
    ("acceptor", "no_such_move", {}),
)
GOOD = (0, 1, 3, 6, 11, 12, 14, 15, 17)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def reported(world: World, kind: str | None, shift: int) -> dict[str, Any]:
    item = verbs.Intake(
        text="垃圾",
        source="hotline",
        kind_id=kind,
        city_no=world.city_no,
        lon=SPOT[0] + 0.002 * shift,
        lat=SPOT[1],
    )
    return verbs.report(world.actor("acceptor"), now=NOW, item=item)


def moves_of(
    world: World, cases: list[dict[str, Any]], chosen: list[tuple[int, int]]
) -> list[BatchMove]:
    """The moves, half a minute apart; photos are uploaded beforehand."""
    known = {
        "unit": str(world.unit("310101001-san")),
        "other": str(world.unit("310101-san")),
        "handler": str(world.users["handler"].id),
        "first": cases[0]["id"],
    }
    made = []
    for at, (which, step) in enumerate(chosen):
        who, move, params = STEPS[step]
        actor = world.actor(who)
        filled: dict[str, Any] = {}
        for name, value in params.items():
            if value == ["photo"]:
                filled[name] = [str(uploaded(world, who))]
            else:
                filled[name] = known.get(value, value) if isinstance(value, str) else value
        case = UUID(cases[which]["id"])
        when = NOW + timedelta(seconds=30 * (at + 1))
        made.append(BatchMove(actor, move, filled, case, None, when))
    return made


_marks = itertools.count()


def uploaded(world: World, who: str) -> UUID:
    row = Upload.objects.create(
        owner_id=world.users[who].id,
        sha256=str(next(_marks)).encode(),
        width=8,
        height=8,
        size=8,
        created_at=NOW,
    )
    return row.id


def written() -> dict[str, Any]:
    """Everything that the moves left, ids of what they began replaced by places."""
    fields = ("state", "version", "area_no", "unit_ids", "kind_id", "condition_id", "level")
    fields += ("is_public", "handler_id", "due_at", "sort_at", "next_tick_at", "reports", "open")
    ids = {pk: at for at, pk in enumerate(Case.objects.order_by("no").values_list("pk", flat=True))}
    events = [
        (ids[e.subject_id], e.subject_version, e.name, e.occurred_at, e.actor_name, e.area_no)
        for e in Event.objects.filter(subject_id__in=ids)
    ]
    return {
        "cases": list(Case.objects.order_by("no").values_list(*fields)),
        "events": sorted(events),
        "photos": sorted(CasePhoto.objects.values_list("upload_id", "role", "added_at")),
        "used": sorted(Upload.objects.exclude(used_at=None).values_list("pk", "used_at")),
    }


def singly(moves: list[BatchMove]) -> list[str]:
    said = []
    for one in moves:
        assert one.at is not None
        try:
            done = verbs.move(
                one.actor, now=one.at, case_id=one.case_id, move=one.move, params=one.params
            )
            said.append(done["state"])
        except Problem as problem:
            said.append(problem.code)
    return said


def together(moves: list[BatchMove]) -> list[str]:
    done = verbs.move_batch(SYSTEM, now=NOW, items=tuple(moves))["results"]
    return [one["state"] if one["ok"] else one["problem"]["code"] for one in done]


def compare(world: World, chosen: list[tuple[int, int]]) -> list[str]:
    cases = [reported(world, LITTER, 0), reported(world, None, 1), reported(world, LITTER, 2)]
    moves = moves_of(world, cases, chosen)
    with undone():
        first = singly(moves)
        one_by_one = written()
    with undone():
        second = together(moves)
        batch = written()
    assert second == first
    assert batch == one_by_one
    return first


def test_a_whole_life_in_one_batch(world: World) -> None:
    said = compare(world, [(1, step) for step in GOOD] + [(0, 12), (1, 0)])
    assert "closed" in said
    assert said[-1] == "wrong_state"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([*GOOD, *GOOD, *range(len(STEPS))])),
        min_size=1,
        max_size=14,
    )
)
def test_a_batch_is_its_moves_one_by_one(world: World, chosen: list[tuple[int, int]]) -> None:
    with undone():
        compare(world, chosen)


def test_the_states_it_leaves_are_taken_up_by_the_next(world: World) -> None:
    case = reported(world, None, 0)
    states: dict[UUID, Any] = {}
    for step in (one for one in GOOD if STEPS[one][1] != "dispatch"):
        move = moves_of(world, [case], [(0, step)])[0]
        done = verbs.move_batch(SYSTEM, now=NOW, items=(move,), states=states)
        assert done["count"] == 1, done
    assert states[UUID(case["id"])].state == "closed"
    # Somebody else moves it meanwhile: what is remembered is not believed any more.
    verbs.move(
        world.actor("shift_leader"),
        now=NOW + timedelta(hours=1),
        case_id=UUID(case["id"]),
        move="reopen",
        params={"reason": "again"},
    )
    rate = BatchMove(PUBLIC, "rate", {"score": 5}, code=case["track_code"])
    done = verbs.move_batch(SYSTEM, now=NOW, items=(rate,), states=states)
    assert done["results"][0]["problem"]["code"] == "wrong_state"


def test_the_public_moves_by_code_only(world: World) -> None:
    case = reported(world, LITTER, 0)
    urge = {"note": "please"}
    by_id = BatchMove(PUBLIC, "urge", urge, UUID(case["id"]))
    by_code = BatchMove(PUBLIC, "urge", urge, code=case["track_code"])
    done = verbs.move_batch(SYSTEM, now=NOW, items=(by_id, by_code))["results"]
    assert [one["ok"] for one in done] == [False, True]
    assert done[0]["problem"]["code"] == "not_found"
