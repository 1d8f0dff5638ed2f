"""Duty lists in and out."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field


class DraftIn(Schema):
    """A duty list to keep as a draft; the city may be left out by who works in one only."""

    city: int | None = None
    content: dict[str, Any]
    # Hash of the draft this was written from; refused as stale when it is another by now.
    base: str | None = Field(default=None, max_length=64)


class ImportHead(Schema):
    """What a table does not say about its list."""

    city: int | None = None
    name: str = ""
    version: str = ""
    source: str = ""
    effective_from: date | None = None
    verified: bool | None = None


class RetireIn(Schema):
    reason: str


class ListReceipt(Schema):
    """What became of a list."""

    id: UUID | None
    city: int | None = None
    name: str | None = None
    version: str | None = None
    status: str | None = None
    entries: int = 0
    hash: str | None = None
    replaced: str | None = None


class RejectOut(Schema):
    """One fault of a row (0 = the head, 1 = the first row below the heading)."""

    row: int
    field: str
    reason: str
    code: str


class ImportReceipt(ListReceipt):
    read: int
    imported: int
    rejected: int
    rejects: list[RejectOut]


class DutyListOut(Schema):
    """A version of a duty list without its content."""

    id: UUID
    city_no: int
    name: str
    version: str
    pack: str
    status: Literal["draft", "active", "retired"]
    source: str
    effective_from: date | None
    verified: bool
    hash: str
    entries: int
    created_at: datetime
    created_by: UUID | None
    created_by_name: str
    activated_at: datetime | None
    activated_by_name: str
    retired_at: datetime | None


class DutyListPage(Schema):
    items: list[DutyListOut]
    next: str | None


class DutyListDetail(DutyListOut):
    content: dict[str, Any]


class ListsQuery(Schema):
    city: int | None = None
    status: str | None = None
    cursor: str | None = None
    limit: int | None = None
