"""One case whole: place, words, clocks, evidence, decisions, and what the asker may do now."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.context import Context
from chengyun.cases.decide.fold import replay
from chengyun.cases.decide.offers import offered
from chengyun.cases.decide.sentences import sentence
from chengyun.cases.decide.state import CaseState, Decision
from chengyun.cases.models import Case, CasePhoto
from chengyun.cases.reads.called import Called
from chengyun.cases.reads.choosing import candidates
from chengyun.cases.reads.evidence import photos, reports
from chengyun.cases.reads.history import histories
from chengyun.cases.reads.kinds import condition_view, kinds
from chengyun.cases.reads.names import unit_views, user_names
from chengyun.cases.reads.rows import ROW_FIELDS, case_rows
from chengyun.cases.reads.rulebook import rulebook
from chengyun.cases.reads.sight import seen
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject

DUPLICATES_MAX = 10


def _rows_in_sight(actor: Actor, ids: Collection[UUID], now: datetime) -> list[JsonObject]:
    if not ids:
        return []
    found = Case.objects.visible_to(actor).filter(pk__in=ids).values(*ROW_FIELDS)
    return case_rows(list(found[:DUPLICATES_MAX]), now)


def case_detail(actor: Actor, case_id: UUID, *, now: datetime) -> JsonObject:
    """A case in sight, with the moves the actor may make.

    Raises:
        NotFound: out of scope.
    """
    row = seen(actor, case_id)
    history = [event for event, _ in histories([case_id])[case_id]]
    state = replay(history)
    if state is None:
        raise LookupError(f"case {case_id} has no history")
    kind = kinds().cited(row["kind_version_id"])
    condition = kind.condition(row["condition_id"]) if kind else None
    rules = rulebook().of(state.city)
    context = Context(now=now, actor=actor, calendar=rules.calendar, limits=rules.limits, kind=kind)
    similar = {one for decision in state.decisions for one in decision.similar}
    related = _rows_in_sight(actor, [i for i in (state.recurrence_of, state.merged_into) if i], now)
    by_id = {one["id"]: one for one in related}
    return {
        **case_rows([row], now)[0],
        "text": row["text"],
        "city_no": row["city_no"],
        "condition": condition_view(condition) if condition else None,
        "kind_source": kind.source if kind else "",
        "kind_verified": bool(kind and kind.verified),
        "attributes": row["attributes"],
        "grid_code": row["grid_code"],
        "address_id": row["address_id"],
        "stage_clocks": [_clock(one) for one in _clocks(state)],
        "co_units": list(unit_views([co.unit for co in state.co_units]).values()),
        "report_list": reports(case_id),
        "photos": photos(case_id),
        "duplicates": _rows_in_sight(actor, similar, now),
        "recurrence_of": by_id.get(state.recurrence_of),
        "merged_into": by_id.get(state.merged_into),
        "decisions": [_decision(one) for one in state.decisions],
        "candidates": candidates(actor, state, history, row["attributes"], now=now),
        "moves": [
            {
                "move": one.move,
                "title": one.title,
                "params": one.params,
                "needs_photo": one.needs_photo,
            }
            for one in offered(state, context)
        ],
        "extensions": state.extensions,
        "reworks": state.reworks,
        "returns": state.returns,
        "redispatches": state.redispatches,
        "overtime": list(state.overtime),
        "rating": state.rating.score if state.rating else None,
        "appeal": state.appeal,
    }


def _clocks(state: CaseState) -> list[StageClock]:
    return [*state.past_clocks, *([state.clock] if state.clock else [])]


def _clock(clock: StageClock) -> JsonObject:
    return {
        "stage": clock.stage,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "stopped_at": clock.stopped_at,
        "overdue": clock.overdue_at is not None,
        "provisional": clock.provisional,
    }


def _decision(decision: Decision) -> JsonObject:
    return {
        "what": decision.what,
        "reasons": list(decision.reasons),
        "confidence": decision.confidence,
        "rule": decision.rule,
        "rule_version": decision.rule_version,
    }


def timeline(actor: Actor, case_id: UUID) -> list[JsonObject]:
    """What happened, oldest first, in plain sentences.

    Raises:
        NotFound: out of scope.
    """
    row = seen(actor, case_id)
    history = histories([case_id])[case_id]
    stamps = [event.stamp for event, _ in history]
    people = user_names({stamp.by for stamp in stamps if stamp.by})
    units = unit_views({stamp.org for stamp in stamps if stamp.org})
    zone = rulebook().of(row["city_no"]).calendar.zone
    names = Called()
    items = []
    for event, actor_name in history:
        unit = units.get(event.stamp.org) if event.stamp.org else None
        items.append(
            {
                "at": event.at,
                "actor": people.get(event.stamp.by, actor_name) if event.stamp.by else actor_name,
                "org": unit["name"] if unit else None,
                "text": sentence(event, names, zone),
                "move": type(event).__name__,
                "data": event.to_data(),
            }
        )
    return items


def photo_in_sight(actor: Actor, case_id: UUID, upload_id: UUID) -> UUID:
    """The file of a photo on a case in sight: the covered copy where there is one.

    Raises:
        NotFound: it is not there, or was destroyed.
    """
    if not Case.objects.visible_to(actor).filter(pk=case_id).exists():
        raise NotFound("There is no such photo.")
    found = CasePhoto.objects.filter(
        case_id=case_id, upload_id=upload_id, removed__isnull=True
    ).first()
    if found is None:
        raise NotFound("There is no such photo.")
    return found.redacted_id or found.upload_id
