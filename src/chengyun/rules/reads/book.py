"""The rules in force, with the figures that cities set."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from chengyun.kernel import areas
from chengyun.rules.decide.declared import RULE
from chengyun.rules.decide.declared import Rule as Declared
from chengyun.rules.models import FigureSet, Place, Rule, RuleVersion
from chengyun.rules.reads.uses import Use, read_uses


@dataclass(frozen=True)
class Entry:
    """A rule in force: what it says, which version it is, whose pack it is of."""

    rule: Declared
    version: int
    pack: str


@dataclass(frozen=True)
class Book:
    """All rules in force at one count of changes; `held_back` are earlier versions of some of them
    for areas that keep an earlier version of the pack."""

    changed: int
    entries: dict[str, Entry]
    held_back: tuple[Entry, ...] = ()

    @property
    def rules(self) -> list[Declared]:
        """The rules alone."""
        return [one.rule for one in (*self.entries.values(), *self.held_back)]

    def of(self, rule_id: str, area_no: int) -> Entry:
        """A rule as it holds in an area. Raises KeyError."""
        for one in self.held_back:
            if one.rule.id == rule_id and one.rule.looks_in(area_no):
                return one
        return self.entries[rule_id]


def read_book(changed: int) -> Book:
    """The rules in force now."""
    rows = {row.id: row for row in Rule.objects.filter(enabled=True)}
    versions: dict[str, list[RuleVersion]] = defaultdict(list)
    for one in RuleVersion.objects.filter(rule_id__in=list(rows)).order_by("version"):
        versions[one.rule_id].append(one)
    figures, uses = figures_set(), read_uses()
    entries, held_back = {}, []
    for row in rows.values():
        use = uses.get(row.pack, Use())
        current = next(one for one in versions[row.id] if one.version == row.version)
        kept = use.kept(versions[row.id], current)
        off = (*use.off, *(area for area, _ in kept))
        entries[row.id] = _entry(row, current, figures[row.id], off=off)
        for area, earlier in kept:
            inner = tuple(one for one, _ in kept if one != area and areas.contains(area, one))
            if earlier is not None:
                only = {"off": (*use.off, *inner), "only": (area,)}
                held_back.append(_entry(row, earlier, figures[row.id], **only))
    return Book(changed, entries, tuple(held_back))


def _entry(
    row: Rule, version: RuleVersion, set_: dict[str, dict[int, float]], **where: tuple[int, ...]
) -> Entry:
    rule = with_figures(RULE.validate_python(version.content), set_)
    return Entry(replace(rule, **where), version.version, row.pack)  # type: ignore[arg-type]


def changes() -> int:
    """How often rules or figures changed."""
    return Place.objects.filter(no=1).values_list("book", flat=True).first() or 0


def figures_set(**where: Any) -> dict[str, dict[str, dict[int, float]]]:
    """Rule → word → area → value, as cities set them."""
    found: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for one in FigureSet.objects.filter(**where):
        found[one.rule_id][one.word][one.area_no] = one.value
    return found


def with_figures(rule: Declared, set_: dict[str, dict[int, float]]) -> Declared:
    """A rule with the figures that cities set for it."""
    figures = {
        word: replace(figure, areas=set_.get(word, {})) for word, figure in rule.figures.items()
    }
    return replace(rule, figures=figures)
