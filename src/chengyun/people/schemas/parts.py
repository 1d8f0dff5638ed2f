"""Shapes that several routes share."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

# areas.py packs a path into 58 bits.
AREA_MAX = (1 << 58) - 1


# PostgreSQL stores no NUL; whoever sends one is told so by field.
Word = Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]
CursorIn = Annotated[str, Field(max_length=256)]
# Instants a calendar of ours can hold.
Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC)),
]


class Taken(Schema):
    """Input: a field nobody asked for is an error, not a way to set one."""

    model_config = ConfigDict(extra="forbid")


class TextIn(Taken):
    """A name in both languages."""

    zh: str = Field(min_length=1, max_length=120)
    en: str = Field(min_length=1, max_length=120)


class TextOut(Schema):
    """A name in both languages."""

    zh: str
    en: str


class AreaOut(Schema):
    """An area."""

    no: int
    code: str
    name: TextOut
    level: str


class OrgOut(Schema):
    """An organisation, in short."""

    id: UUID
    name: TextOut
    level: str


class PostOut(Schema):
    """A post somebody holds."""

    post: str
    org: OrgOut
    area: AreaOut


class Done(Schema):
    """What a command was carried out on."""

    id: UUID


class PersonOut(Schema):
    """A person, in short."""

    id: UUID
    name: str
