"""Change sets over a register of things: review by another person, whole or not at all, undone."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor, Grant
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import AuditEntry, Event
from chengyun.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from chengyun.places import reads, verbs
from chengyun.places.decide.changing import Problem
from chengyun.places.models import ChangeSet
from chengyun.places.ports import appliers
from tests.places.test_api import get  # noqa: F401, the fixture
from tests.places.test_verbs import NOW, add_city

pytestmark = pytest.mark.django_db
CITY = areas.pack(1)


class Things:
    """A register in memory."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}

    def current(self, head: Any, target_ids: Any) -> Any:
        return {one: self.held[one] for one in target_ids if one in self.held}

    def check(self, head: Any, changes: Any, now: Any) -> Any:
        said = {"zh": "太大", "en": "too large"}
        return {
            one.order: [Problem("too_large", said, "size")]
            for one in changes
            if one.after and one.after.get("size", 0) > 9
        }

    def _write(self, target: str, state: Any) -> None:
        if state is None:
            del self.held[target]
        else:
            self.held[target] = state

    def apply(self, head: Any, changes: Any, now: Any) -> None:
        for one in changes:
            self._write(one.target_id, one.after)

    def undo(self, head: Any, changes: Any, now: Any) -> None:
        for one in changes:
            self._write(one.target_id, one.before)


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> Things:
    made = Things()
    monkeypatch.setitem(appliers._kinds, "things", made)
    add_city()
    return made


def person(post: str, area_no: int = CITY) -> Actor:
    return Actor("user", new_id(), post, (Grant(post, new_id(), area_no),))


def opened(*changes: dict[str, Any], by: Actor = SYSTEM, **more: Any) -> Any:
    given = {"area_no": CITY, "subject": "things", "title": "t"} | more
    return verbs.open_set(by, now=NOW, changes=changes, **given)["id"]


def add(target: str, **after: Any) -> dict[str, Any]:
    return {"action": "add", "target_id": target, "after": after}


def carried(set_id: Any, *names: str) -> None:
    for name in names:
        verb = getattr(verbs, f"{name}_set")
        verb(SYSTEM, now=NOW, set_id=set_id, **({"reason": "x"} if name == "roll_back" else {}))


def test_from_draft_to_applied_and_back_and_again(things: Things) -> None:
    things.held = {"b": {"size": 1, "name": "B"}, "c": {"size": 2}}
    before = dict(things.held)
    set_id = opened(
        add("a", size=3),
        {"action": "change", "target_id": "b", "after": {"size": 5}},
        {"action": "retire", "target_id": "c"},
    )
    assert things.held == before
    carried(set_id, "propose", "approve", "apply")
    after = {"a": {"size": 3}, "b": {"size": 5, "name": "B"}}
    assert things.held == after
    carried(set_id, "roll_back")
    assert things.held == before
    carried(set_id, "replay")
    assert things.held == after
    row = ChangeSet.objects.get(pk=set_id)
    assert (row.state, row.version) == ("applied", 3)
    names = list(Event.objects.filter(subject_id=set_id).order_by("seq").values_list("name"))
    assert [one for (one,) in names] == [
        *("places.changes_applied", "places.changes_rolled_back", "places.changes_applied"),
    ]
    assert AuditEntry.objects.filter(subject_id=str(set_id), verb="places.apply_set").exists()


def test_the_author_does_not_approve_and_a_key_does_not_either(things: Things) -> None:
    leader, other = person("leader"), person("leader")
    set_id = opened(add("a"), by=leader)
    verbs.propose_set(leader, now=NOW, set_id=set_id)
    with pytest.raises(Forbidden) as refused:
        verbs.approve_set(leader, now=NOW, set_id=set_id)
    assert refused.value.code == "second_person"
    key = Actor("key", new_id(), "key", other.grants)
    with pytest.raises(Forbidden):
        verbs.approve_set(key, now=NOW, set_id=set_id)
    with pytest.raises(Forbidden):
        verbs.approve_set(person("collector"), now=NOW, set_id=set_id)
    assert "approve" not in reads.change_set(leader, set_id)["moves"]
    assert "approve" in reads.change_set(other, set_id)["moves"]
    verbs.approve_set(other, now=NOW, set_id=set_id)
    verbs.apply_set(person("system_admin"), now=NOW, set_id=set_id)
    assert things.held == {"a": {}}


def test_who_may_propose_where(things: Things) -> None:
    district = areas.pack(1, 1)
    opened(add("a"), by=person("collector", district), area_no=areas.pack(1, 1, 1))
    with pytest.raises(Forbidden):
        opened(add("b"), by=person("collector", district), area_no=areas.pack(1, 2))
    with pytest.raises(Forbidden):
        opened(add("b"), by=person("evaluator"))
    with pytest.raises(NotFound):
        opened(add("b"), by=person("collector", areas.pack(2)))
    with pytest.raises(Invalid):
        opened(add("b"), subject="nothing")


