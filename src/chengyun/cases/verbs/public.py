"""What a reporter may do with a tracking code: rate the outcome, or say that it is not fixed."""

from datetime import datetime
from uuid import UUID

import orjson

from chengyun.cases.decide.commands import Command, Rate, Reopen
from chengyun.cases.models import Case, ContactReveal, Report
from chengyun.cases.policy import may_reveal, may_see_history
from chengyun.cases.reads.loads import told_by_same
from chengyun.cases.reads.public_rules import public_rules
from chengyun.cases.verbs.checking import plain
from chengyun.cases.verbs.moves import decide_and_write, hold_unscoped, receipt
from chengyun.kernel import crypto
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.scope import bind_subject
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb

REASON_MAX = 2_000


def report_of(track_code: str, *, now: datetime) -> Report:
    """The report of a tracking code; the code is the reporter's whole right to the case.

    Raises:
        NotFound: no report has it, or the time for it is over: the same answer, so that nobody
            learns by trying which codes there were.
    """
    found = Report.objects.filter(
        track_code=track_code.replace("\x00", "").strip().upper()[:40]
    ).first()
    if found is None:
        raise NotFound("No report has this code.")
    bind_subject(found.case_id)
    closed_at = Case.objects.values_list("closed_at", flat=True).get(pk=found.case_id)
    if closed_at is not None and closed_at + public_rules().track_for < now:
        raise NotFound("No report has this code.")
    return found


def _by_reporter(actor: Actor, track_code: str, command: Command, now: datetime) -> JsonObject:
    report = report_of(track_code, now=now)
    held = hold_unscoped(report.case_id)
    after = decide_and_write(actor, held, command, now=now)
    done = receipt(after)
    # The reporter learns the number and state, never our internal id.
    return {"no": done["no"], "state": done["state"]}


@verb("cases.rate")
def rate(actor: Actor, *, now: datetime, track_code: str, score: int, note: str = "") -> JsonObject:
    """Rate a closed case, 1 to 5.

    Raises:
        NotFound: no such code.
        Conflict: it is not closed, or the time for it is over.
        Invalid: the score is outside 1..5.
    """
    _short("text", note)
    return _by_reporter(actor, track_code, Rate(score=score, note=note), now)


@verb("cases.reopen_by_reporter")
def reopen(
    actor: Actor,
    *,
    now: datetime,
    track_code: str,
    reason: str,
    photos: tuple[UUID, ...] = (),
) -> JsonObject:
    """Say that a closed case is not fixed.

    Raises:
        NotFound: no such code.
        Conflict: it is not closed, or the time for it is over.
        Invalid: no reason, or a photo that is not the reporter's.
    """
    _short("reason", reason)
    return _by_reporter(actor, track_code, Reopen(reason=reason, photos=photos), now)


def _short(name: str, value: str) -> None:
    if len(value) > REASON_MAX or not plain(value):
        raise Invalid([FieldError(name, f"at most {REASON_MAX:,} plain characters", "too_long")])


@verb("cases.reveal_contact")
def reveal_contact(
    actor: Actor, *, now: datetime, case_id: UUID, report_id: UUID, reason: str
) -> JsonObject:
    """Open a reporter's contact for a reason, on record.

    Returns:
        {"id": case, "name", "phone", "email"}

    Raises:
        NotFound: out of scope, or nothing to reveal.
        Forbidden: no desk post, or no second factor.
        Invalid: no reason.
    """
    may_reveal(actor)
    _short("reason", reason)
    if len(reason.strip()) < 4:
        raise Invalid([FieldError("reason", "say why, in at least 4 characters", "required")])
    if not Case.objects.visible_to(actor).filter(pk=case_id).exists():
        raise NotFound("There is no such case.")
    report = Report.objects.filter(pk=report_id, case_id=case_id).first()
    if report is None or report.contact is None or report.contact_key is None:
        raise NotFound("There is no contact to reveal.")
    # Written before anything is shown, in the same transaction: no record, no contact.
    ContactReveal.objects.create(
        case_id=case_id,
        report_id=report_id,
        at=now,
        by=actor.id,
        by_name=actor.name,
        reason=reason.strip(),
    )
    contact = orjson.loads(crypto.open_with(bytes(report.contact_key), bytes(report.contact)))
    return {"id": str(case_id), **contact}


@verb("cases.reporter_history")
def reporter_history(actor: Actor, *, now: datetime, case_id: UUID, report_id: UUID) -> JsonObject:
    """What else the reporter of one report told, among the cases in sight; on record.

    Returns:
        {"id": case, "contact_masked", "known": whether a contact was left, "items": rows}

    Raises:
        NotFound: out of scope, or no such report.
        Forbidden: no desk post.
    """
    may_see_history(actor)
    if not Case.objects.visible_to(actor).filter(pk=case_id).exists():
        raise NotFound("There is no such case.")
    report = Report.objects.filter(pk=report_id, case_id=case_id).first()
    if report is None:
        raise NotFound("There is no such report.")
    return {
        "id": str(case_id),
        "contact_masked": report.contact_masked,
        "known": report.contact_mark is not None,
        "items": told_by_same(actor, report, now=now),
    }
