"""Run inside a node's environment: two cases of last month, late, with one photo between them.

Prints one JSON line: {"period": "2026-02", "numbers": [case number, …]}.
"""

import io
import json
import sys
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from PIL import Image

from chengyun.cases import reads as cases
from chengyun.cases import verbs
from chengyun.kernel import uploads
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.clock import system_clock
from chengyun.kernel.scope import bind
from chengyun.people.models import User
from chengyun.people.reads import actor_for
from chengyun.vitals.verbs import keep_cases
from tests.app.world import LITTER, SPOT

_LATE = timedelta(days=12)


def somebody(who: str) -> Actor:
    """A person of the small city, with the posts they hold since it was built."""
    return actor_for(User.objects.get(username=who), now=system_clock.now(), second_factor=True)


def photo(now: datetime) -> str:
    """The handler's one picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (21, 42, 84)).save(out, "JPEG")
    return str(uploads.store_photo(somebody("handler"), out.getvalue(), now=now).id)


def lived(number: int, start: datetime) -> dict[str, Any]:
    """A case dispatched then, and closed long after its deadline."""
    condition = cases.kinds().get(LITTER).kind.conditions[0].id  # type: ignore[union-attr]
    item = verbs.Intake(
        text="垃圾堆在路边",
        source="hotline",
        kind_id=LITTER,
        condition_id=condition,
        lon=SPOT[0] + 0.003 * number,
        lat=SPOT[1] - 0.002,
    )
    made: dict[str, Any] = verbs.report(somebody("acceptor"), now=start, item=item)
    at = start + _LATE
    handler = User.objects.get(username="handler")
    for who, move, params in (
        ("department", "assign", {"handler_id": str(handler.id)}),
        ("handler", "start", {}),
        ("handler", "handle", {"after": [photo(at)], "note": f"done {number}"}),
        ("department", "feedback", {}),
        ("collector", "check_result", {"passed": True}),
        ("shift.leader", "close", {"closing_condition": condition}),
    ):
        at += timedelta(minutes=1)
        verbs.move(somebody(who), now=at, case_id=UUID(made["id"]), move=move, params=params)
    return made


def main() -> None:
    """Two of them, and the evaluation brought up to date."""
    first = system_clock.now().replace(day=1, hour=2, minute=0, second=0, microsecond=0)
    start = (first - timedelta(days=1)).replace(day=3)
    made = [lived(number, start + timedelta(minutes=number)) for number in range(2)]
    with transaction.atomic():
        bind(SYSTEM.scope())
        keep_cases([UUID(one["id"]) for one in made])
    told = {"period": f"{start:%Y-%m}", "numbers": [one["no"] for one in made]}
    sys.stdout.write(json.dumps(told))


if __name__ in {"__main__", "<run_path>"}:
    main()