def test_another_citys_sets_are_not_there(things: Things) -> None:
    stranger = person("leader", areas.pack(2))
    set_id = opened(add("a"))
    assert reads.change_sets(stranger)[0] == []
    with pytest.raises(NotFound):
        reads.change_set(stranger, set_id)
    with pytest.raises(NotFound):
        verbs.propose_set(stranger, now=NOW, set_id=set_id)


def test_an_error_stops_the_set_and_says_which_change(things: Things) -> None:
    set_id = opened(add("a", size=1), add("b", size=10))
    with pytest.raises(Conflict) as refused:
        carried(set_id, "propose")
    assert [p["order"] for p in refused.value.extra["problems"]] == [2]
    change = {"action": "add", "target_id": "b", "after": {"size": 2}}
    verbs.add_changes(SYSTEM, now=NOW, set_id=set_id, changes=[change])
    carried(set_id, "propose", "approve", "apply")
    assert things.held == {"a": {"size": 1}, "b": {"size": 2}}


def test_what_changed_meanwhile_stops_applying_and_undoing(things: Things) -> None:
    things.held = {"a": {"size": 1}}
    set_id = opened({"action": "change", "target_id": "a", "after": {"size": 2}})
    carried(set_id, "propose", "approve")
    things.held["a"] = {"size": 7}
    with pytest.raises(Conflict) as refused:
        carried(set_id, "apply")
    assert refused.value.code == "changed_since"
    assert refused.value.extra["targets"][0]["diff"][0]["after"] == 7
    things.held["a"] = {"size": 1}
    carried(set_id, "apply")
    things.held["a"] = {"size": 8}
    with pytest.raises(Conflict):
        carried(set_id, "roll_back")
    assert things.held == {"a": {"size": 8}}


def test_a_set_goes_no_way_twice(things: Things) -> None:
    set_id = opened(add("a"))
    carried(set_id, "propose", "approve", "apply")
    for again in ("propose", "approve", "apply", "replay"):
        with pytest.raises(Conflict):
            carried(set_id, again)
    with pytest.raises(Conflict):
        verbs.add_changes(SYSTEM, now=NOW, set_id=set_id, changes=[add("z")])


TARGETS = st.sampled_from("abcdef")
STATE = st.fixed_dictionaries({"size": st.integers(0, 9)})


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    held=st.dictionaries(TARGETS, STATE),
    wanted=st.dictionaries(TARGETS, st.one_of(st.none(), STATE), min_size=1),
)
def test_undone_is_as_before_and_replayed_is_the_same(
    things: Things, held: dict[str, Any], wanted: dict[str, Any]
) -> None:
    things.held = dict(held)
    changes = []
    for target, after in wanted.items():
        if target not in held and after is None:
            continue
        action = "retire" if after is None else "change" if target in held else "add"
        changes.append({"action": action, "target_id": target, "after": after})
    if not changes:
        return
    with transaction.atomic():
        set_id = opened(*changes)
        carried(set_id, "propose", "approve", "apply")
        applied = dict(things.held)
        carried(set_id, "roll_back")
        assert things.held == held
        carried(set_id, "replay")
        assert things.held == applied


def test_over_http_with_pages_and_problems(things: Things, get: Any) -> None:  # noqa: F811
    route, json = "/change-sets", {"content_type": "application/json", "method": "post"}
    assert get(route, None).status_code == 401
    body = {"subject": "things", "title": "Survey", "changes": [add(f"t{n}") for n in range(5)]}
    leader = person("leader")
    made = get(route, leader, data=body, **json)
    assert made.status_code == 201
    one = f"{route}/{made.json()['id']}"
    page = get(f"{one}/changes?limit=3", leader).json()
    assert [c["order"] for c in page["items"]] == [1, 2, 3]
    rest = get(f"{one}/changes?limit=3&cursor={page['next']}", leader).json()
    assert [c["order"] for c in rest["items"]] == [4, 5]
    assert get(one, leader).json()["counts"] == {"add": 5}
    assert get(f"{one}/changes?problems=true", leader).json()["items"] == []
    assert get(f"{one}/propose", leader, data={}, **json).json()["state"] == "proposed"
    assert get(f"{one}/reject", leader, data={"reason": ""}, **json).status_code == 422
    assert get(f"{one}/reject", leader, data={"reason": "no"}, **json).json()["state"] == "rejected"
    assert get(f"{one}/apply", leader, data={}, **json).status_code == 409
    assert get(f"{route}?state=gone", leader).status_code == 422
    assert get(f"{route}?target=t1", leader).json()["items"][0]["title"] == "Survey"
    assert get(f"{route}/{new_id()}", leader).status_code == 404
    bad = body | {"changes": [{"action": "explode"}]}
    assert get(route, leader, data=bad, **json).status_code == 422
