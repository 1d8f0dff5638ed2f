"""What becomes of a notice that nobody acknowledged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from chengyun.notices.decide.templates import Template

Act = Literal["repeat", "escalate", "rest"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What to do now, and when to look again (None: never)."""

    act: Act
    look_at: datetime | None


def first_look(template: Template, now: datetime) -> datetime | None:
    """When an unacknowledged notice is looked at for the first time."""
    if not template.needs_ack or template.repeat_minutes <= 0:
        return None
    return now + timedelta(minutes=template.repeat_minutes)


def turn(template: Template, repeated: int, now: datetime) -> Turn:
    """Ask again as often as the template says, then go one post up, then rest."""
    if repeated < template.repeat_times:
        return Turn("repeat", now + timedelta(minutes=template.repeat_minutes))
    return Turn("escalate" if template.escalate_to else "rest", None)
