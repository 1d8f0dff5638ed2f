"""A report becomes a closed case: the whole loop, by the right people, on real packs."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from PIL import Image

from chengyun.cases import reads, verbs
from chengyun.cases.models import Case, Report
from chengyun.kernel import uploads
from chengyun.kernel.actor import PUBLIC, Actor
from chengyun.kernel.models import AuditEntry, Event
from tests.app.world import LITTER, NOW, SPOT, World

Go = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> None:
    """Keep photos in the test's folder."""
    settings.DATA_DIR = tmp_path


def photo(actor: Actor, now: datetime) -> str:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    return str(uploads.store_photo(actor, out.getvalue(), now=now).id)


def reported(world: World) -> tuple[Case, str]:
    """A dispatched case of a known kind, and its filing condition."""
    entry = reads.kinds().get(LITTER)
    assert entry is not None
    condition = entry.kind.conditions[0].id
    kept = verbs.report(
        world.actor("acceptor"),
        now=NOW,
        item=verbs.Intake(
            text="垃圾堆在路边",
            source="hotline",
            kind_id=LITTER,
            condition_id=condition,
            lon=SPOT[0],
            lat=SPOT[1],
        ),
    )
    assert kept["state"] == "pending_handle"
    return Case.objects.get(), condition


def mover(world: World, case: Case) -> Go:
    """Moves on a case, one minute after the other."""
    clock = [NOW]

    def go(who: str, move: str, **params: Any) -> dict[str, Any]:
        clock[0] += timedelta(minutes=1)
        done: dict[str, Any] = verbs.move(
            world.actor(who), now=clock[0], case_id=case.id, move=move, params=params
        )
        return done

    return go


def test_a_known_kind_is_dispatched_in_the_commit_that_keeps_it(world: World) -> None:
    case, _ = reported(world)
    assert case.lead_unit == world.unit("310101001-san")
    assert case.due_at is not None
    assert case.warn_at is not None
    assert NOW < case.warn_at < case.due_at
    assert Event.objects.filter(subject_id=case.id).count() == 3
    assert AuditEntry.objects.filter(verb="cases.report").count() == 1
    assert not Case.objects.visible_to(world.actor("stranger")).exists()


def test_a_report_becomes_a_closed_and_rated_case(world: World) -> None:
    case, condition = reported(world)
    go = mover(world, case)
    handler, collector = world.actor("handler"), world.actor("collector")
    go("department", "assign", handler_id=str(world.users["handler"].id))
    go("handler", "start")
    go("handler", "handle", before=[photo(handler, NOW)], after=[photo(handler, NOW)])
    go("department", "feedback")
    go("collector", "check_result", passed=True, photos=[photo(collector, NOW)])
    done = go("shift_leader", "close", closing_condition=condition)
    assert done["state"] == "closed"

    told = [item["text"] for item in reads.timeline(world.actor("acceptor"), case.id)]
    assert len(told) == done["version"]
    assert "垃圾" in told[0]["zh"]
    code = Report.objects.get().track_code
    verbs.rate(PUBLIC, now=NOW + timedelta(hours=1), track_code=code, score=5)
    seen = reads.track(verbs.report_of(code, now=NOW), now=NOW + timedelta(hours=1))
    assert (seen["rating"], seen["state"], len(seen["photos"])) == (5, "closed", 1)
