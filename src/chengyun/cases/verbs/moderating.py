"""What a moderator does to what the public reads: hide, show again, correct, approve."""

from datetime import datetime
from uuid import UUID

from chengyun.cases.events.moderating import ModeratedPart
from chengyun.cases.events.moderating import ModerationAct as Act
from chengyun.cases.models import Case, Report
from chengyun.cases.reads.kinds import kinds
from chengyun.cases.verbs.checking import plain
from chengyun.cases.verbs.moves import Held, receipt
from chengyun.cases.verbs.register import held_for, note_of, photo_on, recorded, report_on
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb

TEXT_MAX = 5_000


@verb("cases.moderate")
def moderate_part(
    actor: Actor,
    *,
    now: datetime,
    case_id: UUID,
    act: Act,
    what: ModeratedPart,
    target: str = "",
    reason: str | None = None,
    text: str = "",
) -> JsonObject:
    """Hide a case, a report's words or a photo from the public, or show it again; approve a photo
    or, with `what` "case", all that the public sees; correct a report's words with `text`.

    Returns:
        {"id", "no", "state", "version"}

    Raises:
        NotFound: out of scope, or no such part.
        Forbidden: neither acceptor nor shift leader of the area.
        Invalid: no reason, or an act that does not fit the part.
    """
    held = held_for(actor, case_id)
    if act == "approve":
        return _approved(held, what, target, now)
    if what == "case" and act in ("hide", "show"):
        done = recorded(actor, held, act, what, now=now, reason=reason)
        entry = kinds().get(held.state.kind_id)
        shown = act == "show" and bool(entry and entry.kind.public)
        Case.objects.filter(pk=case_id).update(
            hidden=act == "hide", is_public=shown, reviewed_at=now
        )
        return done
    if what == "text" and act in ("hide", "show", "correct"):
        report = report_on(case_id, target)
        _correct(report, act, text)
        done = recorded(actor, held, act, what, now=now, target=target, reason=reason)
        report.hidden = note_of(reason, now) if act == "hide" else None
        report.save(update_fields=["hidden", "shown_text"])
        return done
    if what == "photo" and act in ("hide", "show"):
        photo = photo_on(case_id, target)
        done = recorded(actor, held, act, what, now=now, target=target, reason=reason)
        photo.shown = "hidden" if act == "hide" else "approved"
        photo.hidden = note_of(reason, now) if act == "hide" else None
        photo.save(update_fields=["shown", "hidden"])
        return done
    raise Invalid([FieldError("act", f"{act} does not fit {what}", "misfit")])


def _correct(report: Report, act: Act, text: str) -> None:
    if act != "correct":
        return
    if not text.strip() or len(text) > TEXT_MAX or not plain(text):
        raise Invalid([FieldError("text", f"1 to {TEXT_MAX:,} plain characters", "bad_text")])
    report.shown_text = text.strip()


def _approved(held: Held, what: ModeratedPart, target: str, now: datetime) -> JsonObject:
    if what == "photo":
        photo = photo_on(held.state.id, target)
        photo.shown, photo.hidden = "approved", None
        photo.save(update_fields=["shown", "hidden"])
    elif what == "case":
        Case.objects.filter(pk=held.state.id).update(reviewed_at=now)
    else:
        raise Invalid([FieldError("what", "is a case or a photo", "misfit")])
    return receipt(held.state)
