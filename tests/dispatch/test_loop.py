"""A report through the whole loop: routed by the list in force, refused, and shown as such."""

from typing import Any
from uuid import UUID

import pytest
from shapely import box, to_wkb

from chengyun.cases import ports
from chengyun.cases import verbs as cases
from chengyun.cases.decide.kinds import CaseKind, Condition, Limit
from chengyun.cases.models import Case
from chengyun.dispatch import verbs
from chengyun.dispatch.models import RouteOutcome
from chengyun.dispatch.reads import DutyRouter, quality
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.following import step
from chengyun.kernel.text import text
from chengyun.places.models import City, Region
from tests.dispatch.conftest import NOW, person
from tests.dispatch.decide.world import CITY, LITTER, N1, N1_CLEAN, N1_OFFICE, NORTH, entry

NAME = text("暴露垃圾", "Litter")
KIND = CaseKind(
    id=LITTER,
    scheme="S",
    type="event",
    code="0101",
    major_code="01",
    major=NAME,
    minor_code="01",
    name=NAME,
    conditions=(Condition("c1", NAME, NAME, Limit(4, "UH")),),
    public=True,
)


@pytest.fixture
def loop(city: int, author: Actor, leader: Actor) -> Any:
    """The city with ground under it, one kind, a list in force, and dispatch bound as router."""
    ground = box(121.0, 31.0, 121.4, 31.4)
    around = Region.objects.filter(city_id=city)
    around.exclude(area_no__in=(CITY, NORTH, N1)).update(valid_to=NOW.date())
    around.filter(valid_to=None).update(boundary=to_wkb(ground))
    City.objects.get(pk=city).touch()
    cases.load_kinds(SYSTEM, now=NOW, kinds=(KIND,))
    body = {"id": "ours", "version": "1", "entries": [entry("litter")]}
    made = verbs.save_draft(author, now=NOW, city_no=city, content=body)
    verbs.activate_list(leader, now=NOW, list_id=made["id"])
    before = ports.router()
    ports.bind_router(DutyRouter(look_every=0))
    yield
    ports.bind_router(before)


@pytest.mark.django_db(transaction=True)
def test_a_report_is_dispatched_by_the_list_and_its_refusal_shows(loop: None, city: int) -> None:
    item = cases.Intake(
        text="垃圾",
        source="public",
        kind_id=LITTER,
        condition_id="c1",
        city_no=city,
        lon=121.2,
        lat=31.2,
    )
    receipt = cases.report(SYSTEM, now=NOW, item=item)
    case = Case.objects.get(pk=receipt["id"])
    assert (case.state, case.lead_unit) == ("pending_handle", N1_CLEAN.id)
    step("dispatch.quality", NOW)
    outcome = RouteOutcome.objects.get()
    assert (outcome.rule, outcome.rule_version, outcome.outcome) == ("litter", "ours@1", "open")

    head = person("head", "department", N1, N1_CLEAN.id)
    cases.move(
        head, now=NOW, case_id=case.id, move="return_step", params={"reason": "not our ground"}
    )
    step("dispatch.quality", NOW)
    (rule,) = quality(SYSTEM, city)
    assert (rule.refused, rule.accuracy) == (1, 0.0)

    dispatcher = person("dispatcher", "dispatcher")
    params = {"unit": str(N1_OFFICE.id), "reason": "by hand"}
    cases.move(dispatcher, now=NOW, case_id=case.id, move="redispatch", params=params)
    step("dispatch.quality", NOW)
    assert Case.objects.get(pk=case.id).lead_unit == N1_OFFICE.id
    assert RouteOutcome.objects.get(pk=UUID(str(outcome.pk))).outcome == "refused"
