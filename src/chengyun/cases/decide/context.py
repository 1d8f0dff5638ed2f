"""What deciding is told besides state and command: time, actor, data, answers of other rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.calendar import Calendar
from chengyun.cases.decide.kinds import CaseKind
from chengyun.cases.decide.limits import DEFAULT_LIMITS, Limits
from chengyun.cases.decide.routing import RouteDecision
from chengyun.cases.decide.state import CaseState, Place
from chengyun.cases.events import CaseEvent
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command is not carried out; `field` names the param at fault.

    Codes: stale, unknown_case, exists, wrong_state, not_yours, separation, missing, invalid,
    too_late, too_early, limit_reached, pending, nothing_pending, unknown_kind, outside,
    unknown_address, doubtful.
    """

    code: str
    reason: Text
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Lying:
    """Where a case lies, and in which words."""

    place: Place
    address: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a decision may depend on besides the case itself.

    `now` is aware UTC. `kind` is the case's kind; for Report and File the kind that the command
    names. `version` is the version the caller saw, None if it saw none. `route` is dispatch's
    answer, `similar` are open cases that may be the same matter, `other` is the case to merge
    into. `here` is where the case lies and `there` where a correction puts it, or why it cannot.
    `handlers` are the users who hold the handler post in the lead unit (None: not looked
    up, so not checked).
    """

    now: datetime
    actor: Actor
    calendar: Calendar
    limits: Limits = DEFAULT_LIMITS
    kind: CaseKind | None = None
    version: int | None = None
    route: RouteDecision | None = None
    similar: tuple[UUID, ...] = ()
    other: CaseState | None = None
    handlers: frozenset[UUID] | None = None
    here: Lying | None = None
    there: Lying | Refusal | None = None


Outcome = Sequence[CaseEvent] | Refusal


def refuse(code: str, zh: str, en: str, field: str | None = None) -> Refusal:
    """Build a refusal."""
    return Refusal(code, {"zh": zh, "en": en}, field)
