"""Suggesting which officer of a unit should go: on shift, able, near, and not overloaded."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from uuid import UUID

from chengyun.kernel.text import Text, text

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Skill:
    """What an officer can do: kinds by pattern, 1 (some practice) to 3 (expert)."""

    kinds: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer as the suggestion sees them.

    `lon`, `lat` are WGS 84 degrees of the last known position.
    """

    id: UUID
    name: str
    on_duty: bool
    duty_ends: datetime | None = None
    open_cases: int = 0
    lon: float | None = None
    lat: float | None = None
    seen_at: datetime | None = None
    skills: tuple[Skill, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """The case to be handled."""

    kind_id: str
    lon: float | None = None
    lat: float | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each ground counts. Ours, unverified; a city sets its own."""

    distance: float = 0.4
    load: float = 0.3
    skill: float = 0.3
    half_distance_m: float = 1_000.0
    half_load: float = 5.0
    stale_after: timedelta = timedelta(minutes=30)
    source: str = "project default"
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An officer with a fitness of 0..1 and the grounds for it."""

    officer: UUID
    name: str
    score: float
    reasons: tuple[Text, ...] = field(default=())


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle distance in metres."""
    low, high = math.radians(lat), math.radians(other_lat)
    half = (
        math.sin((high - low) / 2) ** 2
        + math.cos(low) * math.cos(high) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def suggest(
    task: Task, officers: Sequence[Officer], *, now: datetime, weights: Weights | None = None
) -> list[Suggestion]:
    """Officers by fitness, best first. Those off duty come only when nobody is on duty."""
    given = weights or Weights()
    pool = [officer for officer in officers if officer.on_duty] or list(officers)
    found = [_weigh(task, officer, now, given) for officer in pool]
    return sorted(found, key=lambda s: (-s.score, str(s.officer)))


def _weigh(task: Task, officer: Officer, now: datetime, weights: Weights) -> Suggestion:
    near, near_said = _distance(task, officer, now, weights)
    free = weights.half_load / (weights.half_load + max(0, officer.open_cases))
    able, able_said = _skill(task, officer)
    whole = weights.distance + weights.load + weights.skill
    score = (weights.distance * near + weights.load * free + weights.skill * able) / whole
    duty, duty_said = _duty(officer, now)
    load_said = text(
        f"手头有 {officer.open_cases} 件未结案件。",
        f"Has {officer.open_cases} open case{'' if officer.open_cases == 1 else 's'}.",
    )
    said = (duty_said, load_said, near_said, able_said)
    return Suggestion(officer.id, officer.name, round(score * duty, 4), said)


def _duty(officer: Officer, now: datetime) -> tuple[float, Text]:
    if not officer.on_duty:
        return 0.25, text("当前不在班。", "Is off duty now.")
    ends = officer.duty_ends
    if ends is not None and ends - now < timedelta(minutes=30):
        minutes = max(0, int((ends - now).total_seconds() // 60))
        return 0.75, text(
            f"在班，{minutes} 分钟后交班。", f"Is on duty, with hand-over in {minutes} min."
        )
    return 1.0, text("在班。", "Is on duty.")


def _distance(task: Task, officer: Officer, now: datetime, weights: Weights) -> tuple[float, Text]:
    points = (task.lon, task.lat, officer.lon, officer.lat)
    if None in points:
        # Unknown is neither near nor far: half.
        return 0.5, text("位置未知。", "The position is unknown.")
    lon, lat, own_lon, own_lat = (float(value or 0.0) for value in points)
    metres = distance_m(lon, lat, own_lon, own_lat)
    near = weights.half_distance_m / (weights.half_distance_m + metres)
    far = f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"
    stale = officer.seen_at is None or now - officer.seen_at > weights.stale_after
    if stale:
        return (near + 0.5) / 2, text(
            f"最近一次位置距现场 {far}（已过时）。",
            f"Was last seen {far} away, but not recently.",
        )
    return near, text(f"距现场 {far}。", f"Is {far} away.")


def _skill(task: Task, officer: Officer) -> tuple[float, Text]:
    levels = [skill.level for skill in officer.skills if fnmatchcase(task.kind_id, skill.kinds)]
    if not levels:
        return 0.0, text("未登记此类案件的技能。", "Has no skill on record for this kind.")
    best = max(1, min(3, max(levels)))
    return best / 3, text(
        f"此类案件技能 {best} 级。", f"Has skill level {best} of 3 for this kind."
    )
