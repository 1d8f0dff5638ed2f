"""What a city decides about its rules: figures, versions, on and off."""

import math
from datetime import datetime

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.rules.models import FigureSet, Rule, RuleVersion
from chengyun.rules.policy import check_may_decide
from chengyun.rules.reads.sound import sound
from chengyun.rules.verbs.loading import digest, next_version, touch


def _locked(rule_id: str) -> Rule:
    found = Rule.objects.select_for_update().filter(pk=rule_id).first()
    if found is None:
        raise NotFound
    return found


@verb("rules.set_figure")
def set_figure(
    actor: Actor,
    *,
    now: datetime,
    rule_id: str,
    word: str,
    area_no: int,
    value: float | None,
    source: str,
) -> JsonObject:
    """Set a figure of a rule for an area and all inside it; None takes it back.

    Returns {"rule", "word"}. Raises NotFound, Forbidden, Invalid.
    """
    check_may_decide(actor, area_no)
    rule = _locked(rule_id)
    content = RuleVersion.objects.get(rule=rule, version=rule.version).content
    if word not in content.get("figures", {}):
        raise Invalid([FieldError("word", f"the rule has no figure {word}", "unknown_figure")])
    if value is None:
        FigureSet.objects.filter(rule=rule, word=word, area_no=area_no).delete()
    else:
        if not math.isfinite(value):
            raise Invalid([FieldError("value", "is no finite number", "bad_number")])
        if not source.strip():
            raise Invalid([FieldError("source", "say where the figure comes from", "missing")])
        FigureSet.objects.update_or_create(
            rule=rule,
            word=word,
            area_no=area_no,
            defaults={"value": value, "source": source.strip(), "by_id": actor.id, "at": now},
        )
    touch()
    return {"rule": rule_id, "word": word}


@verb("rules.write_version")
def write_version(
    actor: Actor, *, now: datetime, rule_id: str, content: JsonObject, note: str, based_on: int
) -> JsonObject:
    """Write a new version of a rule; it comes into force when it is activated.

    Args:
        content: as `sdk.rules.RuleDeclared` says, as JSON; tables stay those of the rule.
        based_on: the version it was written from.

    Returns {"rule", "version"}. Raises NotFound, Forbidden; Invalid, naming every part at fault;
    Conflict: there is a newer version, or one that says the same.
    """
    check_may_decide(actor)
    rule = _locked(rule_id)
    if next_version(rule_id) - 1 != based_on:
        raise Conflict("The rule has a newer version; look again.", code="version_taken")
    before = RuleVersion.objects.get(rule=rule, version=based_on)
    whole = {**content, "id": rule_id, "tables": before.content.get("tables", {})}
    sound(whole)
    mark = digest(whole)
    known = RuleVersion.objects.filter(rule=rule, hash=mark).first()
    if known is not None:
        said = f"Version {known.version} says the same."
        raise Conflict(said, code="same_version", version=known.version)
    version = next_version(rule_id)
    RuleVersion.objects.create(
        rule=rule,
        version=version,
        hash=mark,
        content=whole,
        note=note.strip(),
        by_id=actor.id,
        created_at=now,
    )
    return {"rule": rule_id, "version": version}


@verb("rules.activate")
def activate(actor: Actor, *, now: datetime, rule_id: str, version: int) -> JsonObject:
    """Bring a version of a rule into force: a new one, or an old one again.

    Returns {"rule", "version"}. Raises NotFound, Forbidden.
    """
    check_may_decide(actor)
    rule = _locked(rule_id)
    if not RuleVersion.objects.filter(rule=rule, version=version).exists():
        raise NotFound
    rule.version, rule.enabled, rule.changed_at = version, True, now
    rule.save(update_fields=["version", "enabled", "changed_at"])
    touch()
    return {"rule": rule_id, "version": version}


@verb("rules.switch")
def switch(actor: Actor, *, now: datetime, rule_id: str, enabled: bool) -> JsonObject:
    """Switch a rule on or off; off, its open signals are withdrawn.

    Returns {"rule", "enabled"}. Raises NotFound, Forbidden.
    """
    check_may_decide(actor)
    rule = _locked(rule_id)
    rule.enabled, rule.changed_at = enabled, now
    rule.save(update_fields=["enabled", "changed_at"])
    touch()
    return {"rule": rule_id, "enabled": enabled}
