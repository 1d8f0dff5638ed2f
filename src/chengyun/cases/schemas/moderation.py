"""What moderators send and see."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from chengyun.cases.schemas.parts import Strict, Words
from chengyun.cases.schemas.rows import CaseRowOut
from chengyun.kernel.text import Text

Slug = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class ModerateIn(Strict):
    act: Literal["hide", "show", "correct", "approve"]
    what: Literal["case", "text", "photo"]
    target: Slug = ""
    reason: Slug | None = None
    text: Words = ""


class BoxIn(Strict):
    """A part of a photo, in shares of its width and height."""

    x: Share
    y: Share
    width: Share
    height: Share


class RedactIn(Strict):
    boxes: list[BoxIn] = Field(min_length=1, max_length=50)
    reason: Slug
    destroy_original: bool = False


class EraseIn(Strict):
    what: Literal["text", "photo", "address", "attributes", "words"]
    target: Slug = ""
    reason: Slug


class OpenIn(Strict):
    reason: Slug


class ModeratedReport(BaseModel):
    id: UUID
    text: str
    shown_text: str
    flags: list[Text]
    reported_at: datetime
    hidden: dict[str, Any] | None
    removed: dict[str, Any] | None


class ModeratedPhoto(BaseModel):
    id: UUID
    url: str
    role: str
    shown: str
    redacted: bool
    original: bool  # kept sealed: a shift leader may open it
    hidden: dict[str, Any] | None
    removed: dict[str, Any] | None


class ModerationActOut(BaseModel):
    at: datetime
    by: str
    act: str
    what: str
    reason: Text | None


class ModerationItem(BaseModel):
    row: CaseRowOut
    hidden: bool
    public: bool
    reports: list[ModeratedReport]
    photos: list[ModeratedPhoto]


class ToldWords(BaseModel):
    """Free words in one step of the history, which can be destroyed by its version."""

    version: int
    at: datetime
    by: str
    text: str


class ModerationDetail(ModerationItem):
    address: str
    answers: list[str]
    words: list[ToldWords]
    acts: list[ModerationActOut]


class ModerationPage(BaseModel):
    items: list[ModerationItem]
    next: str | None


class ReasonOut(BaseModel):
    id: str
    text: Text


class ReasonsOut(BaseModel):
    items: list[ReasonOut]
