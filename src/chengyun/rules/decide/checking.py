"""What is wrong with a rule, said so that whoever wrote it can put it right."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from chengyun.rules.decide.conditions import NUMBER, TRUTH, ConditionError, check, read
from chengyun.rules.decide.declared import CASES, Fault, Input, Rule

_INSTANT = ("value", "age")
_OF_ONE = ("rate", "change")
_AREAS = ("community", "street", "district", "city")
Kinds = Mapping[str, Collection[str]]
"""Kind of things → the properties its things measure."""


def faults(rule: Rule, kinds: Kinds) -> list[Fault]:
    """Everything that is wrong with a rule, given what can be measured."""
    found = [Fault(rule.id, field, *said) for field, said in _faults(rule, kinds)]
    return list(dict.fromkeys(found))


def _faults(rule: Rule, kinds: Kinds) -> Iterator[tuple[str, tuple[str, str]]]:
    for at, kind in enumerate(rule.things):
        if kind not in kinds:
            yield f"things.{at}", (f"{kind} is no kind of things", nearest(kind, kinds))
    for name, asked in rule.inputs.items():
        wrong = (*_input(asked), *_source(rule, asked, kinds))
        for field, said, hint in tuple(_cases(asked)) if asked.cases else wrong:
            yield f"inputs.{name}{field}", (said, hint)
    for name in rule.inputs.keys() & rule.figures.keys():
        yield f"figures.{name}", ("is an input too", "give one of them another name")
    severities = [level.severity for level in rule.levels]
    if len(set(severities)) != len(severities):
        yield "levels", ("name one severity twice", "one level for each severity")
    words = [*rule.inputs, *rule.figures]
    for at, level in enumerate(rule.levels):
        yield from _condition(f"levels.{at}.when", level.when, TRUTH, words, rule.tables)
        if level.until is not None:
            yield from _condition(f"levels.{at}.until", level.until, TRUTH, words, rule.tables)
    yield from _derived(rule, kinds, words)


def _derived(
    rule: Rule, kinds: Kinds, words: Collection[str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    for at, derived in enumerate(rule.then.derive):
        field = f"then.derive.{at}"
        yield from _condition(f"{field}.value", derived.value, NUMBER, words, rule.tables)
        for kind in rule.things:
            if derived.property not in kinds.get(kind, (derived.property,)):
                hint = nearest(derived.property, kinds[kind])
                yield f"{field}.property", (f"things of kind {kind} do not measure it", hint)
            if (kind, derived.property) in rule.read_by(kind):
                yield f"{field}.property", ("is read by the rule itself", "derive another property")


def _source(rule: Rule, asked: Input, kinds: Kinds) -> Iterator[tuple[str, str, str]]:
    if asked.at == "thing" and asked.kind is not None:
        yield ".kind", "is for readings around the thing", "leave it out, or say `at`"
    for kind in rule.things if asked.at == "thing" else (asked.kind or rule.things[0],):
        if kind not in kinds and asked.kind is not None:
            yield ".kind", f"{kind} is no kind of things", nearest(kind, kinds)
        if asked.of == CASES and CASES not in kinds.get(kind, ()):
            yield ".of", "is missing", "name the property, or the `cases` to count"
        elif asked.of not in kinds.get(kind, (asked.of,)):
            hint = nearest(asked.of, kinds[kind])
            yield ".of", f"things of kind {kind} do not measure {asked.of}", hint


def _cases(asked: Input) -> Iterator[tuple[str, str, str]]:
    if asked.take != "count":
        yield ".take", f"cases have no {asked.take}", "take: count"
    if not asked.over:
        yield ".over", "counting cases needs a window", "over: 3600"
    if asked.at not in _AREAS:
        yield ".at", "cases are counted in an area", f"at: one of {', '.join(_AREAS)}"
    if asked.kind is not None and not asked.kind.startswith(f"{CASES}:"):
        yield ".kind", "is for readings around the thing", "leave it out"
    if asked.of != CASES:
        yield ".of", "is for readings, and this counts cases", "leave it out, or `cases`"
    if asked.where or asked.only is not None:
        yield ".where" if asked.where else ".only", "is for readings", "leave it out"


def _input(asked: Input) -> Iterator[tuple[str, str, str]]:
    if asked.take not in (*_INSTANT, "percentile") and not asked.over:
        yield ".over", f"{asked.take} needs a window", "say how many seconds"
    if asked.take == "percentile" and (asked.percent is None or not asked.over):
        yield ".percent", "a percentile needs percent and a window", "percent: 95, over: 3600"
    if asked.take == "age" and asked.over:
        yield ".over", "age has no window", "leave it out"
    if asked.at == "near" and asked.near_m is None:
        yield ".near_m", "near needs a distance in metres", "near_m: 500"
    if asked.at != "thing" and asked.take in _OF_ONE:
        yield ".take", f"{asked.take} is of one thing's own readings", "take mean, max, min or sum"
    if asked.aligned and not asked.over:
        yield ".aligned", "needs a window", "say `over`"
    if asked.only is not None:
        for field, said in _condition(".only", asked.only, TRUTH, ["value"], {}):
            yield field, *said


def _condition(
    field: str, text: str, wanted: str, words: Collection[str], tables: Collection[str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    try:
        check(read(text, wanted), words, tables)
    except ConditionError as error:
        yield field, (str(error), f"in: {text}")


def nearest(name: str, known: Collection[str]) -> str:
    """A hint: what was probably meant, or what there is."""
    close = get_close_matches(name, list(known), 1)
    if close:
        return f"did you mean {close[0]}?"
    return f"there are: {', '.join(sorted(known)[:12]) or 'none'}"
