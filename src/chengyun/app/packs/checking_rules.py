"""What is wrong with the rules of a pack, said with the nearest name that is right. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from chengyun.app.packs import ucum
from chengyun.app.packs.checking_senses import measured
from chengyun.app.packs.faults import PackFault, unknown
from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.app.packs.ruling import rules_of
from chengyun.cases.decide.kinds import CaseKind
from chengyun.notices.decide.templates import PLACEHOLDERS
from chengyun.rules.decide.checking import faults
from chengyun.rules.decide.conditions import ConditionError, read
from chengyun.rules.decide.declared import Rule
from chengyun.sdk.rules import RuleDeclared, RulesFile

_PLACE = re.compile(r"\{([^{}]*)\}")
ALWAYS = frozenset({"thing", "address", "level", "rule"})


def rules_faults(pack: LoadedPack, visible: tuple[LoadedPack, ...]) -> Iterator[PackFault]:
    """Everything about the rules that does not fit."""
    kinds = measured(visible)
    cases = {kind.id: kind for other in visible for kind in other.kinds}
    templates = {
        one.id: f"{one.title.zh}{one.title.en}{one.body.zh}{one.body.en}"
        for other in visible
        for file in other.notice_files.values()
        for one in file.templates
    }
    built = rules_of([pack])
    for name, file in pack.rules_files.items():
        shown = f"{pack.name}/{name}"
        yield from _tables(shown, file)
        for index, one in enumerate(file.rules):
            where = f"rules[{index}] ({one.id})"
            for wrong in faults(built[one.id], kinds):
                place = f"{where}.{wrong.field}"
                todo = wrong.hint[:1].upper() + wrong.hint[1:]
                yield PackFault(shown, place, wrong.said, todo)
            yield from _tables_used(shown, where, one, built[one.id])
            yield from _figures(shown, where, one)
            yield from _words(shown, where, one)
            yield from _case(shown, where, one, cases)
            yield from _counted(shown, where, one, cases)
            yield from _told(shown, where, one, templates)


def declared_twice(catalog: Catalog) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Nouns with (key, pack) pairs of which no key may stand twice."""
    files = [(pack, file) for pack in catalog for file in pack.rules_files.values()]
    yield "rule", [(one.id, pack.name) for pack, f in files for one in f.rules]


def words_of(pack: LoadedPack) -> frozenset[str]:
    """What templates told by the pack's rules may hold beside the usual placeholders."""
    rules = [one for file in pack.rules_files.values() for one in file.rules]
    words = {word for one in rules for word in (*one.inputs, *one.figures)}
    return frozenset(words | ALWAYS) if rules else frozenset()


def _tables(shown: str, file: RulesFile) -> Iterator[PackFault]:
    for name, versions in file.tables.items():
        since = [one.since for one in versions]
        for double in sorted({one for one in since if since.count(one) > 1}):
            yield PackFault(shown, f"tables.{name}", f"{double} has two versions", "Remove one")
        for one in versions:
            if any(a >= b for (a, _), (b, _) in pairwise(one.points)):
                wrong = f"the x of the version of {one.since} do not climb"
                yield PackFault(shown, f"tables.{name}", wrong, "Put the lowest first, each once")


def _tables_used(shown: str, where: str, one: RuleDeclared, rule: Rule) -> Iterator[PackFault]:
    texts = [level.when for level in one.levels]
    texts += [level.until for level in one.levels if level.until]
    for text in texts:
        try:
            asked = read(text).tables()
        except ConditionError:
            continue
        for name in sorted(asked - set(rule.tables)):
            yield unknown(shown, f"{where}.levels", name, "table", rule.tables)


def _figures(shown: str, where: str, one: RuleDeclared) -> Iterator[PackFault]:
    for word, figure in one.figures.items():
        place = f"{where}.figures.{word}"
        wrong = ucum.fault(figure.unit) if figure.unit else None
        if wrong is not None:
            yield PackFault(shown, f"{place}.unit", wrong, "Write it as UCUM does")
        if figure.value is not None and not figure.source:
            wrong = "has a value and no source"
            yield PackFault(shown, f"{place}.source", wrong, "Say whose figure it is")
        if figure.value is None and figure.verified:
            wrong = "says an empty figure is verified"
            yield PackFault(shown, f"{place}.verified", wrong, "Fill the figure in first")


def _words(shown: str, where: str, one: RuleDeclared) -> Iterator[PackFault]:
    if one.then.case is None:
        return
    known = ALWAYS | set(one.inputs) | set(one.figures)
    both = [set(_PLACE.findall(text)) for text in (one.then.case.text.zh, one.then.case.text.en)]
    for place in sorted(both[0] | both[1]):
        if place not in known:
            yield unknown(shown, f"{where}.then.case.text", f"{{{place}}}", "placeholder", known)
    for place in sorted(both[0] ^ both[1]):
        wrong = f"{{{place}}} stands in one language only"
        yield PackFault(shown, f"{where}.then.case.text", wrong, "Say the same in zh and en")


def _case(
    shown: str, where: str, one: RuleDeclared, cases: Mapping[str, CaseKind]
) -> Iterator[PackFault]:
    asked = one.then.case
    if asked is None:
        return
    kind = cases.get(asked.kind)
    if kind is None:
        yield unknown(shown, f"{where}.then.case.kind", asked.kind, "case kind", cases)
        return
    known = [condition.id for condition in kind.conditions]
    if asked.condition is None and len(known) > 1:
        wrong = f"{asked.kind} has several filing conditions"
        todo = f"Name one of {', '.join(known)}"
        yield PackFault(shown, f"{where}.then.case.condition", wrong, todo)
    elif asked.condition is not None and asked.condition not in known:
        noun = f"filing condition of {asked.kind}"
        yield unknown(shown, f"{where}.then.case.condition", asked.condition, noun, known)


def _counted(
    shown: str, where: str, one: RuleDeclared, cases: Mapping[str, CaseKind]
) -> Iterator[PackFault]:
    for word, asked in one.inputs.items():
        for kind in (kind for kind in asked.cases if kind not in cases):
            yield unknown(shown, f"{where}.inputs.{word}.cases", kind, "case kind", cases)


def _told(
    shown: str, where: str, one: RuleDeclared, templates: Mapping[str, str]
) -> Iterator[PackFault]:
    named = [(f"then.tell[{at}]", told.template) for at, told in enumerate(one.then.tell)]
    if one.escalate is not None:
        named.append(("escalate", one.escalate.template))
    known: Collection[str] = ALWAYS | set(one.inputs) | set(one.figures) | PLACEHOLDERS
    for place, template in named:
        if template not in templates:
            yield unknown(shown, f"{where}.{place}.template", template, "template", templates)
            continue
        for word in sorted(set(_PLACE.findall(templates[template])) - set(known)):
            wrong = f"the template {template} asks for {{{word}}}, which the rule does not know"
            yield PackFault(shown, f"{where}.{place}.template", wrong, "Name an input or a figure")
