"""Decisions and reports as the API shows them: numbers and ids with their names."""

from collections.abc import Sequence
from uuid import UUID

from chengyun.cases.decide.routing import RouteDecision
from chengyun.dispatch.decide.conflicts import Conflict
from chengyun.dispatch.decide.dryrun import Diff
from chengyun.dispatch.decide.gaps import Gap
from chengyun.dispatch.models import RouteOutcome, Skill
from chengyun.dispatch.reads.names import area_names, case_numbers, unit_names
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject

SKILLS_MAX = 1_000


def conflicts_view(found: Sequence[Conflict]) -> list[JsonObject]:
    """Conflicts with their areas by name."""
    names = area_names({area for one in found for area in one.samples})
    return [
        {
            "first": one.first,
            "second": one.second,
            "kinds": list(one.kinds),
            "area": one.area,
            "places": one.places,
            "samples": [names[area] for area in one.samples],
        }
        for one in found
    ]


def gaps_view(found: Sequence[Gap]) -> list[JsonObject]:
    """Gaps with their areas by name."""
    names = area_names({area for one in found for area in one.areas})
    return [
        {
            "why": one.why,
            "entry": one.entry,
            "kinds": list(one.kinds),
            "areas": [names[area] for area in one.areas],
        }
        for one in found
    ]


def diff_view(diff: Diff) -> JsonObject:
    """A dry run with its units by name."""
    moves = diff.largest()
    names = unit_names({unit for move in moves for unit in (move.before, move.after)})
    return {
        "total": diff.total,
        "unchanged": diff.unchanged,
        "moved": diff.moved,
        "newly_matched": diff.newly_matched,
        "now_unmatched": diff.now_unmatched,
        "still_unmatched": diff.still_unmatched,
        "co_changed": diff.co_changed,
        "moves": [
            {
                "kind_id": move.kind_id,
                "before": _named(names, move.before),
                "after": _named(names, move.after),
                "count": move.count,
                "samples": move.samples,
            }
            for move in moves
        ],
        "moves_truncated": len(diff.moves) > len(moves),
    }


def decision_view(decision: RouteDecision) -> JsonObject:
    """A decision with its units by name."""
    named = [decision.lead, *decision.co, *(c.unit for c in decision.candidates)]
    names = unit_names(named)
    return {
        "lead": _named(names, decision.lead),
        "co": [names[unit] for unit in decision.co if unit in names],
        "rule": decision.rule,
        "rule_version": decision.rule_version,
        "reasons": list(decision.reasons),
        "confidence": decision.confidence,
        "candidates": [
            {
                "unit": _named(names, one.unit),
                "rule": one.rule,
                "reason": one.reason,
                "score": one.score,
            }
            for one in decision.candidates
        ],
    }


def outcomes_view(found: Sequence[RouteOutcome]) -> list[JsonObject]:
    """Outcomes with the numbers of their cases."""
    numbers = case_numbers({row.case_id for row in found})
    return [
        {
            "case_id": row.case_id,
            "no": numbers.get(row.case_id, ""),
            "kind_id": row.kind_id,
            "outcome": row.outcome,
            "dispatched_at": row.dispatched_at,
            "settled_at": row.settled_at,
        }
        for row in found
    ]


def _named(names: dict[UUID, JsonObject], unit: UUID | None) -> JsonObject | None:
    """The unit, by its id alone if it no longer exists."""
    if unit is None:
        return None
    words = str(unit)
    gone = {"id": words, "name": {"zh": words, "en": words}, "level": ""}
    return names.get(unit, gone)


def skills_view(actor: Actor, *, unit: UUID | None = None) -> list[JsonObject]:
    """Skills in sight, at most 1,000."""
    found = Skill.objects.visible_to(actor).select_related("appointment__user")
    if unit is not None:
        found = found.filter(appointment__organisation_id=unit)
    return [
        {
            "id": row.id,
            "appointment": row.appointment_id,
            "user": row.appointment.user_id,
            "user_name": row.appointment.user.display_name,
            "kinds": row.kinds,
            "level": row.level,
            "source": row.source,
        }
        for row in found.order_by("appointment__user_id", "kinds")[:SKILLS_MAX]
    ]
