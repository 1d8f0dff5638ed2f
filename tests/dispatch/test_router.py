"""The router on the database: what is in force, seen at once or within its interval."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chengyun.cases.ports import Router
from chengyun.dispatch import verbs
from chengyun.dispatch.models import DutyList
from chengyun.dispatch.reads import DutyRouter
from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.clock import FixedClock
from chengyun.people.models import Organisation
from chengyun.places.models import City, Region
from tests.dispatch.conftest import NOW
from tests.dispatch.decide.world import CITY, N1_CLEAN, N1_OFFICE, entry, query


def put(author: Actor, leader: Actor, version: str, *entries: dict[str, Any]) -> None:
    body = {"id": "ours", "version": version, "entries": list(entries)}
    made = verbs.save_draft(author, now=NOW, city_no=CITY, content=body)
    verbs.activate_list(leader, now=NOW, list_id=made["id"])


def test_it_is_a_router_and_says_when_there_is_no_list(city: int, router: Router) -> None:
    (decision,) = router.route([query()], city=city)
    assert decision.lead is None
    assert decision.reasons[0]["en"] == "The city has no duty list in force."


def test_a_new_list_a_new_unit_and_a_new_area_are_seen(
    city: int, author: Actor, leader: Actor, router: DutyRouter
) -> None:
    put(author, leader, "1", entry("a"), entry("b", area="310109", lead={"org": "U5"}))
    assert router.route([query()], city=city)[0].lead == N1_CLEAN.id
    put(author, leader, "2", entry("a", lead={"org": "U5"}))
    (decision,) = router.route([query()], city=city)
    assert (decision.lead, decision.rule_version) == (N1_OFFICE.id, "ours@2")
    Organisation.objects.filter(code="U5").update(valid_to=NOW, changed_at=NOW)
    assert router.route([query()], city=city)[0].lead is None
    put(author, leader, "3", entry("b", area="310109", lead={"org": "U1"}))
    new = areas.pack(1, 9)
    assert router.route([query(area_no=new)], city=city)[0].lead is None
    made = City.objects.get(pk=city)
    Region.objects.create(
        area_no=new,
        city=made,
        parent_no=city,
        level="district",
        code="310109",
        name_zh="新区",
        valid_from=NOW.date(),
    )
    made.touch()
    assert router.route([query(area_no=new)], city=city)[0].rule == "b"


def test_answers_come_in_order_and_from_any_area_of_the_city(
    city: int, author: Actor, leader: Actor, router: DutyRouter
) -> None:
    put(author, leader, "1", entry("a"))
    asked = [query("S/none"), query(), query("S/none")]
    leads = [d.lead for d in router.route(asked, city=areas.pack(1, 1))]
    assert leads == [None, N1_CLEAN.id, None]


def test_within_its_interval_it_asks_the_database_nothing(
    city: int, author: Actor, leader: Actor
) -> None:
    put(author, leader, "1", entry("a"))
    seconds = [0.0]
    router = DutyRouter(look_every=1.0, clock=FixedClock(NOW), tick=lambda: seconds[0])
    router.route([query()], city=city)
    with CaptureQueriesContext(
        connection,
    ) as told:
        router.route([query()] * 100, city=city)
    assert len(told) == 0
    seconds[0] = 1.5
    with CaptureQueriesContext(connection) as told:
        router.route([query()], city=city)
    assert len(told) == 3  # nothing changed: list, map and organisations only looked at
    put(author, leader, "2", entry("a", lead={"org": "U5"}))  # this process's own doing
    assert router.route([query()], city=city)[0].lead == N1_OFFICE.id
    router.forget()
    assert router.route([query()], city=city)[0].lead == N1_OFFICE.id


@pytest.mark.django_db(transaction=True)
def test_threads_share_a_router(city: int, author: Actor, leader: Actor) -> None:
    put(author, leader, "1", entry("a"))
    router = DutyRouter(look_every=0.001)
    leads: list[object] = []

    def ask() -> None:
        try:
            for step in range(50):
                at = NOW + timedelta(minutes=step)
                leads.append(router.route([query(at=at)], city=city)[0].lead)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert leads == [N1_CLEAN.id] * 200


def test_a_stored_list_reads_back_as_it_was_written(
    city: int, author: Actor, leader: Actor
) -> None:
    put(author, leader, "1", entry("a", where={"depth": [1.5, True, "x"]}))
    row = DutyList.objects.get()
    assert row.content["entries"][0]["where"] == {"depth": [1.5, True, "x"]}
