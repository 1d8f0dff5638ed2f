"""Feeds."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.sensing.schemas.words import AREA_MAX, Code, Line, Taken, Word


class FeedIn(Taken):
    """A new feed. `secret` is what the other house gave us; a webhook's is ours and comes back."""

    code: Code
    name: Line
    kind: Literal["webhook", "poll", "broker"]
    protocol: Word = "mapped"
    mapping: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    auth: Literal["bearer", "hmac", "none"] = "bearer"
    area_no: int | None = Field(default=None, ge=1, le=AREA_MAX)
    secret: Line = ""


class FeedChangeIn(Taken):
    """What to change of a feed, and the version that was seen."""

    version: int = Field(ge=1, le=2**31 - 1)
    state: Literal["active", "paused"] | None = None
    mapping: dict[str, Any] | None = None
    settings: dict[str, Any] | None = None


class FeedOut(Schema):
    """A feed without its secret."""

    id: UUID
    code: str
    name: str
    kind: str
    protocol: str
    mapping: dict[str, Any]
    settings: dict[str, Any]
    state: str
    auth: str
    area_no: int
    version: int
    failures: int
    last_ok_at: datetime | None
    last_fault_at: datetime | None
    last_fault: str


class FeedsOut(Schema):
    """Feeds by code."""

    items: list[FeedOut]


class NewFeedOut(Schema):
    """A new feed; a webhook's secret is shown once."""

    id: UUID
    code: str
    secret: str


class FeedReceipt(Schema):
    """A changed feed and its new version."""

    id: UUID
    version: int


class SecretOut(Schema):
    """A new secret, shown once."""

    id: UUID
    secret: str
