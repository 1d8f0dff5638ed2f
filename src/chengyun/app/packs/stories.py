"""The stories of a pack: readings and reports in, cases and notices out, and none else. Pure."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from uuid import UUID

from chengyun.app.packs.building import limit
from chengyun.app.packs.faults import unknown
from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.app.packs.playing import MINUTE, Played, Said, Spell, Told, play
from chengyun.app.packs.ruling import filled, rules_of
from chengyun.kernel.areas import pack as area_no
from chengyun.rules.decide.declared import Rule
from chengyun.rules.decide.ground import EARTH_M, Subject
from chengyun.sdk.duties import DutyEntry, RoleUnit
from chengyun.sdk.kit import CaseExpected, Story, StoryThing
from chengyun.sdk.senses import StreamDeclared, ThingKindDeclared

Kinds = Mapping[str, ThingKindDeclared]
LON, LAT = 121.47, 31.23


@dataclass(frozen=True, slots=True)
class Desk:
    """A case on a desk: whose, and how long it may take."""

    kind: str
    condition: str
    thing: str
    role: str
    limit: str
    source: str
    minute: float

    def __str__(self) -> str:
        what = f"{self.kind} ({self.condition}) at {self.thing} from {self.source}"
        return f"{what} after {self.minute:g} min, to {self.role} within {self.limit}"


def story_faults(catalog: Catalog, pack: LoadedPack, story: Story) -> Iterator[str]:
    """What does not come out as the story says."""
    visible = catalog.with_required(pack.name)
    kinds = kinds_of(visible)
    wrong = list(_names(story, kinds))
    if wrong:
        yield from wrong
        return
    try:
        rules = filled(rules_of([pack]), story.figures)
    except KeyError as error:
        yield f"figures: there is no {error}"
        return
    things = [subject(number, one, kinds[one.kind]) for number, one in enumerate(story.things)]
    yield from _compared(catalog, visible, story, things, rules, kinds)


def _compared(
    catalog: Catalog,
    visible: Sequence[LoadedPack],
    story: Story,
    things: Sequence[Subject],
    rules: Mapping[str, Rule],
    kinds: Kinds,
) -> Iterator[str]:
    begins = int(story.begins.timestamp() * 1_000_000)
    readings = list(_readings(story, things, kinds, begins))
    last = max(at for _, at, _ in readings)
    until = last if story.until is None else begins + int(story.until * MINUTE)
    answered = None if story.answered is None else int(story.answered * MINUTE)
    where = {one.code: one.area_no for one in things}
    reports = [
        (one.kind, where[one.thing], begins + round(one.at * MINUTE)) for one in story.reports
    ]
    played = play(
        rules, things, readings, begins=begins, until=until, answered=answered, reports=reports
    )
    desks = [*_desks(catalog, visible, played, begins), *_reports(catalog, visible, story)]
    yield from _cases(story, desks)
    yield from _told(story, played.told, begins)
    yield from _derived(story, played, things, begins)
    yield from _ends(story, played.spells, begins)


def kinds_of(visible: Sequence[LoadedPack]) -> dict[str, ThingKindDeclared]:
    """Kinds of things by id."""
    return {
        kind.id: kind
        for pack in visible
        for file in pack.senses_files.values()
        for kind in file.things
    }


def subject(number: int, one: StoryThing, kind: ThingKindDeclared) -> Subject:
    """A thing that is not in any register; its streams are numbered after it."""
    degree = math.radians(1) * EARTH_M
    return Subject(
        id=UUID(int=number + 1),
        code=one.code,
        name=one.code,
        kind=one.kind,
        area_no=area_no(1, *one.area),
        lon=LON + one.east / (degree * math.cos(math.radians(LAT))),
        lat=LAT + one.north / degree,
        properties=one.properties,
        private=kind.private,
        unit_ids=(),
        streams={s.property: number * 100 + at + 1 for at, s in enumerate(kind.streams)},
    )


def possible(stream: StreamDeclared, value: float) -> bool:
    """Whether rules read a value at all."""
    low = -math.inf if stream.low is None else stream.low
    high = math.inf if stream.high is None else stream.high
    return low <= value <= high


def _names(story: Story, kinds: Kinds) -> Iterator[str]:
    codes = {one.code: one.kind for one in story.things}
    for one in story.things:
        if one.kind not in kinds:
            yield str(unknown(one.code, "kind", one.kind, "kind of things", kinds))
            return
    for report in (one for one in story.reports if one.thing not in codes):
        yield str(unknown("reports", report.kind, report.thing, "thing of the story", codes))
    for said in story.readings:
        if said.thing not in codes:
            yield str(unknown("readings", said.of, said.thing, "thing of the story", codes))
            continue
        known = {stream.property for stream in kinds[codes[said.thing]].streams}
        if said.of not in known:
            yield str(unknown("readings", said.thing, said.of, "property of it", known))


def _readings(story: Story, things: Sequence[Subject], kinds: Kinds, begins: int) -> Iterator[Said]:
    by_code = {one.code: one for one in things}
    for said in story.readings:
        thing = by_code[said.thing]
        stream = next(s for s in kinds[thing.kind].streams if s.property == said.of)
        for at, value in enumerate(said.values * said.times):
            minute = said.since + at * said.every
            if possible(stream, value):
                yield thing.streams[said.of], begins + round(minute * MINUTE), value


def _desks(
    catalog: Catalog, visible: Sequence[LoadedPack], played: Played, begins: int
) -> Iterator[Desk]:
    for one in played.cases:
        minute = (one.at - begins) / MINUTE
        yield _desk(catalog, visible, one.kind, one.condition, one.thing.code, "sensor", minute)


def _reports(catalog: Catalog, visible: Sequence[LoadedPack], story: Story) -> Iterator[Desk]:
    for one in story.reports:
        said = (one.kind, one.condition, one.thing, one.source, one.at)
        yield _desk(catalog, visible, *said)


def _desk(
    catalog: Catalog,
    visible: Sequence[LoadedPack],
    kind_id: str,
    condition_id: str | None,
    thing: str,
    source: str,
    minute: float,
) -> Desk:
    kind = catalog.kinds[kind_id]
    found = kind.condition(condition_id) if condition_id else kind.conditions[0]
    if found is None:
        return Desk(kind_id, str(condition_id), thing, "nobody", "?", source, minute)
    role = _role(visible, kind_id, source)
    said = f"{found.limit.amount:g}{found.limit.unit}"
    return Desk(kind_id, found.id, thing, role, said, source, minute)


def _role(visible: Sequence[LoadedPack], kind: str, source: str) -> str:
    for entry in (e for pack in visible for duties in pack.duties for e in duties.entries):
        if _answers(entry, kind, source):
            return entry.lead.role if isinstance(entry.lead, RoleUnit) else entry.lead.org
    return "nobody"


def _answers(entry: DutyEntry, kind: str, source: str) -> bool:
    if entry.sources is not None and source not in entry.sources:
        return False
    return any(fnmatchcase(kind, pattern) for pattern in entry.kinds)


def _cases(story: Story, desks: list[Desk]) -> Iterator[str]:
    left = list(desks)
    for wanted in story.cases:
        found = next((one for one in left if _fits(wanted, one)), None)
        if found is None:
            span = f"from {wanted.after:g} to {wanted.by:g} min"
            what = f"{wanted.kind} ({wanted.condition}) at {wanted.thing} from {wanted.source}"
            where = f"on the desk of {wanted.role} within {wanted.limit}"
            yield f"no case {what} {span} {where}; there are: {_all(left)}"
            continue
        left.remove(found)
    for one in left:
        yield f"a case nobody expected: {one}"


def _fits(wanted: CaseExpected, one: Desk) -> bool:
    same = ("kind", "condition", "thing", "role", "source")
    return (
        all(getattr(wanted, name) == getattr(one, name) for name in same)
        and limit(wanted.limit) == limit(one.limit)
        and wanted.after <= one.minute <= wanted.by
    )


def _told(story: Story, told: Sequence[Told], begins: int) -> Iterator[str]:
    left = list(told)
    for wanted in story.told:
        found = next(
            (
                one
                for one in left
                if (one.template, one.post, one.thing, one.severity)
                == (wanted.template, wanted.post, wanted.thing, wanted.severity)
                and wanted.after <= (one.at - begins) / MINUTE <= wanted.by
            ),
            None,
        )
        if found is None:
            span = f"from {wanted.after:g} to {wanted.by:g} min"
            what = f"{wanted.post} by {wanted.template} about {wanted.thing}"
            there = _all(_notice(one, begins) for one in left)
            yield f"nobody told {what} at {wanted.severity} {span}; there are: {there}"
            continue
        left.remove(found)
    for one in left:
        yield f"somebody told whom nobody expected: {_notice(one, begins)}"


def _notice(one: Told, begins: int) -> str:
    minute = (one.at - begins) / MINUTE
    return f"{one.post} by {one.template} about {one.thing} at {one.severity} after {minute:g} min"


def _all(found: Iterator[str] | Sequence[object]) -> str:
    return "; ".join(map(str, found)) or "none"


def _derived(story: Story, played: Played, things: Sequence[Subject], begins: int) -> Iterator[str]:
    by_code = {one.code: one for one in things}
    for wanted in story.derived:
        stream = by_code[wanted.thing].streams.get(wanted.of)
        until = begins + round(wanted.at * MINUTE)
        said = [one for one in played.derived if one[0] == stream and one[1] <= until]
        value = max(said, key=lambda one: one[1])[2] if said else None
        if value is None or abs(value - wanted.value) > 1e-6 * max(1, abs(wanted.value)):
            yield (
                f"{wanted.of} of {wanted.thing} after {wanted.at:g} min is {value}, not"
                f" {wanted.value:g}"
            )


def _ends(story: Story, spells: Sequence[Spell], begins: int) -> Iterator[str]:
    for wanted in story.ends:
        ends = [
            (one.ends - begins) / MINUTE
            for one in spells
            if one.rule.id == wanted.rule and one.thing.code == wanted.thing and one.ends
        ]
        if not any(wanted.after <= one <= wanted.by for one in ends):
            found = ", ".join(f"{one:g}" for one in ends) or "never"
            yield (
                f"the signal {wanted.rule} about {wanted.thing} does not end from"
                f" {wanted.after:g} to {wanted.by:g} min; it ends: {found}"
            )
