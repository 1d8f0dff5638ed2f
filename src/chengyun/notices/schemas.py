"""Shapes of notices in and out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chengyun.kernel.text import Text

Way = Literal["in_app", "mail", "web_push", "sms", "gov_im"]
Level = Literal["1", "2", "3", "4", "none"]
Hour = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")]
Base64Url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+={0,2}$", max_length=200)]


class Strict(BaseModel):
    """Input: a field we don't know is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class NoticesIn(Strict):
    """`only`: unread, or open: those that wait for an acknowledgement."""

    only: Literal["", "unread", "open"] = ""
    cursor: str = ""
    limit: int | None = None


class Subject(BaseModel):
    kind: str
    id: UUID | None


class NoticeOut(BaseModel):
    id: UUID
    title: Text
    body: Text
    level: int | None
    link: str
    subject: Subject
    simulated: bool
    at: datetime
    read_at: datetime | None
    needs_ack: bool
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    repeated: int
    escalated: bool


class NoticesOut(BaseModel):
    items: list[NoticeOut]
    next: str | None


class UnreadOut(BaseModel):
    unread: int
    open: int


class ReadOut(BaseModel):
    id: UUID
    read_at: datetime


class ReadAllOut(BaseModel):
    count: int


class AcknowledgedOut(BaseModel):
    """`first`: nobody of the audience had before."""

    id: UUID
    first: bool


class BrowserOut(BaseModel):
    id: UUID
    name: str
    since: datetime


class PreferencesOut(BaseModel):
    """Addresses are masked; hours are the city's, both empty for no quiet hours."""

    channels: dict[str, list[Way]]
    quiet_from: str
    quiet_to: str
    breaks_quiet: list[int]
    mail: str
    phone: str
    browsers: list[BrowserOut]


class PreferencesIn(Strict):
    """`mail` and `phone`: a new address; empty takes it away, null leaves it."""

    channels: dict[Level, Annotated[list[Way], Field(max_length=5)]] = {}
    quiet_from: Hour = ""
    quiet_to: Hour = ""
    mail: (
        Annotated[
            str,
            StringConstraints(
                strip_whitespace=True, max_length=200, pattern=r"^([^\s@]+@[^\s@]+)?$"
            ),
        ]
        | None
    ) = None
    phone: (
        Annotated[
            str,
            StringConstraints(strip_whitespace=True, max_length=30, pattern=r"^[0-9+() -]*$"),
        ]
        | None
    ) = None


class PushKeys(Strict):
    p256dh: Base64Url
    auth: Base64Url


class PushIn(Strict):
    """What a browser's PushManager gives; `browser` is a name to know it by."""

    endpoint: Annotated[str, StringConstraints(max_length=1_000)]
    keys: PushKeys
    browser: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""


class PushOffIn(Strict):
    """A browser by its endpoint, or by its id in the settings."""

    endpoint: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    id: UUID | None = None


class PushOut(BaseModel):
    id: UUID


class PushKeyOut(BaseModel):
    key: str


class LogIn(Strict):
    channel: Literal["", "in_app", "mail", "web_push", "sms", "gov_im"] = ""
    state: Literal[
        "",
        "queued",
        "sent",
        "delivered",
        "failed",
        "acknowledged",
        "expired",
        "suppressed",
    ] = ""
    cursor: str = ""
    limit: int | None = None


class LogRow(BaseModel):
    """A delivery without its words. `sunk`: no gateway is connected, the local sink took it."""

    id: UUID
    at: datetime
    template: str
    level: int | None
    simulated: bool
    recipient: str
    staff: bool
    channel: Way
    state: str
    round: int
    attempts: int
    not_before: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    receipt: str
    error: str
    sunk: bool


class LogOut(BaseModel):
    items: list[LogRow]
    next: str | None


class ReceiptIn(Strict):
    """What a provider says of a message it took."""

    receipt: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    state: Literal["delivered", "failed"]


class ReceiptOut(BaseModel):
    """The message as it stands; the first word about it holds."""

    id: UUID
    state: str
