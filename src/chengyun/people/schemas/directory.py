"""Organisations, people and keys."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.people.schemas.parts import (
    AREA_MAX,
    AreaOut,
    CursorIn,
    Instant,
    OrgOut,
    PostOut,
    Taken,
    TextIn,
    Word,
)

_AREA = Field(ge=1, le=AREA_MAX)
_AREA_OR_ALL = Field(default=None, ge=1, le=AREA_MAX)


class OrganisationsIn(Taken):
    """What organisations are asked for."""

    q: Word = ""
    kind: Word = ""
    role: Word = ""
    parent: UUID | None = None
    cursor: CursorIn = ""
    limit: int | None = None


class UsersIn(Taken):
    """What people are asked for."""

    q: Word = ""
    organisation: UUID | None = None
    post: Word = ""
    cursor: CursorIn = ""
    limit: int | None = None


class OrganisationIn(Taken):
    """A new organisation."""

    code: str = Field(min_length=1, max_length=64)
    name: TextIn
    kind: Word
    roles: list[Word] = Field(default=[], max_length=50)
    area_no: int = _AREA
    parent: UUID | None = None


class OrganisationRowIn(Taken):
    """One organisation of many; the parent by its code, in this city or in a row before it."""

    code: str = Field(min_length=1, max_length=64)
    name: TextIn
    kind: Word
    area_no: int = _AREA
    roles: list[Word] = Field(default=[], max_length=50)
    parent: Word | None = None


class ImportOrganisationsIn(Taken):
    """Many organisations at once; all are kept or none."""

    rows: list[OrganisationRowIn] = Field(min_length=1, max_length=5000)


class ImportedOut(Schema):
    """What became of the rows."""

    count: int
    created: int
    updated: int


class RenameIn(Taken):
    """Another name and, when given, other roles."""

    name: TextIn
    roles: list[Word] | None = Field(default=None, max_length=50)


class MoveIn(Taken):
    """Another parent; null makes it a root."""

    parent: UUID | None


class OrganisationOut(OrgOut):
    """An organisation in full."""

    code: str
    kind: str
    roles: list[str]
    area: AreaOut
    parent: UUID | None
    simulated: bool


class OrganisationsOut(Schema):
    """A page of organisations."""

    items: list[OrganisationOut]
    next: str | None


class InviteIn(Taken):
    """Somebody who shall have an account."""

    username: str = Field(min_length=1, max_length=64)
    display_name: str = Field(min_length=1, max_length=64)
    organisation: UUID
    locale: str = Field(default="zh-CN", max_length=8)


class LinkOut(Schema):
    """A one-time link, shown once: the page that takes it, with its token."""

    id: UUID
    url_path: str


class ResetIn(Taken):
    """What to take away with the password."""

    second_factor: bool = False


class ActiveIn(Taken):
    """Whether an account may be used."""

    active: bool


class AppointIn(Taken):
    """A post to give; without an area, over the organisation's whole area."""

    post: Word
    organisation: UUID
    area_no: int | None = _AREA_OR_ALL
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class AppointmentOut(PostOut):
    """A post held from and until."""

    id: UUID
    valid_from: datetime
    valid_to: datetime | None


class UserOut(Schema):
    """A person."""

    id: UUID
    username: str
    name: str
    org: OrgOut
    active: bool
    simulated: bool
    posts: list[AppointmentOut]


class UsersOut(Schema):
    """A page of people."""

    items: list[UserOut]
    next: str | None


class KeyIn(Taken):
    """A key to issue."""

    name: str = Field(min_length=1, max_length=64)
    post: Word
    organisation: UUID
    area_no: int | None = _AREA_OR_ALL
    days: int = Field(default=90, ge=1, le=366)


class KeyOut(Schema):
    """A key, without its token."""

    id: UUID
    name: str
    prefix: str
    post: str
    org: OrgOut
    area: AreaOut
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class KeysOut(Schema):
    """Keys, newest first."""

    items: list[KeyOut]


class NewKeyOut(Schema):
    """A key just issued: the only time its token is shown."""

    id: UUID
    token: str
