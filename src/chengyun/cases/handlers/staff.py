"""Telling the staff: who has a case now, who lost time, who watches."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.audiences import DESK_OF_STAGE, Audience, audiences
from chengyun.cases.decide.wording import LEVEL_NAMES, STAGE_NAMES
from chengyun.cases.events import CaseEvent
from chengyun.cases.handlers.facts import cases_of, fresh, said_of
from chengyun.cases.models import Case
from chengyun.kernel import areas
from chengyun.kernel.events import PastEvent, follow
from chengyun.kernel.text import Text
from chengyun.notices import verbs as notices
from chengyun.people.reads import holders_of_units, holders_over_areas

NAMES = (
    "cases.CaseDispatched",
    "cases.CaseRedispatched",
    "cases.CaseReturned",
    "cases.CaseRelocated",
    "cases.CoUnitJoined",
    "cases.HandlerAssigned",
    "cases.ClockWarned",
    "cases.ClockOverdue",
    "cases.CaseEscalated",
    "cases.SupervisionOrdered",
)
Wanted = tuple[CaseEvent, Case, Audience]


@follow("cases.tell_staff", *NAMES)
def tell_staff(events: Sequence[PastEvent], now: datetime) -> None:
    """Queue the notices of a batch; the position of the follower commits with them."""
    news = fresh(events, now)
    cases = cases_of({event.case_id for event in news})
    wanted: list[Wanted] = [
        (event, case, audience)
        for event in news
        if (case := cases.get(event.case_id)) is not None
        for audience in audiences(event)
    ]
    if not wanted:
        return
    people = _People(wanted, now)
    notices.tell(
        [
            notices.Telling(
                key=f"case:{case.id}:{event.version}:{audience.mark}",
                template=audience.template,
                area_no=case.area_no,
                subject_kind="case",
                subject_id=case.id,
                values={**said_of(case, audience.unit), **_more(audience)},
                users=people.of(case, audience, event),
                link=f"/desk/{case.id}",
                simulated=case.simulated,
            )
            for event, case, audience in wanted
        ],
        now=now,
    )


def _more(audience: Audience) -> dict[str, Text]:
    said = {}
    if audience.stage:
        said["stage"] = STAGE_NAMES[audience.stage]
    if audience.level:
        said["level"] = LEVEL_NAMES[audience.level]
    return said


class _People:
    """Who holds what, for all audiences of a batch: one question a post."""

    def __init__(self, wanted: Sequence[Wanted], now: datetime) -> None:
        units: set[UUID] = set()
        places: dict[str, set[int]] = defaultdict(set)
        for _, case, audience in wanted:
            unit, post = _whom(case, audience)
            if unit is not None:
                units.add(unit)
            elif post is not None:
                places[post].add(_place(case, audience))
        self._units = holders_of_units(units, "department", now) if units else {}
        self._over = {
            post: holders_over_areas(numbers, post, now) for post, numbers in places.items()
        }

    def of(self, case: Case, audience: Audience, event: CaseEvent) -> tuple[UUID, ...]:
        """The audience, without whoever did it: they know."""
        found: tuple[UUID, ...]
        if audience.who == "handler":
            found = (audience.person,) if audience.person else ()
        else:
            unit, post = _whom(case, audience)
            if unit is not None:
                found = self._units.get(unit, ())
                if audience.who == "owner" and case.handler_id:
                    found = (*found, case.handler_id)
            else:
                found = self._over[post or ""].get(_place(case, audience), (0, ()))[1]
        return tuple(person for person in found if person != event.stamp.by)


def _whom(case: Case, audience: Audience) -> tuple[UUID | None, str | None]:
    """The unit whose department is meant, or the post over the place."""
    if audience.who == "unit":
        return audience.unit, None
    if audience.who == "owner":
        desk = DESK_OF_STAGE.get(audience.stage or "")
        if desk is None and case.lead_unit is not None:
            return case.lead_unit, None
        return None, desk or "dispatcher"
    return None, audience.who


def _place(case: Case, audience: Audience) -> int:
    """From which area upwards the post is looked for."""
    if audience.who == "leader" and audience.level:
        return areas.at_level(case.area_no, audience.level) or case.area_no  # type: ignore[arg-type]
    return case.area_no
