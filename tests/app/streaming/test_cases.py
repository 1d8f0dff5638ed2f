"""The product's own stream process: a report at one desk appears at the others."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chengyun.cases import verbs as cases
from chengyun.kernel.actor import PUBLIC
from chengyun.people import verbs as people
from tests.app.world import LITTER, NOW, SPOT, World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city(transactional_db: None) -> World:
    return build()


def key(city: World, who: str) -> str:
    appointment = city.users[who].appointments.get()
    area = None if appointment.post in {"department", "handler"} else appointment.area_no
    return people.issue_key(
        appointment.post, appointment.organisation_id, area, now=datetime.now(UTC)
    )


def test_a_report_appears_at_the_desks_that_may_see_it(
    city: World, tmp_path: Path, start_server: Callable[..., Any]
) -> None:
    server = start_server(tmp_path, ("chengyun.app.stream:application",))
    try:
        desks = {
            who: server.listen(key(city, who))
            for who in ("dispatcher", "department", "stranger", "auditor")
        }
        item = cases.Intake(text="垃圾", kind_id=LITTER, lon=SPOT[0], lat=SPOT[1])
        made = cases.report(PUBLIC, now=NOW, item=item)
        for who in ("dispatcher", "department"):
            told = desks[who].event()
            assert told.event == "case"
            body = json.loads(told.data)
            assert (body["id"], body["no"], body["state"]) == (
                made["id"],
                made["no"],
                made["state"],
            )
            assert {"version", "area_no", "clock", "lon", "lat", "kind_id", "at"} <= set(body)
            assert "垃圾" not in told.data, "what a citizen wrote is fetched, not broadcast"
        for who in ("stranger", "auditor"):
            assert desks[who].event(0.5) is None
    finally:
        server.stop()
