"""Taking up the rules that packs declare."""

import hashlib
from datetime import datetime

import orjson
from django.db.models import F, Max

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.rules.models import Place, Rule, RuleVersion
from chengyun.rules.policy import check_may_decide
from chengyun.rules.reads.sound import sound


@verb("rules.load_rules")
def load_rules(
    actor: Actor, *, now: datetime, pack: str, pack_version: str, content: JsonObject
) -> JsonObject:
    """Take up a pack's rules; the same again changes nothing.

    A new version comes into force unless the city put one of its own there. Rules that the pack no
    longer has are switched off; their history stays.

    Args:
        content: {"files": […]} with each file as `sdk.rules.RulesFile` says, as JSON.

    Returns {"added", "gone"}. Raises Forbidden; Invalid: a rule cannot be evaluated.
    """
    check_may_decide(actor)
    files = content["files"]
    tables = {name: one for file in files for name, one in file["tables"].items()}
    added, named = 0, []
    for file in files:
        said = {key: file[key] for key in ("source", "effective_from", "verified")}
        for one in file["rules"]:
            named.append(one["id"])
            whole = {**one, "tables": tables}
            added += _take_up(whole, pack, pack_version, said, now)
    others = Rule.objects.filter(pack=pack, enabled=True).exclude(id__in=named)
    gone = others.update(enabled=False, changed_at=now)
    if added or gone:
        touch()
    return {"added": added, "gone": gone}


def _take_up(
    content: JsonObject, pack: str, pack_version: str, said: JsonObject, now: datetime
) -> int:
    rule_id, mark = content["id"], digest(content)
    held = Rule.objects.filter(pk=rule_id).first()
    if held is not None and held.pack != pack:
        fault = f"the rule {rule_id} is of the pack {held.pack} already"
        raise Invalid([FieldError("id", fault, "taken")])
    known = RuleVersion.objects.filter(rule_id=rule_id, hash=mark).first()
    if known is not None:
        if held is not None and not held.enabled and not known.note:
            held.enabled, held.changed_at = True, now
            held.save(update_fields=["enabled", "changed_at"])
            return 1
        return 0
    sound(content)
    version = next_version(rule_id)
    if held is None:
        Rule.objects.create(id=rule_id, pack=pack, version=version, changed_at=now)
    row = RuleVersion.objects.create(
        rule_id=rule_id,
        version=version,
        pack_version=pack_version,
        hash=mark,
        content=content,
        created_at=now,
        **said,
    )
    if held is not None:
        current = RuleVersion.objects.get(rule_id=rule_id, version=held.version)
        held.changed_at = now
        # What the city wrote itself stays in force until the city takes up the pack's again.
        if current.pack_version:
            held.version, held.enabled = row.version, True
        held.save(update_fields=["version", "enabled", "changed_at"])
    return 1


def next_version(rule_id: str) -> int:
    """The number of a rule's next version."""
    last = RuleVersion.objects.filter(rule_id=rule_id).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def digest(content: JsonObject) -> str:
    """A rule's content as a hash."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def touch() -> None:
    """Say that rules or figures changed: whoever evaluates reads them anew."""
    Place.objects.bulk_create([Place(no=1)], ignore_conflicts=True)
    Place.objects.update(book=F("book") + 1)
