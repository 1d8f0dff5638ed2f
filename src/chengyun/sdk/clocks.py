"""`clocks.yaml`: limits of the stages, warning shares and windows, each with its own source."""

from typing import Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, LimitText, Provenance

Stage = Literal["accept", "verify", "file", "dispatch", "dispose", "check", "close"]


class StageLimit(Declared):
    """The limit of one stage; null = the stage has no clock (dispose has its condition's)."""

    stage: Stage
    limit: LimitText | None
    source: str = Field(min_length=1)
    verified: bool = False


class Share(Declared):
    """At which share of a limit a colour is shown."""

    share: float = Field(gt=0, le=1)
    source: str = Field(min_length=1)
    verified: bool = False


class DuplicateWindow(Declared):
    """Same kind within this distance and time counts as a possible duplicate."""

    metres: int = Field(ge=0, le=5000)
    hours: int = Field(ge=0, le=24 * 365)
    source: str = Field(min_length=1)
    verified: bool = False


class Window(Declared):
    """A number of calendar days."""

    days: int = Field(ge=0, le=366)
    source: str = Field(min_length=1)
    verified: bool = False


class Count(Declared):
    """How often something may happen."""

    times: int = Field(ge=0, le=99)
    source: str = Field(min_length=1)
    verified: bool = False


class ClocksFile(Provenance):
    """`clocks.yaml`."""

    stages: tuple[StageLimit, ...]
    yellow: Share
    red: Share
    duplicate: DuplicateWindow
    reopen: Window
    suspension: Window
    extensions: Count
