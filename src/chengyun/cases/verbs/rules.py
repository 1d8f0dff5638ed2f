"""Taking up what packs declare: kinds, calendars and limits become immutable, cited rows."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from pydantic import TypeAdapter

from chengyun.cases.decide.calendar import Calendar
from chengyun.cases.decide.kinds import CaseKind
from chengyun.cases.decide.limits import Limits
from chengyun.cases.models import KindVersion, RuleDocument
from chengyun.cases.reads.kinds import forget_kinds
from chengyun.cases.reads.rulebook import forget_rules
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb

_KIND = TypeAdapter(CaseKind)
_CALENDAR = TypeAdapter(Calendar)
_LIMITS = TypeAdapter(Limits)


def _fingerprint(content: Any) -> str:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


@verb("cases.load_kinds")
def load_kinds(
    actor: Actor,
    *,
    now: datetime,
    kinds: tuple[CaseKind, ...],
    city_no: int | None = None,
) -> JsonObject:
    """Make these kinds the current ones of their ids; a changed kind gets a new version row.

    Args:
        city_no: the city whose own scheme these are; None: any city may use them.

    Returns:
        {"added", "count"}
    """
    current = {
        row.kind_id: row
        for row in KindVersion.objects.filter(current=True, kind_id__in=[k.id for k in kinds])
    }
    fresh = []
    for kind in kinds:
        content = _KIND.dump_python(kind, mode="json")
        mark = _fingerprint(content)
        before = current.get(kind.id)
        if before is None or before.hash != mark or before.city_no != city_no:
            fresh.append((kind, content, mark))
    KindVersion.objects.filter(current=True, kind_id__in=[k.id for k, _, _ in fresh]).update(
        current=False
    )
    for kind, content, mark in fresh:
        KindVersion.objects.update_or_create(
            kind_id=kind.id,
            hash=mark,
            defaults={
                "pack": kind.pack,
                "pack_version": kind.pack_version,
                "content": content,
                "current": True,
                "city_no": city_no,
            },
        )
    forget_kinds()
    return {"added": len(fresh), "count": len(kinds)}


@verb("cases.load_rules")
def load_rules(
    actor: Actor,
    *,
    now: datetime,
    pack: str,
    pack_version: str,
    calendars: Mapping[str, Calendar],
    limits: Limits | None = None,
    default_scheme: str | None = None,
    public: Mapping[str, JsonObject] | None = None,
) -> JsonObject:
    """Make these calendars (by id), limits and the scheme for new reports the current ones.

    `public` holds what the public door goes by: "moderation" and "stoppers".

    Returns:
        {"added", "count"}
    """
    documents = [
        ("calendar", key, _CALENDAR.dump_python(c, mode="json")) for key, c in calendars.items()
    ]
    if limits is not None:
        documents.append(("limits", "default", _LIMITS.dump_python(limits, mode="json")))
    if default_scheme is not None:
        documents.append(("scheme", "default", default_scheme))
    documents += [(what, "default", content) for what, content in (public or {}).items()]
    added = 0
    for what, key, content in documents:
        mark = _fingerprint(content)
        if RuleDocument.objects.filter(what=what, key=key, hash=mark, current=True).exists():
            continue
        RuleDocument.objects.filter(what=what, key=key, current=True).update(current=False)
        RuleDocument.objects.update_or_create(
            what=what,
            key=key,
            hash=mark,
            defaults={
                "pack": pack,
                "pack_version": pack_version,
                "content": content,
                "current": True,
            },
        )
        added += 1
    forget_rules()
    return {"added": added, "count": len(documents)}


def _take(what: str, pack: str, pack_version: str, content: Any) -> bool:
    """Make this the current document of a pack; whether it is another than before."""
    mark = _fingerprint(content)
    own = RuleDocument.objects.filter(what=what, key=pack, current=True)
    if own.filter(hash=mark).exists():
        return False
    own.update(current=False)
    RuleDocument.objects.update_or_create(
        what=what,
        key=pack,
        hash=mark,
        defaults={"pack": pack, "pack_version": pack_version, "content": content, "current": True},
    )
    return True


@verb("cases.load_texts")
def load_texts(
    actor: Actor, *, now: datetime, pack: str, pack_version: str, files: list[JsonObject]
) -> JsonObject:
    """Make a pack's standard texts the current ones of that pack.

    Args:
        files: each {"source", "verified", "texts": [{"id", "moves", "title", "text"}]}.

    Returns:
        {"added", "count"}
    """
    return {"added": int(_take("texts", pack, pack_version, files)), "count": len(files)}


@verb("cases.load_homes")
def load_homes(
    actor: Actor, *, now: datetime, pack: str, pack_version: str, content: JsonObject
) -> JsonObject:
    """Make a pack's homes the current ones of that pack.

    Args:
        content: {"rank", "cities", "homes": [{"post", "tiers", "cards"}]}; a higher rank goes
            before a lower one, and without cities it holds in all of them.

    Returns:
        {"added", "count"}
    """
    added = _take("homes", pack, pack_version, content)
    return {"added": int(added), "count": len(content["homes"])}
