"""Taking up what packs declare: templates and house rules become immutable, cited rows."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import orjson

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import Json, JsonObject
from chengyun.kernel.verbs import verb
from chengyun.notices.decide.templates import HouseRules, Template
from chengyun.notices.models import NoticeDocument
from chengyun.notices.reads.book import forget_book, rules_reader, template_reader


@verb("notices.load")
def load_notices(
    actor: Actor,
    *,
    now: datetime,
    pack: str,
    pack_version: str,
    templates: Sequence[Template],
    rules: HouseRules | None = None,
) -> JsonObject:
    """Make these templates, and house rules if given, the current ones.

    Returns:
        {"added", "count"}
    """
    documents: list[tuple[str, str, Json]] = [
        ("template", one.id, template_reader().dump_python(one, mode="json")) for one in templates
    ]
    if rules is not None:
        documents.append(("rules", "default", rules_reader().dump_python(rules, mode="json")))
    added = 0
    for what, key, content in documents:
        mark = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
        same = NoticeDocument.objects.filter(what=what, key=key)
        if same.filter(hash=mark, current=True).exists():
            continue
        same.filter(current=True).update(current=False)
        NoticeDocument.objects.update_or_create(
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
    forget_book()
    return {"added": added, "count": len(documents)}
