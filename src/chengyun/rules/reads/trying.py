"""Trying a rule on stored history: a backtest, and the preview while one is written."""

from collections.abc import Collection, Sequence
from datetime import datetime

import numpy as np

from chengyun.cases.decide.calendar import from_us, to_us
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.rules.decide.declared import Rule
from chengyun.rules.decide.ground import Subject, subjects
from chengyun.rules.decide.trying import Label, Spell, Trial, scored
from chengyun.rules.models import RuleVersion, Signal
from chengyun.rules.reads.book import figures_set, with_figures
from chengyun.rules.reads.counted import counted
from chengyun.rules.reads.making import engine_of
from chengyun.rules.reads.rules import find_rule
from chengyun.rules.reads.sound import sound
from chengyun.sensing import reads as sensing
from chengyun.sensing.decide.readings import Floats, Ints
from chengyun.sensing.models import Thing
from chengyun.sensing.reads.streams import known

TICK_US = 60_000_000
MOST_READINGS = 5_000_000
MOST_SPELLS = 2_000
MOST_ON_A_PAGE = 500_000
MOST_DAYS_ON_A_PAGE = 100
DAY_US = 86_400_000_000
LOOK_BACK_US = 30 * DAY_US
"""How far back the newest reading before the span is looked for: so late may readings come."""


def of_rule(rule_id: str, version: int | None = None, content: JsonObject | None = None) -> Rule:
    """A rule at a version (the one in force), or as it is being written, with the figures set.

    Raises NotFound; Invalid, naming every part of the wording at fault.
    """
    row = find_rule(rule_id)
    wanted = version or row.version
    found = RuleVersion.objects.filter(rule=row, version=wanted).first()
    if found is None:
        raise Invalid([FieldError("version", f"there is no version {wanted}", "unknown_version")])
    whole = found.content
    if content is not None:
        whole = {**content, "id": rule_id, "tables": found.content.get("tables", {})}
    figures = figures_set(rule_id=rule_id).get(rule_id, {})
    return with_figures(sound(whole), figures)


def tried(
    actor: Actor,
    rule_id: str,
    *,
    start: datetime,
    end: datetime,
    things: Collection[str],
    version: int | None,
    content: JsonObject | None,
) -> JsonObject:
    """A backtest as a page asks for it: of a version, or of what is being written.

    Raises NotFound; Invalid, naming every part of the wording at fault.
    """
    rule = of_rule(rule_id, version, content)
    if (end - start).days > MOST_DAYS_ON_A_PAGE:
        said = f"is more than {MOST_DAYS_ON_A_PAGE} days after the beginning: take a shorter span"
        raise Invalid([FieldError("until", said, "too_long")])
    return backtest(actor, rule, start=start, end=end, things=things, most=MOST_ON_A_PAGE)


def backtest(
    actor: Actor,
    rule: Rule,
    *,
    start: datetime,
    end: datetime,
    things: Collection[str] = (),
    labels: Sequence[Label] | None = None,
    most: int = MOST_READINGS,
) -> JsonObject:
    """When a rule would have fired about things in sight, and how well it knew.

    Args:
        start, end: the first instant, and the one that is not in the span any more.
        things: codes; none: every thing it looks at.
        labels: what really was, all of it where nothing in them is unreal; None: what people said
            of this rule's signals. Those outside the span or of other things are left out.

    Returns {"spells", "readings", "things", "fired", "labels", "left_out", "true", "false",
    "missed", "precision", "recall"}. Raises Invalid: the span is empty, or holds more than `most`
    readings; there is no such thing.
    """
    if start >= end:
        raise Invalid([FieldError("until", "is not after the beginning", "bad_span")])
    # Readings are asked for after the first instant up to the last.
    first, last = to_us(start) - 1, to_us(end) - 1
    kinds = subjects(known().facts.values())
    seen = _in_sight(actor, kinds, set(things), rule)
    engine = engine_of([rule], kinds)
    trial = Trial(engine, TICK_US, first)
    reaches = engine.reaches()
    reach = max(reaches.values(), default=0)
    early = first - max(reach, DAY_US)
    before = sensing.history.columns(reaches, early, first)
    # Few streams are so slow that their newest reading must be looked for one by one.
    slow = reaches.keys() - set(before[0].tolist())
    trial.seed(*sensing.history.last_before(slow, early - LOOK_BACK_US, early))
    trial.seed(*before)
    trial.seed(*counted(engine.counter, first - engine.case_reach(), first))
    begins = first
    for until, stream, at, value in sensing.history.days(reaches, first, last):
        trial.play(*_both((stream, at, value), counted(engine.counter, begins, until)), until)
        begins = until
        if trial.readings > most:
            said = f"the span holds more than {most:,} readings: take a shorter one"
            raise Invalid([FieldError("until", said, "too_long")])
    spells = [one for one in trial.spells if one.thing in seen]
    said_of = _judged(actor, rule.id, start, end) if labels is None else labels
    given = [one for one in said_of if _held(one, seen, first, last)]
    score = scored(spells, given, last, whole=labels is not None)
    return {
        "rule": rule.id,
        "from": start,
        "to": end,
        "things": len(seen),
        "readings": trial.readings,
        "fired": score.fired,
        "labels": len(given),
        "left_out": len(said_of) - len(given),
        "true": score.true,
        "false": score.false,
        "missed": score.missed,
        "precision": score.precision,
        "recall": score.recall,
        "spells": [_spell(one) for one in spells[:MOST_SPELLS]],
    }


def _both(
    one: tuple[Ints, Ints, Floats], other: tuple[Ints, Ints, Floats]
) -> tuple[Ints, Ints, Floats]:
    order = np.argsort(np.concatenate([one[1], other[1]]), kind="stable")
    return (
        np.concatenate([one[0], other[0]])[order],
        np.concatenate([one[1], other[1]])[order],
        np.concatenate([one[2], other[2]])[order],
    )


def _held(label: Label, seen: Collection[str], first: int, last: int) -> bool:
    return label.thing in seen and label.start <= last and label.end > first


def _spell(one: Spell) -> JsonObject:
    return {
        "thing": one.thing,
        "from": from_us(one.start),
        "to": None if one.end is None else from_us(one.end),
        "severity": one.severity,
        "words": dict(one.words),
        "judged": one.judged,
    }


def _in_sight(
    actor: Actor, kinds: dict[str, list[Subject]], wanted: set[str], rule: Rule
) -> set[str]:
    codes = {thing.code for kind in rule.things for thing in kinds.get(kind, ())}
    found = Thing.objects.visible_to(actor).filter(kind_id__in=rule.things)
    codes &= set(found.values_list("code", flat=True))
    if unknown := sorted(wanted - codes):
        said = f"the rule looks at no thing {', '.join(unknown[:5])}"
        raise Invalid([FieldError("things", said, "unknown_thing")])
    return codes & wanted if wanted else codes


def _judged(actor: Actor, rule_id: str, start: datetime, end: datetime) -> list[Label]:
    rows = Signal.objects.visible_to(actor).filter(
        rule_id=rule_id, silent=False, opened_at__lt=end, opened_at__gte=start
    )
    return [
        Label(
            one.thing_code,
            to_us(one.opened_at),
            to_us(one.closed_at or end),
            one.judged == "true",
        )
        for one in rows.exclude(judged="")
    ]
