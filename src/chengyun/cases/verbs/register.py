"""The register of moderation: who may, on what, why; one event and one entry for each act."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.context import Context, Refusal
from chengyun.cases.decide.moderating import moderate
from chengyun.cases.events.moderating import ModeratedPart
from chengyun.cases.events.moderating import ModerationAct as Act
from chengyun.cases.models import CasePhoto, ModerationAct, Report
from chengyun.cases.policy import may_moderate
from chengyun.cases.reads.public_rules import public_rules
from chengyun.cases.reads.rulebook import rulebook
from chengyun.cases.verbs.moves import Held, apply, hold, problem_of, receipt
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.scope import bind_subject
from chengyun.kernel.text import JsonObject, Text

TEXT_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Erased:
    """Salt and keyed hash of what was destroyed."""

    salt: bytes
    commitment: bytes


def why_of(reason: str | None) -> Text | None:
    """The words of a reason's id; None for none.

    Raises:
        Invalid: the packs know no such reason.
    """
    if not reason:
        return None
    found = public_rules().reasons.get(reason)
    if found is None:
        raise Invalid([FieldError("reason", f"{reason!r} is no reason here", "unknown_reason")])
    return found


def held_for(actor: Actor, case_id: UUID) -> Held:
    """The case, locked, for somebody who may moderate.

    Raises:
        Forbidden: neither acceptor nor shift leader.
        NotFound: out of scope.
    """
    may_moderate(actor)
    return hold(actor, [case_id])[case_id]


def recorded(
    actor: Actor,
    held: Held,
    act: Act,
    what: ModeratedPart,
    *,
    now: datetime,
    target: str = "",
    reason: str | None = None,
    erased: Erased | None = None,
) -> JsonObject:
    """Decide the act, write its event and its entry in the register; the receipt."""
    rules = rulebook().of(held.state.city)
    context = Context(now, actor, rules.calendar, rules.limits)
    outcome = moderate(held.state, context, act, what, why_of(reason))
    if isinstance(outcome, Refusal):
        raise problem_of(outcome)
    bind_subject(held.state.id)
    after = apply(actor, {held.state.id: held}, outcome, now=now)[held.state.id]
    ModerationAct.objects.create(
        case_id=after.id,
        at=now,
        by=actor.id,
        by_name=actor.name,
        act=act,
        what=what,
        target=target,
        reason=reason or "",
        salt=erased.salt if erased else None,
        commitment=erased.commitment if erased else None,
    )
    return receipt(after)


def note_of(reason: str | None, now: datetime) -> JsonObject:
    """What stands on a hidden or destroyed part: the reason's id and words, and when."""
    return {"id": reason, **(why_of(reason) or {}), "at": now.isoformat()}


def report_on(case_id: UUID, target: str) -> Report:
    """A report of a case by its id.

    Raises:
        NotFound: there is none.
    """
    found = Report.objects.filter(pk=_uuid(target), case_id=case_id).first()
    if found is None:
        raise NotFound("There is no such report.")
    return found


def photo_on(case_id: UUID, target: str) -> CasePhoto:
    """A photo of a case by its upload's id.

    Raises:
        NotFound: there is none, or it was destroyed.
    """
    found = CasePhoto.objects.filter(
        upload_id=_uuid(target), case_id=case_id, removed__isnull=True
    ).first()
    if found is None:
        raise NotFound("There is no such photo.")
    return found


def _uuid(target: str) -> UUID:
    try:
        return UUID(target)
    except ValueError:
        raise NotFound("There is no such part.") from None
