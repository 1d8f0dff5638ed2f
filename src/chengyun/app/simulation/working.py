"""Simulated staff: each case waits a while, then the person whose turn it is makes the move."""

import io
import logging
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from PIL import Image, ImageDraw

from chengyun.cases import verbs
from chengyun.cases.decide.routing import RouteQuery
from chengyun.cases.models import Case
from chengyun.cases.ports import router
from chengyun.cases.reads import kinds
from chengyun.kernel import areas, uploads
from chengyun.kernel.actor import UNIT_POSTS, Actor
from chengyun.kernel.models import Event
from chengyun.kernel.problems import Problem
from chengyun.kernel.text import JsonObject
from chengyun.people.models import Appointment, User
from chengyun.people.reads import actor_for
from chengyun.sdk.simulate import SimulateFile

log = logging.getLogger(__name__)

Step = tuple[str, str, JsonObject]
_PHOTO = (640, 480)


class Staff:
    """Finds simulated people by post and place, and lets them work."""

    def __init__(self, plan: SimulateFile) -> None:
        self.plan = plan
        self._people: dict[tuple[str, UUID | int | None], list[User]] = {}

    def person(self, post: str, case: Case, random: Random, now: datetime) -> Actor | None:
        """A simulated person of a post for a case: of its unit, or of the deepest area."""
        if post == "handler" and case.handler_id is not None:
            found = list(User.objects.filter(pk=case.handler_id, simulated=True))
        elif post in UNIT_POSTS:
            found = self._holders(post, case.lead_unit, now)
        else:
            found = []
            for area_no in reversed(areas.ancestors(case.area_no)):
                found = self._holders(post, area_no, now)
                if found:
                    break
        return actor_for(random.choice(found), now=now) if found else None

    def _holders(self, post: str, at: UUID | int | None, now: datetime) -> list[User]:
        key = (post, at)
        if key not in self._people:
            held = Appointment.objects.held_at(now).filter(post=post, user__simulated=True)
            if isinstance(at, UUID):
                held = held.filter(organisation_id=at)
            elif at is not None:
                held = held.filter(area_no=at)
            self._people[key] = [one.user for one in held.select_related("user")]
        return self._people[key]

    def work(self, case: Case, now: datetime) -> bool:
        """Let whoever's turn it is move a case on; whether somebody did."""
        random = Random(f"{self.plan.seed}:{case.no}:{case.version}")  # noqa: S311 - a simulation
        low, high = self._minutes(case.state)
        if now - case.updated_at < timedelta(minutes=random.uniform(low, high)):
            return False
        step = self._step(case, random)
        if step is None:
            return False
        post, move, params = step
        actor = self.person(post, case, random, now)
        if actor is None:
            return False
        try:
            if move == "assign":
                handler = self.person("handler", case, random, now)
                if handler is None:
                    return False
                params = {"handler_id": str(handler.id)}
            if move == "handle":
                params = {
                    "before": [self._photo(actor, case, "处置前 before", now)],
                    "after": [self._photo(actor, case, "处置后 after", now)],
                }
            verbs.move(
                actor, now=now, case_id=case.id, move=move, version=case.version, params=params
            )
        except Problem as problem:
            log.info("simulated %s of %s was refused: %s", move, case.no, problem.detail)
            return False
        return True

    def _minutes(self, state: str) -> tuple[float, float]:
        behaviour = self.plan.behaviour
        if state in ("pending_handle", "handling", "handled"):
            return behaviour.handle_minutes
        if state in ("pending_check", "checking"):
            return behaviour.check_minutes
        if state == "pending_close":
            return behaviour.close_minutes
        return behaviour.accept_minutes

    def _step(self, case: Case, random: Random) -> Step | None:
        behaviour = self.plan.behaviour
        if case.state == "pending_accept":
            return "acceptor", "accept", {}
        if case.state == "pending_file":
            return self._filing(case, random)
        if case.state in ("pending_dispatch", "returned"):
            return self._dispatching(case)
        if case.state == "pending_handle":
            if case.handler_id is None:
                if random.random() < behaviour.department_returns:
                    return "department", "return_step", {"reason": "不属本单位职责范围（模拟）"}
                return "department", "assign", {}
            return "handler", "start", {}
        if case.state == "handling":
            return "handler", "handle", {}
        if case.state == "handled":
            return "department", "feedback", {}
        if case.state in ("pending_check", "checking"):
            passed = random.random() >= behaviour.check_fails
            return (
                "collector",
                "check_result",
                {"passed": passed, "note": "" if passed else "未清理干净（模拟）"},
            )
        if case.state == "pending_close" and case.condition_id:
            return "shift_leader", "close", {"closing_condition": case.condition_id}
        return None

    def _dispatching(self, case: Case) -> Step | None:
        """The best unit that has not sent the case back."""
        returned = Event.objects.filter(subject_id=case.id, name="cases.CaseReturned")
        refused = tuple(
            dict.fromkeys(
                unit for units in returned.values_list("unit_ids", flat=True) for unit in units
            )
        )
        query = RouteQuery(
            kind_id=case.kind_id or "",
            area_no=case.area_no,
            at=case.updated_at,
            attributes=case.attributes,
            source=case.source,
            exclude=refused,
        )
        decision = router().route([query], city=case.city_no)[0]
        unit = decision.lead or next((one.unit for one in decision.candidates), None)
        if unit is None or unit in refused:
            return None
        if case.state == "returned":
            return "dispatcher", "redispatch", {"unit": str(unit), "reason": "改派（模拟）"}
        return "dispatcher", "dispatch", {"unit": str(unit)}

    def _filing(self, case: Case, random: Random) -> Step | None:
        entry = kinds().get(case.kind_id)
        if entry is None:
            template = random.choice(self.plan.reports)
            kind_id, condition_id = template.kind, template.condition
        else:
            kind_id = entry.kind.id
            condition_id = case.condition_id or entry.kind.conditions[0].id
        return "shift_leader", "file", {"kind_id": kind_id, "condition_id": condition_id}

    def _photo(self, actor: Actor, case: Case, words: str, now: datetime) -> str:
        """A drawn stand-in for a photo that says what it is."""
        shade = Random(f"{case.no}{words}").randint(60, 200)  # noqa: S311 - a simulation
        image = Image.new("RGB", _PHOTO, (shade, 140, 255 - shade))
        draw = ImageDraw.Draw(image)
        draw.text(
            (20, 20), f"SIMULATED {case.no} {words.rpartition(' ')[2]} {now:%H:%M:%S}", "white"
        )
        out = io.BytesIO()
        image.save(out, "JPEG", quality=70)
        return str(uploads.store_photo(actor, out.getvalue(), now=now).id)
