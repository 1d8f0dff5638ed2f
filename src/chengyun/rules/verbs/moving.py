"""Standings that moved become signals that open, grow worse, ease and close."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.calendar import from_us
from chengyun.kernel import areas
from chengyun.kernel.events import NewEvent, publish
from chengyun.rules.decide.engine import Change, Engine
from chengyun.rules.decide.levels import severity_of
from chengyun.rules.models import Signal, SignalStep
from chengyun.rules.reads.book import Book, Entry
from chengyun.rules.verbs.acting import Acting, act
from chengyun.rules.verbs.joining import join
from chengyun.rules.verbs.muting import Silences, silences_at
from chengyun.rules.verbs.telling import news, step_of
from chengyun.sensing.models import Thing

MOST_READINGS = 20


@dataclass
class _Moving:
    """Everything one step of the rules does to signals."""

    engine: Engine
    book: Book
    now: datetime
    open: dict[str, Signal]
    simulated: set[UUID]
    silences: Silences
    made: dict[UUID, Signal] = field(default_factory=dict)
    moved: dict[UUID, Signal] = field(default_factory=dict)
    steps: list[SignalStep] = field(default_factory=list)
    events: list[NewEvent] = field(default_factory=list)
    acting: dict[UUID, Acting] = field(default_factory=dict)


def key_of(entry: Entry, change: Change) -> str:
    """What a change's signal stands for: the rule and the thing, or the area around it."""
    rule, thing = entry.rule, change.thing
    if change.silent:
        return f"{rule.id}|silent|{thing.id}"
    return f"{rule.id}|{_around(entry, change) or thing.id}"


def _around(entry: Entry, change: Change) -> int | None:
    level = entry.rule.once
    if level == "thing":
        return None
    return areas.at_level(change.thing.area_no, level)  # type: ignore[arg-type]


def move(changes: Sequence[Change], engine: Engine, book: Book, now: datetime) -> None:
    """Write what changes of standings do to signals, in their order, and act on it."""
    if not changes:
        return
    keys = {key_of(book.of(one.rule, one.thing.area_no), one) for one in changes}
    rows = Signal.objects.filter(key__in=keys, closed_at=None).select_for_update()
    things = {one.thing.id for one in changes}
    simulated = Thing.objects.filter(pk__in=things, simulated=True).values_list("id", flat=True)
    moving = _Moving(
        engine, book, now, {row.key: row for row in rows}, set(simulated), silences_at(now)
    )
    for change in changes:
        _move(moving, change)
    Signal.objects.bulk_create(list(moving.made.values()))
    Signal.objects.bulk_update(
        list(moving.moved.values()),
        [
            *("severity", "worst", "members", "words", "changed_at", "closed_at", "escalate_at"),
            *("version", "muted", "rule_version"),
        ],
    )
    SignalStep.objects.bulk_create(moving.steps)
    publish(moving.events)
    act(join(list(moving.acting.values()), book, now), now)


def _move(moving: _Moving, change: Change) -> None:
    entry = moving.book.of(change.rule, change.thing.area_no)
    key = key_of(entry, change)
    signal = moving.open.get(key)
    members = dict(signal.members) if signal else {}
    if change.after:
        members[change.thing.code] = change.after
    else:
        members.pop(change.thing.code, None)
    rank = max(members.values(), default=0)
    if signal is None:
        if not rank:
            return
        signal = moving.open[key] = _opened(moving, entry, change, key)
        moving.made[signal.id] = signal
        what = "opened"
    else:
        before = 5 - signal.severity
        what = "worsened" if rank > before else "eased" if rank < before else "spread"
        if not rank:
            what = "closed"
            del moving.open[key]
        signal.version += 1
        if signal.id not in moving.made:
            moving.moved[signal.id] = signal
    _set(signal, members, rank, change, moving.now)
    _told(moving, entry, signal, change, what)


def _opened(moving: _Moving, entry: Entry, change: Change, key: str) -> Signal:
    thing, now = change.thing, moving.now
    around = None if change.silent else _around(entry, change)
    escalate = entry.rule.escalate
    area_no = thing.area_no if around is None else around
    return Signal(
        key=key,
        rule_id=change.rule,
        rule_version=entry.version,
        pack=entry.pack,
        thing_id=thing.id,
        thing_code=thing.code,
        thing_name=thing.name,
        lon=thing.lon,
        lat=thing.lat,
        area_no=area_no,
        unit_ids=list(thing.unit_ids),
        private=thing.private,
        simulated=thing.id in moving.simulated,
        silent=change.silent,
        severity=4,
        worst=4,
        opened_at=from_us(change.at),
        changed_at=from_us(change.at),
        recorded_at=now,
        escalate_at=now + escalate.after if escalate and not change.silent else None,
        muted=moving.silences.cover(change.rule, thing.id, area_no),
    )


def _set(signal: Signal, members: dict[str, int], rank: int, change: Change, now: datetime) -> None:
    signal.members = members
    signal.words = change.words or signal.words
    signal.changed_at = from_us(change.at)
    if rank:
        signal.severity = severity_of(rank)
        signal.worst = min(signal.worst, signal.severity)
    else:
        signal.closed_at = max(from_us(change.at), signal.opened_at)
        signal.escalate_at = None


def _told(moving: _Moving, entry: Entry, signal: Signal, change: Change, what: str) -> None:
    readings = {}
    if what in ("opened", "worsened") and not change.silent:
        found = moving.engine.readings(change.rule, change.thing.id, change.at, MOST_READINGS)
        readings = {
            word: [[from_us(at).isoformat(), value] for at, value in rows]
            for word, rows in found.items()
        }
    step = step_of(
        signal,
        what,
        moving.now,
        at=from_us(change.at),
        thing_code=change.thing.code,
        words=change.words,
        readings=readings,
    )
    moving.steps.append(step)
    if what != "spread":
        moving.events.append(news(signal, what, moving.now))
    if what in ("opened", "worsened") and not signal.muted:
        before = moving.acting.get(signal.id)
        first = before.step if before else step
        moving.acting[signal.id] = Acting(signal, entry, change.words, first)
