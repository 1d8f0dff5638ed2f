"""One person's turn at one case: what a move's act and guard work with."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.calendar import Calendar
from chengyun.cases.decide.clocks import StageClock, start_clock
from chengyun.cases.decide.context import Context, Refusal, refuse
from chengyun.cases.decide.kinds import CaseKind
from chengyun.cases.decide.limits import Limits
from chengyun.cases.decide.standing import Standing
from chengyun.cases.decide.state import CaseState, Decision, Photo, PhotoRole, Suggestion
from chengyun.cases.events.stamped import Stamp

MAX_NOTE = 2_000
MAX_PHOTOS = 20


class Turn:
    """State, context and standing of one command, and the stamps of its events.

    `now` never runs behind the case's last event, so that history stays in order when clocks
    don't.
    """

    __slots__ = ("_version", "context", "now", "standing", "state")

    def __init__(self, state: CaseState, context: Context, standing: Standing) -> None:
        self.state = state
        self.context = context
        self.standing = standing
        self.now = max(context.now, state.updated_at)
        self._version = state.version

    @property
    def by(self) -> UUID | None:
        """Who acts."""
        return self.context.actor.id

    @property
    def calendar(self) -> Calendar:
        """The calendar that clocks run by."""
        return self.context.calendar

    @property
    def limits(self) -> Limits:
        """The city's numbers."""
        return self.context.limits

    @property
    def kind(self) -> CaseKind | None:
        """The case's kind, if the context brought it."""
        kind = self.context.kind
        return kind if kind is not None and kind.id == self.state.kind_id else None

    def stamp(self) -> Stamp:
        """The stamp of the next event of this case."""
        self._version += 1
        return self._stamp(self.state.id, self._version)

    def system_stamp(self) -> Stamp:
        """The stamp of a next event that the system decides."""
        self._version += 1
        return Stamp(self.state.id, self._version, self.now, None, None, "system")

    def stamp_of(self, case_id: UUID, version: int, at: datetime | None = None) -> Stamp:
        """A stamp for an event of another case."""
        return self._stamp(case_id, version, at)

    def _stamp(self, case_id: UUID, version: int, at: datetime | None = None) -> Stamp:
        who = self.standing
        return Stamp(case_id, version, at or self.now, self.by, who.org, who.post)

    def clock(self, stage: str) -> StageClock:
        """A clock for a stage that starts now."""
        return start_clock(stage, self.limits.stage(stage), self.now, self.calendar, self.limits)

    def dispose_clock(self) -> StageClock | None:
        """The disposal clock with the filing condition's limit; None if it never was filed."""
        if self.state.limit is None:
            return None
        return start_clock("dispose", self.state.limit, self.now, self.calendar, self.limits)

    def overdue(self) -> bool:
        """Whether the running clock is past its deadline."""
        clock = self.state.clock
        return clock is not None and self.now >= clock.due_at


def as_photos(ids: Iterable[UUID], role: PhotoRole) -> tuple[Photo, ...]:
    """Photos of one role."""
    return tuple(Photo(photo_id, role) for photo_id in dict.fromkeys(ids))


def reason_missing(reason: str, field: str = "reason") -> Refusal | None:
    """Refuses an empty or endless reason."""
    if not reason.strip():
        return refuse("missing", "请填写理由", "Give a reason.", field)
    return too_long(reason, field)


def too_long(note: str, field: str = "note") -> Refusal | None:
    """Refuses an endless note."""
    if len(note) > MAX_NOTE:
        return refuse("invalid", f"不得超过{MAX_NOTE}字", f"At most {MAX_NOTE} characters.", field)
    return None


def too_many(photos: tuple[UUID, ...], field: str = "photos") -> Refusal | None:
    """Refuses too many photos."""
    if len(photos) > MAX_PHOTOS:
        return refuse(
            "invalid", f"照片不得超过{MAX_PHOTOS}张", f"At most {MAX_PHOTOS} photos.", field
        )
    return None


def route_decision(context: Context, what: str) -> Decision | None:
    """What dispatch answered, as a stored decision."""
    route = context.route
    if route is None:
        return None
    return Decision(
        what,
        route.reasons,
        route.confidence,
        route.rule,
        route.rule_version,
        tuple(Suggestion(c.unit, c.reason, c.score) for c in route.candidates),
    )
