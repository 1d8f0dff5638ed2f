"""`notices/*.yaml`: what people are told, in both languages, and how insistently."""

from typing import Annotated, Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug
from chengyun.sdk.duties import ClockTime
from chengyun.sdk.organisations import Post

Channel = Literal["in_app", "mail", "web_push", "sms", "gov_im"]
LevelKey = Literal["1", "2", "3", "4", "none"]
Level = Annotated[int, Field(ge=1, le=4)]


class TemplateDeclared(Declared):
    """One sort of notice. Title and body may hold placeholders in braces, the same in zh and en.

    With `needs_ack` it is asked again every `repeat_minutes`, `repeat_times` times, until somebody
    it was sent to acknowledges it; then the holders of `escalate_to` over the next area up are
    told. `keep_days` later it is removed.
    """

    id: Slug
    title: Name
    body: Name
    level: Level | None = None
    needs_ack: bool = False
    repeat_minutes: int = Field(default=0, ge=0, le=7 * 24 * 60)
    repeat_times: int = Field(default=0, ge=0, le=20)
    escalate_to: Post | None = None
    keep_days: int = Field(default=90, ge=1, le=730)


class HouseRulesDeclared(Declared):
    """What holds for people who set nothing themselves, and for residents: quiet hours in the
    city's zone, the levels that break them, and the channels of each level."""

    quiet_from: ClockTime
    quiet_to: ClockTime
    breaks_quiet: tuple[Level, ...]
    channels: dict[LevelKey, tuple[Channel, ...]]


class NoticesFile(Provenance):
    """One file of templates; one file of all packs may carry the house rules."""

    rules: HouseRulesDeclared | None = None
    templates: tuple[TemplateDeclared, ...] = ()
