"""A small city for the tests of deciding: its places, people, kinds and calendar."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from chengyun.cases.decide import commands as c
from chengyun.cases.decide.arrivals import Report
from chengyun.cases.decide.calendar import Calendar
from chengyun.cases.decide.context import Context, Refusal
from chengyun.cases.decide.decider import decide
from chengyun.cases.decide.fold import evolve
from chengyun.cases.decide.kinds import CaseKind, Condition, EvidenceRule, Limit
from chengyun.cases.decide.routing import RouteDecision
from chengyun.cases.decide.state import CaseState
from chengyun.cases.events import CaseEvent
from chengyun.kernel import areas
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor, Grant
from chengyun.kernel.text import Text, text

_SPACE = UUID("6f1d3c1e-1f7b-4f0e-9a52-7d9a6a0c8e11")


def named(name: str) -> UUID:
    """The same id for the same name, in every run."""
    return uuid5(_SPACE, name)


CITY = areas.pack(1)
DISTRICT = areas.pack(1, 2)
STREET = areas.pack(1, 2, 3)
OTHER_DISTRICT = areas.pack(1, 5)
PLACE = areas.pack(1, 2, 3, 4, 7)

SUPERVISION, COMMAND = named("supervision centre"), named("command centre")
SANITATION, DRAINAGE, ROADS = named("sanitation"), named("drainage"), named("roads")


def person(name: str, *grants: tuple[str, UUID, int]) -> Actor:
    """A user who holds these posts."""
    return Actor("user", named(name), name, tuple(Grant(*grant) for grant in grants))


COLLECTOR = person("collector", ("collector", SUPERVISION, STREET))
COLLECTOR_2 = person("collector 2", ("collector", SUPERVISION, STREET))
ACCEPTOR = person("acceptor", ("acceptor", SUPERVISION, DISTRICT))
LEADER_OF_SHIFT = person("shift leader", ("shift_leader", SUPERVISION, DISTRICT))
DISPATCHER = person("dispatcher", ("dispatcher", COMMAND, DISTRICT))
DISPATCHER_2 = person("dispatcher 2", ("dispatcher", COMMAND, DISTRICT))
DEPARTMENT = person("sanitation desk", ("department", SANITATION, DISTRICT))
DEPARTMENT_2 = person("sanitation deputy", ("department", SANITATION, DISTRICT))
HANDLER = person("sweeper", ("handler", SANITATION, DISTRICT))
DRAINS = person("drainage desk", ("department", DRAINAGE, DISTRICT))
LEADER = person("leader", ("leader", named("district office"), DISTRICT))
EVALUATOR = person("evaluator", ("evaluator", SUPERVISION, CITY))
STRANGER = person("far acceptor", ("acceptor", named("other centre"), OTHER_DISTRICT))
ADMIN = person("administrator", ("system_admin", SUPERVISION, CITY))
# One person with every post of both sides: what separation has to hold against.
JACK = person(
    "jack of all trades",
    ("collector", SUPERVISION, CITY),
    ("acceptor", SUPERVISION, CITY),
    ("shift_leader", SUPERVISION, CITY),
    ("dispatcher", COMMAND, CITY),
    ("department", SANITATION, CITY),
    ("handler", SANITATION, CITY),
)

EVERYBODY: tuple[Actor, ...] = (
    COLLECTOR,
    COLLECTOR_2,
    ACCEPTOR,
    LEADER_OF_SHIFT,
    DISPATCHER,
    DISPATCHER_2,
    DEPARTMENT,
    DEPARTMENT_2,
    HANDLER,
    DRAINS,
    LEADER,
    EVALUATOR,
    STRANGER,
    ADMIN,
    JACK,
    PUBLIC,
    SYSTEM,
)


def both(words: str) -> Text:
    """The same words in both languages."""
    return text(words, words)


LITTER = CaseKind(
    id="TEST/event/0101",
    scheme="TEST",
    type="event",
    code="0101",
    major_code="01",
    major=both("streets"),
    minor_code="01",
    name=text("暴露垃圾", "Litter"),
    conditions=(
        Condition("heap", text("成堆", "A heap"), text("清除", "Gone"), Limit(1, "WD")),
        Condition("urgent", text("堵路", "In the way"), text("清除", "Gone"), Limit(4, "UH")),
    ),
    evidence=EvidenceRule(scene=1, before=1, after=1),
)
LEAFLET = replace(
    LITTER,
    id="TEST/event/0102",
    name=text("散发小广告", "Leaflets"),
    conditions=(LITTER.conditions[0],),
    evidence=EvidenceRule(),
    check=False,
)
KINDS = {kind.id: kind for kind in (LITTER, LEAFLET)}

# The State Council's holiday notice for 2026, as PyPI chinesecalendar 1.11.0 has it.
_HOLIDAYS = (
    ("元旦", date(2026, 1, 1), 3),
    ("春节", date(2026, 2, 15), 9),
    ("清明节", date(2026, 4, 4), 3),
    ("劳动节", date(2026, 5, 1), 5),
    ("端午节", date(2026, 6, 19), 3),
    ("中秋节", date(2026, 9, 25), 3),
    ("国庆节", date(2026, 10, 1), 7),
)
_MAKEUP = ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))
CHINA = Calendar(
    "cn-2026",
    holidays={
        first + timedelta(days=day): both(name)
        for name, first, length in _HOLIDAYS
        for day in range(length)
    },
    makeup_days={date(2026, month, day): both("调休上班") for month, day in _MAKEUP},
    known_until=date(2026, 12, 31),
    source="PyPI chinesecalendar 1.11.0",
)

# A Tuesday, 10:00 in Shanghai.
TUESDAY = datetime(2026, 6, 2, 2, 0, tzinfo=UTC)


def local(*parts: int) -> datetime:
    """An instant by Shanghai's clock."""
    return datetime(*parts, tzinfo=CHINA.zone).astimezone(UTC)  # type: ignore[arg-type]


