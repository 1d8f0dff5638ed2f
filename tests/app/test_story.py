"""A report becomes a closed case: the whole loop, by the right people, on real packs."""

from datetime import timedelta

import pytest
from PIL import Image
import io

from chengyun.cases import reads, verbs
from chengyun.cases.models import Case, Report
from chengyun.kernel import uploads
from chengyun.kernel.actor import PUBLIC
from chengyun.kernel.models import AuditEntry, Event
from tests.app.world import LITTER, NOW, SPOT, World


def photo(actor, now):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    return str(uploads.store_photo(actor, out.getvalue(), now=now).id)


def test_a_known_kind_is_dispatched_in_one_commit(world: World, settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    kind = reads.kinds().get(LITTER)
    condition = kind.kind.conditions[0].id
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
    case = Case.objects.get()
    assert case.lead_unit == world.unit("310101001-san")
    assert case.due_at is not None and case.warn_at < case.due_at
    assert Event.objects.filter(subject_id=case.id).count() == 3
    assert AuditEntry.objects.filter(verb="cases.report").count() == 1

    now = NOW

    def go(who, move, **params):
        nonlocal now
        now += timedelta(minutes=1)
        return verbs.move(world.actor(who), now=now, case_id=case.id, move=move, params=params)

    go("department", "assign", handler_id=str(world.users["handler"].id))
    handler = world.actor("handler")
    go("handler", "start")
    go(
        "handler",
        "handle",
        before=[photo(handler, now)],
        after=[photo(handler, now)],
        note="清理完毕",
    )
    go("department", "feedback")
    detail = reads.case_detail(world.actor("collector"), case.id, now=now)
    print([m["move"] for m in detail["moves"]], detail["state"])
    collector = world.actor("collector")
    go("collector", "check_result", passed=True, photos=[photo(collector, now)])
    done = go("shift_leader", "close", closing_condition=condition)
    assert done["state"] == "closed"
    for item in reads.timeline(world.actor("acceptor"), case.id):
        print(item["text"]["zh"], "|", item["text"]["en"])
    code = Report.objects.get().track_code
    verbs.rate(PUBLIC, now=now, track_code=code, score=5)
    seen = reads.track(verbs.report_of(code), now=now)
    assert seen["rating"] == 5 and len(seen["photos"]) == 1
    assert Case.objects.visible_to(world.actor("stranger")).count() == 0
