"""What signals do: cases on the right desk, notices, incidents; joining, silences, escalation."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chengyun.cases.models import Case
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.models import Event
from chengyun.notices.models import Notice
from chengyun.rules import verbs
from chengyun.rules.models import Signal, SignalStep
from chengyun.sensing import verbs as sensing
from chengyun.sensing.models import Thing
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs import NewThing
from chengyun.sensing.verbs.storing import forget_days
from tests.app.world import NOW, SPOT, World
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import Desk, as_owner
from tests.rules.declared import flood, load
from tests.sensing.senses import declare, no, readings

__all__ = ["city", "clock", "desk", "world"]
PONDING = "GBT30428.2/event/0110"
TELL = {"template": "signal-opened", "posts": ["shift_leader"]}


@pytest.fixture
def gauges(world: World) -> Iterator[list[str]]:
    forget_streams()
    forget_days()
    declare()
    items = tuple(
        NewThing(code=code, kind="gauge", lon=SPOT[0] + n * 1e-4, lat=SPOT[1], name=f"水位计{n}")
        for n, code in enumerate(("g0", "g1"))
    )
    assert not sensing.register_things(SYSTEM, now=NOW, items=items)["rejects"]
    yield ["g0", "g1"]
    forget_streams()
    forget_days()


def case_of(**more: Any) -> dict[str, Any]:
    return {
        "kind": PONDING,
        "text": {"zh": "{thing}水位{level_m}米，超过{most}", "en": "{thing}: {level_m}"},
        **more,
    }


def ponding(**more: Any) -> dict[str, Any]:
    return flood(
        inputs={"level_m": {"of": "level"}},
        levels=[
            {"severity": 3, "when": "level_m > most"},
            {"severity": 1, "when": "level_m > 3 * most"},
        ],
        **more,
    )


def say(code: str, minute: float, value: float) -> None:
    at = NOW + timedelta(minutes=minute)
    sensing.take(readings([(no(code), at, value)]), now=at, door="test")
    follow(minute)


def follow(minute: float) -> None:
    """One step. Everything is one transaction here, so batches are followed as if committed."""
    verbs.step(NOW + timedelta(minutes=minute))


@pytest.fixture(autouse=True)
def all_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    # What this transaction wrote is below no snapshot: the order of commits is tested elsewhere.
    monkeypatch.setattr("chengyun.sensing.reads.batches.DONE", "true")


def test_a_signal_reports_a_case_that_is_dispatched(gauges):
    load(ponding(then={"case": case_of()}))
    say("g0", 0, 0.8)
    signal, case = Signal.objects.get(), Case.objects.get()
    assert (signal.case_id, signal.case_no) == (case.id, case.no)
    assert case.source == "sensor"
    assert case.text == "水位计0水位0.8米，超过0.5 m"
    assert case.state == "pending_handle"
    assert (case.external_source, case.external_id) == ("signal", str(signal.id))


def test_a_worse_signal_reports_no_second_case(gauges):
    load(ponding(then={"case": case_of()}))
    say("g0", 0, 0.8)
    say("g0", 1, 1.9)
    assert Signal.objects.get().severity == 1
    assert Case.objects.count() == 1


def test_a_mild_signal_waits_until_it_is_bad_enough(gauges):
    load(ponding(then={"case": case_of(worst=1)}))
    say("g0", 0, 0.8)
    assert not Case.objects.exists()
    say("g0", 1, 1.9)
    assert Case.objects.count() == 1


def test_a_refused_case_says_why_and_stops_nobody(gauges):
    load(ponding(then={"case": case_of(kind="no-such-kind")}))
    say("g0", 0, 0.8)
    step = SignalStep.objects.get(what="case")
    assert "kind" in step.note
    assert Signal.objects.get().case_id is None


def test_a_simulated_thing_makes_a_simulated_case(gauges):
    Thing.objects.update(simulated=True)
    load(ponding(then={"case": case_of()}))
    say("g0", 0, 0.8)
    assert Case.objects.get().simulated


def test_rules_of_one_matter_report_one_case(gauges):
    other = {**ponding(then={"case": case_of()}), "id": "second", "correlate": "water"}
    first = {**ponding(then={"case": case_of()}), "correlate": "water", "correlate_s": 600}
    load(first, {**other, "correlate_s": 600})
    say("g0", 0, 0.8)
    assert Signal.objects.count() == 2
    assert Case.objects.count() == 1
    joined = Signal.objects.get(joined_to__isnull=False)
    assert joined.case_id == Case.objects.get().id


def test_an_incident_is_asked_for(gauges):
    load(ponding(then={"incident": {"plan": "flood", "worst": 1}}))
    say("g0", 0, 0.8)
    assert not Event.objects.filter(name="rules.incident_asked").exists()
    say("g0", 1, 1.9)
    event = Event.objects.get(name="rules.incident_asked")
    assert event.data["plan"] == "flood"


def test_people_are_told_and_told_again_when_it_grows_worse(gauges):
    load(ponding(then={"tell": [TELL]}))
    say("g0", 0, 0.8)
    say("g0", 1, 1.9)
    told = Notice.objects.filter(subject_kind="signal").order_by("created_at")
    assert [one.level for one in told] == [3, 1]
    assert "水位计0" in told[0].title["zh"] + told[0].body["zh"]


def test_nobody_acknowledged_so_the_next_area_up_hears_of_it(gauges):
    escalate = {
        "after_minutes": 5,
        "posts": ["shift_leader", "leader"],
        "template": TELL["template"],
    }
    load(ponding(escalate=escalate))
    say("g0", 0, 0.8)
    verbs.escalate(NOW + timedelta(minutes=4))
    assert Signal.objects.get().escalated == 0
    verbs.escalate(NOW + timedelta(minutes=6))
    assert Signal.objects.get().escalated == 1
    assert Notice.objects.filter(subject_kind="signal").exists()


def test_an_acknowledged_signal_escalates_no_further(gauges, desk: Desk):
    escalate = {"after_minutes": 5, "posts": ["shift_leader"], "template": TELL["template"]}
    with as_owner():
        load(ponding(escalate=escalate))
        say("g0", 0, 0.8)
    signal = desk.get("shift_leader", "/signals")["items"][0]
    done = desk.ask("shift_leader", "POST", f"/signals/{signal['id']}/acknowledge")
    assert done.status == 200, done.body
    again = desk.ask("shift_leader", "POST", f"/signals/{signal['id']}/acknowledge")
    assert again.status == 409
    with as_owner():
        verbs.escalate(NOW + timedelta(minutes=6))
        assert Signal.objects.get().escalated == 0


def test_a_false_alarm_counts_against_its_rule(gauges, desk: Desk):
    with as_owner():
        load(ponding())
        say("g0", 0, 0.8)
    signal = desk.get("shift_leader", "/signals")["items"][0]
    path = f"/signals/{signal['id']}/judgement"
    empty = desk.ask("shift_leader", "POST", path, {"judgement": "false"})
    assert (empty.status, empty.fields) == (422, ["reason"])
    said = {"judgement": "false", "reason": "传感器被垃圾遮挡"}
    assert desk.ask("shift_leader", "POST", path, said).status == 200
    rule = desk.get("shift_leader", "/rules")["items"][0]
    assert (rule["fired"], rule["judged_false"], rule["false_share"]) == (1, 1, 1.0)


def test_silence_shows_and_does_nothing_and_what_is_left_acts_afterwards(gauges, desk: Desk):
    with as_owner():
        load(ponding(then={"case": case_of()}))
        thing_id = str(Thing.objects.get(code="g0").id)
    ends = (NOW + timedelta(minutes=30)).isoformat()
    asked = {"thing_id": thing_id, "ends_at": ends, "reason": "清洗"}
    made = desk.ask("shift_leader", "POST", "/silences", asked)
    assert made.status == 201, made.body
    with as_owner():
        say("g0", 1, 0.8)
        assert Signal.objects.get().muted
        assert not Case.objects.exists()
        verbs.unmute(NOW + timedelta(minutes=10))
        assert not Case.objects.exists()
        verbs.unmute(NOW + timedelta(minutes=31))
        assert Case.objects.count() == 1


def test_signals_of_other_places_are_not_there(gauges, desk: Desk):
    with as_owner():
        load(ponding())
        say("g0", 0, 0.8)
        found = str(Signal.objects.get().id)
    assert desk.get("stranger", "/signals")["items"] == []
    assert desk.ask("stranger", "GET", f"/signals/{found}").status == 404
    assert desk.ask("stranger", "POST", f"/signals/{found}/acknowledge").status == 404
    assert desk.ask(None, "GET", "/signals").status == 401


def test_a_rule_is_written_tried_and_brought_into_force(gauges, desk: Desk):
    with as_owner():
        load(ponding())
        say("g0", 0, 0.4)
        say("g0", 5, 0.3)
    rule = desk.get("leader", "/rules/flood-level").body
    content = {k: v for k, v in rule["content"].items() if k != "tables"}
    content["figures"]["most"]["value"] = 0.35
    span = {"since": NOW.isoformat(), "until": (NOW + timedelta(hours=1)).isoformat()}
    before = (NOW - timedelta(seconds=1)).isoformat()
    tried = desk.ask(
        "leader", "POST", "/rules/flood-level/trial", {**span, "since": before, "content": content}
    )
    assert tried.status == 200, tried.body
    assert [(one["thing"], one["severity"]) for one in tried["spells"]] == [("g0", 3)]
    wrong = {**content, "levels": [{"severity": 3, "when": "levl > most"}]}
    refused = desk.ask("leader", "POST", "/rules/flood-level/trial", {**span, "content": wrong})
    assert (refused.status, refused.fields) == (422, ["levels.0.when"])
    asked = {"content": content, "based_on": rule["version"], "note": "more careful"}
    made = desk.ask("leader", "POST", "/rules/flood-level/versions", asked)
    assert made.status == 201, made.body
    done = desk.ask("leader", "POST", f"/rules/flood-level/versions/{made['version']}/activate")
    assert done.status == 200
    with as_owner():
        say("g0", 10, 0.4)
        assert Signal.objects.get().rule_version == made["version"]
    assert desk.ask("handler", "POST", "/rules/flood-level/versions", asked).status == 403
