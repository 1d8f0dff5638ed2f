"""Published tables and objections."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text
from chengyun.vitals.schemas.asked import PLAIN, AreaLevel, By
from chengyun.vitals.schemas.tables import TableOut


class PublishIn(Schema):
    """Which table to freeze; the reason is wanted for a correction."""

    period: str = Field(max_length=10, pattern=PLAIN)
    by: By
    area: int | None = Field(None, ge=1, lt=2**58)
    level: AreaLevel | None = None
    reason: str = Field("", max_length=1_000, pattern=PLAIN)


class Published(Schema):
    id: UUID
    version: int
    hash: str


class PublicationHead(Schema):
    """A published table; `newest` says whether no later version took its place."""

    id: UUID
    area_no: int
    area: Text | None
    period: str
    by: By
    level: AreaLevel
    version: int
    newest: bool
    as_of: datetime
    hash: str
    simulated: bool
    reason: str
    published_at: datetime
    published_by_name: str


class PublicationsOut(Schema):
    items: list[PublicationHead]


class ObjectionCase(Schema):
    case_id: UUID
    no: str | None


class ObjectionOut(Schema):
    id: UUID
    publication_id: UUID
    key: str
    counter: str
    counter_name: Text
    reason: str
    made_at: datetime
    made_by: str
    status: str
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    result_id: UUID | None
    cases: list[ObjectionCase]


class ChangeOut(Schema):
    """A score (no `counter`) or counter that differs from the version before, and the cases that
    left it or joined it, at most 50 each way; `no` is null where the reader does not see them."""

    key: str
    name: Text
    counter: str
    counter_name: Text
    before: float | None
    after: float | None
    left: list[ObjectionCase]
    joined: list[ObjectionCase]


class PublicationDetail(PublicationHead):
    """The frozen table, what it changed, all its versions and the objections to them."""

    table: TableOut
    changes: list[ChangeOut]
    versions: list[PublicationHead]
    objections: list[ObjectionOut]


class ObjectionIn(Schema):
    """Which figure (row and counter) is wrong, by which cases, and why."""

    key: str = Field(max_length=100, pattern=PLAIN)
    counter: str = Field(max_length=60, pattern=PLAIN)
    case_ids: list[UUID] = Field(max_length=1_000)
    reason: str = Field(max_length=1_000, pattern=PLAIN)


class ObjectionMade(Schema):
    id: UUID
    status: str


class ObjectionDecided(Schema):
    """`publication_id` is the new version that an upheld objection led to."""

    id: UUID
    status: str
    publication_id: UUID | None
