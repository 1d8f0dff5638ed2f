"""Signing in."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.people.schemas.parts import AreaOut, PostOut, Taken

# Far above any real one, so that nobody makes us hash a book.
_PASSWORD = Field(min_length=1, max_length=512)
_CODE = Field(min_length=6, max_length=32)


class SignInIn(Taken):
    """Name and password, with the one-time or recovery code where one is enrolled."""

    username: str = Field(min_length=1, max_length=128)
    password: str = _PASSWORD
    totp: str | None = Field(default=None, max_length=32)


class LinkIn(Taken):
    """The token of a one-time link."""

    token: str = Field(min_length=1, max_length=128)


class CodeIn(Taken):
    """A one-time or recovery code."""

    code: str = _CODE


class PasswordIn(Taken):
    """A new password, and the one it replaces if there is one."""

    password: str = _PASSWORD
    current: str | None = Field(default=None, max_length=512)


class LocaleIn(Taken):
    """The language of one's screens."""

    locale: str = Field(max_length=8)


class MeOut(Schema):
    """Who is signed in, with what posts, and how well proved."""

    id: UUID
    name: str
    username: str
    locale: str
    simulated: bool
    posts: list[PostOut]
    has_password: bool
    totp_enrolled: bool
    second_factor: bool
    second_factor_missing: bool


class CityOut(Schema):
    """The city the screens open on."""

    area: AreaOut
    center: tuple[float, float]
    zoom: float
    time_zone: str = "UTC"
    language: str = ""
    attribution: str = ""


class SessionOut(Schema):
    """The session and the site it is in."""

    user: MeOut
    stream_url: str = ""
    city: CityOut | None = None
    version: str = ""
    simulated: bool = False


class TotpBegunOut(Schema):
    """The secret to enter into an authenticator, as text and as an otpauth address."""

    secret: str
    uri: str


class TotpConfirmedOut(Schema):
    """Recovery codes, shown once."""

    recovery_codes: list[str]


class SessionRowOut(Schema):
    """One of the browsers somebody is signed in with."""

    id: UUID
    device: str
    network: str
    method: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


class SessionsOut(Schema):
    """Live sessions."""

    items: list[SessionRowOut]
