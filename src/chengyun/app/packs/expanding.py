"""Organisation patterns × areas → the organisations and people of a city. Pure."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from chengyun.kernel import areas
from chengyun.kernel.text import Text
from chengyun.sdk.organisations import OrganisationPattern, OrganisationsFile, PersonPattern


@dataclass(frozen=True, slots=True)
class AreaFact:
    """An area as patterns see it; `no` is its packed number, `code` its administrative code."""

    no: int
    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class OrganisationSpec:
    """An organisation to be made; parents come before their children."""

    pattern: str
    code: str
    name: Text
    kind: str
    roles: tuple[str, ...]
    area_no: int
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """A simulated person with one post in one organisation, over that organisation's area."""

    username: str
    name: Text
    post: str
    organisation_code: str
    area_no: int


def _fill(template: str, code: str, area: str, n: int = 1) -> str:
    return template.replace("{code}", code).replace("{area}", area).replace("{n}", str(n))


def _in_order(file: OrganisationsFile) -> Iterator[OrganisationPattern]:
    left = list(file.organisations)
    placed: set[str] = set()
    while left:
        ready = [p for p in left if p.parent is None or p.parent in placed]
        if not ready:
            raise ValueError("organisation patterns have a parent that is missing or in a circle")
        for pattern in ready:
            placed.add(pattern.id)
            left.remove(pattern)
            yield pattern


def organisations(
    file: OrganisationsFile,
    facts: Iterable[AreaFact],
    levels: Collection[str] = areas.LEVELS,
) -> Iterator[OrganisationSpec]:
    """Every organisation of the patterns at these levels.

    Raises:
        ValueError: parents are missing or form a circle.
    """
    by_level: dict[str, list[AreaFact]] = {}
    for fact in facts:
        by_level.setdefault(areas.level(fact.no), []).append(fact)
    made: dict[tuple[str, int], str] = {}
    for pattern in _in_order(file):
        if pattern.each not in levels:
            continue
        for fact in by_level.get(pattern.each, ()):
            if pattern.areas is not None and fact.code not in pattern.areas:
                continue
            code = _fill(pattern.code, fact.code, "")
            made[pattern.id, fact.no] = code
            yield OrganisationSpec(
                pattern=pattern.id,
                code=code,
                name={
                    "zh": _fill(pattern.name.zh, fact.code, fact.name["zh"]),
                    "en": _fill(pattern.name.en, fact.code, fact.name["en"]),
                },
                kind=pattern.kind,
                roles=pattern.roles,
                area_no=fact.no,
                parent_code=_parent(pattern, fact.no, made),
            )


def _parent(
    pattern: OrganisationPattern, area_no: int, made: dict[tuple[str, int], str]
) -> str | None:
    if pattern.parent is None:
        return None
    for around in reversed(areas.ancestors(area_no)):
        code = made.get((pattern.parent, around))
        if code is not None:
            return code
    return None


def people(
    file: OrganisationsFile, facts: Iterable[AreaFact], made: Iterable[OrganisationSpec]
) -> Iterator[PersonSpec]:
    """Everybody the patterns put into these organisations."""
    by_no = {fact.no: fact for fact in facts}
    by_pattern: dict[str, list[PersonPattern]] = {}
    for pattern in file.people:
        by_pattern.setdefault(pattern.organisation, []).append(pattern)
    for spec in made:
        fact = by_no[spec.area_no]
        for person in by_pattern.get(spec.pattern, ()):
            for n in range(1, person.count + 1):
                yield PersonSpec(
                    username=_fill(person.username, fact.code, "", n),
                    name={
                        "zh": _fill(person.name.zh, fact.code, fact.name["zh"], n),
                        "en": _fill(person.name.en, fact.code, fact.name["en"], n),
                    },
                    post=person.post,
                    organisation_code=spec.code,
                    area_no=spec.area_no,
                )
