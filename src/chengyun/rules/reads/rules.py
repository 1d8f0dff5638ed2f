"""Rules as people ask for them: what they say, what they found, how often they were wrong."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject
from chengyun.people.reads import user_names
from chengyun.rules.decide.checking import faults
from chengyun.rules.decide.declared import RULE
from chengyun.rules.decide.declared import Rule as Declared
from chengyun.rules.models import FigureSet, Rule, RuleVersion, Signal
from chengyun.rules.policy import may_decide
from chengyun.rules.reads.measured import measured

LOOKED_BACK = timedelta(days=90)


def rules(actor: Actor, now: datetime) -> list[JsonObject]:
    """All rules with their state, and what they found in sight in 90 days."""
    rows = list(Rule.objects.order_by("pack", "id"))
    contents = _contents(rows)
    told = _told(actor, now)
    set_ = defaultdict(set)
    for rule_id, word in FigureSet.objects.values_list("rule_id", "word"):
        set_[rule_id].add(word)
    return [_line(row, contents[row.id], set_[row.id], told[row.id]) for row in rows]


def _contents(rows: list[Rule]) -> dict[str, RuleVersion]:
    wanted = {(row.id, row.version) for row in rows}
    versions = RuleVersion.objects.filter(rule_id__in=[row.id for row in rows])
    return {one.rule_id: one for one in versions if (one.rule_id, one.version) in wanted}


def _line(row: Rule, version: RuleVersion, set_: set[str], told: JsonObject) -> JsonObject:
    rule = RULE.validate_python(version.content)
    return {
        "id": row.id,
        "name": rule.name,
        "note": rule.note,
        "pack": row.pack,
        "version": row.version,
        "pack_version": version.pack_version,
        "own": not version.pack_version,
        "enabled": row.enabled,
        "things": list(rule.things),
        "severities": sorted(one.severity for one in rule.levels),
        "empty_figures": empty_figures(rule, set_),
        "unverified_figures": [n for n, f in rule.figures.items() if not f.verified],
        "verified": version.verified,
        "source": version.source,
        "effective_from": version.effective_from,
        **told,
    }


def empty_figures(rule: Declared, set_: set[str]) -> list[str]:
    """The figures without any value: what needs them sleeps until a city fills them in."""
    return [
        name
        for name, figure in rule.figures.items()
        if figure.value is None and not figure.by and name not in set_
    ]


def _told(actor: Actor, now: datetime) -> dict[str, JsonObject]:
    rows = Signal.objects.visible_to(actor).filter(opened_at__gte=now - LOOKED_BACK, silent=False)
    counted = rows.values("rule_id").annotate(
        fired=Count("id"),
        open=Count("id", filter=Q(closed_at=None)),
        true=Count("id", filter=Q(judged="true")),
        false=Count("id", filter=Q(judged="false")),
    )
    found: dict[str, JsonObject] = defaultdict(lambda: _share(0, 0, 0, 0))
    for one in counted:
        found[one["rule_id"]] = _share(one["fired"], one["open"], one["true"], one["false"])
    return found


def _share(fired: int, open_: int, true: int, false: int) -> JsonObject:
    judged = true + false
    return {
        "fired": fired,
        "open": open_,
        "judged_true": true,
        "judged_false": false,
        "false_share": false / judged if judged else None,
    }


def find_rule(rule_id: str) -> Rule:
    """A rule by its id. Raises NotFound."""
    found = Rule.objects.filter(pk=rule_id).first()
    if found is None:
        raise NotFound
    return found


def rule(actor: Actor, rule_id: str, now: datetime) -> JsonObject:
    """One rule: what its version in force says, its versions, its figures. Raises NotFound."""
    row = find_rule(rule_id)
    versions = list(RuleVersion.objects.filter(rule=row).order_by("-version"))
    current = next(one for one in versions if one.version == row.version)
    figures = list(FigureSet.objects.filter(rule=row).order_by("word", "area_no"))
    people = {one.by_id for one in versions} | {one.by_id for one in figures}
    names = user_names([one for one in people if one])
    told = _told(actor, now)
    line = _line(row, current, {one.word for one in figures}, told[row.id])
    declared = RULE.validate_python(current.content)
    return {
        **line,
        "content": current.content,
        "versions": [_version(one, names) for one in versions],
        "figures_set": [
            {
                "word": one.word,
                "area_no": one.area_no,
                "value": one.value,
                "source": one.source,
                "by": names.get(one.by_id) if one.by_id else None,
                "at": one.at,
            }
            for one in figures
        ],
        "faults": [
            {"field": one.field, "reason": one.said, "hint": one.hint}
            for one in faults(declared, measured())
        ],
        "may_decide": may_decide(actor),
    }


def _version(one: RuleVersion, names: dict[Any, str]) -> JsonObject:
    return {
        "version": one.version,
        "pack_version": one.pack_version,
        "note": one.note,
        "source": one.source,
        "by": names.get(one.by_id) if one.by_id else None,
        "created_at": one.created_at,
        "content": one.content,
    }
