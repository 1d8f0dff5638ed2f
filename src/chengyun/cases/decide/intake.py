"""What becomes of a report on arrival: dispatched in one go, or in front of a person.

The doubtful goes to an acceptor with every reason and candidate laid out. This is the hot path:
nothing here looks anything up.
"""

from datetime import timedelta

from chengyun.cases import events as e
from chengyun.cases.decide.arrivals import ImportCase, Report
from chengyun.cases.decide.clocks import start_clock
from chengyun.cases.decide.context import Context, Outcome, Refusal, refuse
from chengyun.cases.decide.kinds import CaseKind, Condition
from chengyun.cases.decide.state import Decision
from chengyun.cases.decide.turn import MAX_PHOTOS, as_photos, route_decision
from chengyun.cases.events.stamped import Stamp
from chengyun.kernel.text import Text, text

# Clocks of phones run ahead a little.
_AHEAD = timedelta(minutes=5)

_NO_KIND = text("未给出案件类别", "No kind of case was given.")
_NO_AREA = text("地点未定或不在本市区域内", "The place is unknown or outside the city's areas.")
_NO_CONDITION = text(
    "该类别有多个立案条件，须由人选定", "The kind has several filing conditions; a person chooses."
)
_NO_ROUTE = text("没有匹配的责任单位", "No responsible unit matches.")
_UNSURE_ROUTE = text("责任单位不够明确", "The responsible unit is not clear enough.")
_SIMILAR = text("附近有相似案件，可能重复", "A similar case is open nearby; it may be the same.")
_NO_REASONS: tuple[Text, ...] = ()


def report(command: Report, context: Context) -> Outcome:
    """The events of a new report."""
    wrong = _wrong(command, context)
    if wrong is not None:
        return wrong
    now, actor = context.now, context.actor
    grant = actor.grants[0] if actor.grants else None
    stamp = Stamp(
        command.id,
        1,
        now,
        actor.id,
        None if grant is None else grant.org_id,
        actor.kind if grant is None else grant.post,
    )
    condition, doubts = _judged(command, context)
    reported = e.CaseReported(
        stamp,
        command.no,
        command.city,
        command.source,
        command.reported_at or now,
        command.kind_id,
        None if condition is None else condition.id,
        command.area_no,
        as_photos(command.photos, "scene") if command.photos else (),
        command.simulated,
        command.recurrence_of,
        command.split_from,
    )
    kind, route, limits = context.kind, context.route, context.limits
    if doubts or kind is None or condition is None or route is None or route.lead is None:
        clock = start_clock("accept", limits.stage("accept"), now, context.calendar, limits)
        found = route_decision(context, "queue") or Decision("queue")
        why = Decision(
            "queue",
            doubts,
            found.confidence,
            found.rule,
            found.rule_version,
            found.candidates,
            context.similar,
        )
        queued = Stamp(command.id, 2, now, None, None, "system")
        return [reported, e.CaseQueued(queued, why, clock)]
    clock = start_clock("dispose", condition.limit, now, context.calendar, limits)
    judged = None
    if command.kind_confidence is not None:
        judged = Decision("kind", command.kind_reasons, command.kind_confidence)
    return [
        reported,
        e.CaseFiled(
            Stamp(command.id, 2, now, None, None, "system"),
            kind.id,
            condition.id,
            condition.limit,
            None,
            None,
            judged,
        ),
        e.CaseDispatched(
            Stamp(command.id, 3, now, None, None, "system"),
            route.lead,
            route.co,
            clock,
            Decision("route", route.reasons, route.confidence, route.rule, route.rule_version),
        ),
    ]


def _wrong(command: Report, context: Context) -> Refusal | None:
    kind = context.kind
    if command.kind_id is not None and (kind is None or kind.id != command.kind_id):
        return refuse("unknown_kind", "没有此案件类别", "There is no such kind.", "kind_id")
    if command.condition_id is not None and (
        kind is None or kind.condition(command.condition_id) is None
    ):
        return refuse(
            "invalid",
            "该类别没有此立案条件",
            "This kind has no such filing condition.",
            "condition_id",
        )
    if command.reported_at is not None and command.reported_at > context.now + _AHEAD:
        return refuse(
            "invalid", "上报时间在将来", "The time of the report lies ahead.", "reported_at"
        )
    if len(command.photos) > MAX_PHOTOS:
        return refuse(
            "invalid", f"照片不得超过{MAX_PHOTOS}张", f"At most {MAX_PHOTOS} photos.", "photos"
        )
    if kind is not None and command.source == "collector":
        # Residents report without a camera; a collector stands there with one.
        least = kind.evidence.scene
        if len(command.photos) < least:
            return refuse(
                "missing",
                f"采集员上报须有{least}张现场照片",
                f"A collector's report needs {least} photo(s) of the scene.",
                "photos",
            )
    return None


def _judged(command: Report, context: Context) -> tuple[Condition | None, tuple[Text, ...]]:
    """The filing condition, and every reason why a person has to look."""
    kind, route, limits = context.kind, context.route, context.limits
    condition: Condition | None = None
    doubts: list[Text] = []
    if kind is None or command.kind_id is None:
        doubts.append(_NO_KIND)
    else:
        condition = _condition(kind, command.condition_id, context)
        if condition is None:
            doubts.append(_NO_CONDITION)
        sure = command.kind_confidence
        if sure is not None and sure < limits.sure_kind:
            doubts.append(
                text(
                    f"案件类别只有{sure:.0%}把握",
                    f"The kind is only {sure:.0%} certain.",
                )
            )
    if command.area_no is None or command.outside:
        doubts.append(_NO_AREA)
    if context.similar and limits.queue_similar:
        doubts.append(_SIMILAR)
    if route is None or route.lead is None:
        doubts.append(_NO_ROUTE)
        doubts.extend(route.reasons if route is not None else _NO_REASONS)
    elif route.confidence < limits.sure_route:
        doubts.append(_UNSURE_ROUTE)
        doubts.extend(route.reasons)
    return condition, tuple(doubts)


def _condition(kind: CaseKind, condition_id: str | None, context: Context) -> Condition | None:
    if condition_id is not None:
        return kind.condition(condition_id)
    if len(kind.conditions) == 1 or (kind.conditions and context.limits.auto_condition == "first"):
        return kind.conditions[0]
    return None


def imported(command: ImportCase, _context: Context) -> Outcome:
    """The events of a case that enters as history: original times, no clock."""
    if command.state in ("check_failed", "suspended"):
        return refuse(
            "invalid",
            "该状态不能导入",
            "A case cannot be imported in this state.",
            "state",
        )
    if command.closed_at is not None and command.closed_at < command.reported_at:
        return refuse(
            "invalid", "结案早于上报", "It is closed before it was reported.", "closed_at"
        )
    end = command.closed_at or command.reported_at
    return [
        e.CaseReported(
            Stamp(command.id, 1, command.reported_at, None, None, "import"),
            command.no,
            command.city,
            command.source,
            command.reported_at,
            command.kind_id,
            command.condition_id,
            command.area_no,
            (),
            command.simulated,
            command.recurrence_of,
        ),
        e.CaseImported(
            Stamp(command.id, 2, end, None, None, "import"),
            command.state,
            command.closed_at,
            command.kind_id,
            command.condition_id,
            command.merged_into,
            command.lead_unit,
        ),
    ]
