"""Evaluation files of a pack as the values vitals reads, and what does not fit in them."""

from collections.abc import Iterator

from chengyun.app.packs.faults import PackFault
from chengyun.kernel.text import text
from chengyun.sdk.evaluation import EvaluationFile, SchemeOfScores, TermDeclared
from chengyun.sdk.manifest import PackManifest
from chengyun.vitals.decide.counters import COUNTERS, POSTS
from chengyun.vitals.decide.rates import RATES
from chengyun.vitals.decide.schemes import Bands, Grade, Scheme, Step, Term
from chengyun.vitals.decide.suspicions import Thresholds


def _term(term: TermDeclared) -> Term:
    bands = None
    if term.bands is not None:
        said = term.bands
        bands = Bands(
            said.counter,
            tuple(Step(one.up_to, one.points) for one in said.steps),
            said.otherwise,
            said.exclusive,
            said.per_grid,
            {
                name: tuple(Step(one.up_to, one.points) for one in steps)
                for name, steps in said.classes.items()
            },
        )
    name = text(term.name.zh, term.name.en)
    return Term(term.id, name, term.weight, term.rate, term.inverse, bands)


def schemes(file: EvaluationFile, manifest: PackManifest) -> list[Scheme]:
    """The schemes of one file."""
    return [
        Scheme(
            id=one.id,
            by=one.by,
            name=text(one.name.zh, one.name.en),
            terms=tuple(_term(term) for term in one.terms),
            grades=tuple(Grade(g.letter, g.at_least) for g in file.grades),
            source=file.source,
            effective_from=file.effective_from,
            post=one.post,
            verified=file.verified,
            note=one.note or file.note,
            min_weight=one.min_weight,
            area_classes=file.area_classes if one.by == "area" else {},
            pack=manifest.name,
            pack_version=manifest.version,
        )
        for one in file.schemes
    ]


def limits(file: EvaluationFile) -> Thresholds | None:
    """The thresholds of one file."""
    return None if file.checks is None else Thresholds(**file.checks.model_dump())


def faults(name: str, file: EvaluationFile) -> Iterator[PackFault]:
    """What does not fit inside one file."""
    if file.schemes and not any(grade.at_least == 0 for grade in file.grades):
        yield PackFault(name, "grades", "leave low scores without a letter", "Add one at 0")
    for index, scheme in enumerate(file.schemes):
        yield from _scheme_faults(name, f"schemes[{index}] ({scheme.id})", scheme)


def _scheme_faults(name: str, where: str, scheme: SchemeOfScores) -> Iterator[PackFault]:
    total = sum(term.weight for term in scheme.terms)
    if abs(total - 100) > 1e-6:
        yield PackFault(name, f"{where}.terms", f"weigh {total:g} in all", "Make it 100")
    if (scheme.by == "post") != (scheme.post is not None):
        yield PackFault(name, f"{where}.post", "goes with by: post alone", "Correct either")
    if scheme.post is not None and scheme.post not in POSTS:
        yield PackFault(
            name, f"{where}.post", f"{scheme.post!r} is no post", f"Use one of {', '.join(POSTS)}"
        )
    for term in scheme.terms:
        at = f"{where}.terms ({term.id})"
        if (term.rate is None) == (term.bands is None):
            yield PackFault(name, at, "needs either a rate or bands", "Give one of them")
        if term.rate is not None and term.rate not in RATES:
            yield PackFault(
                name, at, f"there is no rate {term.rate!r}", f"Use one of {', '.join(RATES)}"
            )
        if term.bands is not None and term.bands.classes and not term.bands.steps:
            yield PackFault(name, at, "has steps for other classes alone", "Give class 1 too")
        if term.bands is not None and term.bands.counter not in COUNTERS:
            yield PackFault(
                name,
                at,
                f"there is no counter {term.bands.counter!r}",
                f"Use one of {', '.join(COUNTERS)}",
            )
