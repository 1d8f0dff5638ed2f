"""Standard texts for a case's moves, its facts in their places."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from chengyun.cases.models import RuleDocument, StandardText
from chengyun.cases.policy import may_write_texts
from chengyun.cases.reads.sight import in_sight
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden
from chengyun.kernel.scope import bind_self
from chengyun.kernel.text import JsonObject

_PLACE = re.compile(r"\{([a-z]+)\}")
TEXTS_SHOWN = 500


def texts(actor: Actor, case_id: UUID, *, now: datetime) -> JsonObject:
    """Standard texts, the unit's own first, with the case's facts in their places.

    Raises:
        NotFound: the case is out of scope.
    """
    facts = _facts(in_sight(actor, case_id, now=now), actor)
    bind_self(actor)
    own = [
        {
            "id": str(row.id),
            "moves": row.moves,
            "title": {"zh": row.title, "en": row.title},
            "text": _filled({"zh": row.text, "en": row.text}, facts),
            "raw": row.text,
            "own": True,
            "source": "",
            "verified": True,
        }
        for row in StandardText.objects.order_by("title", "id")[:TEXTS_SHOWN]
    ]
    packed = [
        {
            "id": f"{document.pack}/{one['id']}",
            "moves": one["moves"],
            "title": one["title"],
            "text": _filled(one["text"], facts),
            "raw": one["text"]["zh"],
            "own": False,
            "source": file["source"],
            "verified": file["verified"],
        }
        for document in RuleDocument.objects.filter(what="texts", current=True).order_by("key")
        for file in document.content
        for one in file["texts"]
    ]
    return {"items": [*own, *packed], "editable": _may_edit(actor)}


def _may_edit(actor: Actor) -> bool:
    try:
        may_write_texts(actor)
    except Forbidden:
        return False
    return True


def _facts(row: JsonObject, actor: Actor) -> dict[str, dict[str, Any]]:
    """What a text may name, in both languages; what the case does not have stays a gap."""
    kind, area, unit = row["kind"], row["area"], row["lead_unit"]
    plain = {"no": row["no"], "place": row["address"], "by": actor.name}
    named = {"kind": kind, "area": area, "unit": unit}
    facts: dict[str, dict[str, Any]] = {"zh": {}, "en": {}}
    for language, found in facts.items():
        found.update({name: value for name, value in plain.items() if value})
        found.update({name: one["name"][language] for name, one in named.items() if one})
    return facts


def _filled(text: dict[str, str], facts: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {language: _said(one, facts[language]) for language, one in text.items()}


def _said(words: str, known: dict[str, Any]) -> str:
    return _PLACE.sub(lambda place: str(known.get(place[1], place[0])), words)