def routed(unit: UUID = SANITATION, *co: UUID, confidence: float = 0.9) -> RouteDecision:
    """What dispatch would answer."""
    why = (text("责任清单第1条", "Entry 1 of the duty list"),)
    return RouteDecision(unit, co, "entry-1", "v1", why, confidence, ())


class Story:
    """One case lived through: every outcome is folded, the history kept."""

    def __init__(self, kind: CaseKind | None = LITTER, now: datetime = TUESDAY) -> None:
        self.now = now
        self.kind = kind
        self.history: list[CaseEvent] = []
        self.elsewhere: list[CaseEvent] = []
        self.state: CaseState | None = None

    @property
    def case(self) -> CaseState:
        """The state, which a story has once it is reported."""
        assert self.state is not None
        return self.state

    def context(self, actor: Actor, **more: object) -> Context:
        """A context of this moment."""
        return replace(
            Context(self.now, actor, CHINA, kind=self.kind),
            **more,  # type: ignore[arg-type]
        )

    def tried(
        self, actor: Actor, command: c.Command, **more: object
    ) -> Sequence[CaseEvent] | Refusal:
        """What deciding says, without carrying it out."""
        return decide(self.state, command, self.context(actor, **more))

    def does(self, actor: Actor, command: c.Command, **more: object) -> "Story":
        """Carry a command out; it has to be accepted."""
        outcome = self.tried(actor, command, **more)
        assert not isinstance(outcome, Refusal), f"{actor.name} {command}: {outcome}"
        for event in outcome:
            if self.state is not None and event.case_id != self.state.id:
                self.elsewhere.append(event)
                continue
            self.state = evolve(self.state, event)
            self.history.append(event)
        return self

    def refused(self, code: str, actor: Actor, command: c.Command, **more: object) -> Refusal:
        """The refusal of a command that has to be refused with this code."""
        outcome = self.tried(actor, command, **more)
        assert isinstance(outcome, Refusal), f"{actor.name} {command} was accepted"
        assert outcome.code == code, outcome
        assert outcome.reason["zh"]
        assert outcome.reason["en"]
        return outcome

    def later(self, **delta: float) -> "Story":
        """Let time pass without anybody looking."""
        self.now += timedelta(**delta)
        return self

    def ticked(self) -> "Story":
        """The scheduler comes by."""
        return self.does(SYSTEM, c.Tick())


def arrival(name: str = "case", **more: object) -> Report:
    """A report that can be dispatched at once."""
    made = Report(
        named(name),
        name,
        CITY,
        "public",
        kind_id=LITTER.id,
        condition_id="heap",
        area_no=PLACE,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def pending_accept() -> Story:
    """A report that nobody could route."""
    return Story().does(PUBLIC, arrival())


def pending_file() -> Story:
    """Accepted."""
    return pending_accept().does(ACCEPTOR, c.Accept())


def pending_dispatch() -> Story:
    """Filed under a condition."""
    return pending_file().does(LEADER_OF_SHIFT, c.File(LITTER.id, "heap"))


def pending_handle() -> Story:
    """With the department, sent by a dispatcher."""
    return pending_dispatch().does(DISPATCHER, c.Dispatch(SANITATION))


def automatic(*co: UUID) -> Story:
    """With the department within one command, sent by the duty list."""
    return Story().does(PUBLIC, arrival(), route=routed(SANITATION, *co))


def handling() -> Story:
    """The handler is at work."""
    story = pending_handle().does(DEPARTMENT, c.Assign(HANDLER.id or named("")))
    return story.does(HANDLER, c.Start())


def handled() -> Story:
    """Done, with photos, to be confirmed."""
    return handling().does(HANDLER, c.Handle((named("b1"),), (named("a1"),)))


def pending_check() -> Story:
    """Confirmed by the department."""
    return handled().does(DEPARTMENT, c.Feedback())


def pending_close() -> Story:
    """Checked by a collector."""
    return pending_check().does(COLLECTOR, c.CheckResult(passed=True))


def closed() -> Story:
    """Closed by a shift leader."""
    return pending_close().does(LEADER_OF_SHIFT, c.Close("heap"))
