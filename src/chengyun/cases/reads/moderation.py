"""The moderators' list: what the public newly sees, what looks personal, what is hidden."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from chengyun.cases.models import Case, CasePhoto, CaseQuerySet, ModerationAct, Report
from chengyun.cases.policy import may_moderate
from chengyun.cases.reads.moderated import moderated_items
from chengyun.cases.reads.public_rules import public_rules
from chengyun.cases.reads.rows import ROW_FIELDS
from chengyun.kernel import paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.models import Event
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject

VIEWS = ("new", "flagged", "photos", "hidden")
ACTS_MAX = 50


def _of(cases: CaseQuerySet, view: str) -> CaseQuerySet:
    reports = Report.objects.filter(case_id=OuterRef("pk"))
    photos = CasePhoto.objects.filter(case_id=OuterRef("pk"), removed__isnull=True)
    if view == "new":
        return cases.filter(is_public=True, reviewed_at=None)
    if view == "flagged":
        return cases.filter(Exists(reports.exclude(flags=[])), reviewed_at=None)
    if view == "photos":
        return cases.filter(Exists(photos.filter(shown="new")), is_public=True)
    hidden = Exists(reports.filter(hidden__isnull=False)) | Exists(photos.filter(shown="hidden"))
    return cases.filter(Q(hidden=True) | hidden)


def moderation_list(
    actor: Actor, view: str, *, now: datetime, cursor: str | None = None, limit: int | None = None
) -> JsonObject:
    """One page of a view, the latest first.

    Returns:
        {"items": [...], "next": cursor or None}

    Raises:
        Forbidden: neither acceptor nor shift leader.
        Invalid: no such view, or a cursor of another list.
    """
    may_moderate(actor)
    if view not in VIEWS:
        raise Invalid([FieldError("view", f"is one of {', '.join(VIEWS)}", "unknown_view")])
    cases = _of(Case.objects.visible_to(actor), view)
    if cursor:
        (before,) = paging.decode(cursor, 1)
        cases = cases.filter(no__lt=str(before)[:40])
    size = paging.clamp(limit)
    found = list(cases.order_by("-no").values(*ROW_FIELDS, "hidden", "is_public")[: size + 1])
    following = paging.encode([found[size - 1]["no"]]) if len(found) > size else None
    return {"items": moderated_items(found[:size], now), "next": following}


def _told_words(case_id: UUID) -> list[JsonObject]:
    """Reasons and notes in the history, the latest first."""
    told = []
    for step in Event.objects.filter(subject_id=case_id).order_by("-subject_version"):
        said = [step.data[name] for name in ("reason", "note") if name in step.data]
        words = " · ".join(one for one in said if isinstance(one, str) and one)
        if words:
            told.append(
                {
                    "version": step.subject_version,
                    "at": step.occurred_at,
                    "by": step.actor_name,
                    "text": words,
                }
            )
    return told


def moderation_item(actor: Actor, case_id: UUID, *, now: datetime) -> JsonObject:
    """One case as its moderator sees it, with what was done to it.

    Raises:
        Forbidden: neither acceptor nor shift leader.
        NotFound: out of scope.
    """
    may_moderate(actor)
    fields = (*ROW_FIELDS, "hidden", "is_public")
    own = Case.objects.visible_to(actor).filter(pk=case_id).values("address", "attributes").first()
    row = Case.objects.visible_to(actor).filter(pk=case_id).values(*fields).first()
    if row is None or own is None:
        raise NotFound("There is no such case.")
    acts = ModerationAct.objects.filter(case_id=case_id).order_by("-at")
    known = public_rules().reasons
    return {
        **moderated_items([row], now)[0],
        "address": own["address"],
        "answers": [f"{name}: {value}" for name, value in own["attributes"].items()],
        "words": _told_words(case_id),
        "acts": [
            {
                "at": act.at,
                "by": act.by_name,
                "act": act.act,
                "what": act.what,
                "reason": known.get(act.reason),
            }
            for act in acts[:ACTS_MAX]
        ],
    }
