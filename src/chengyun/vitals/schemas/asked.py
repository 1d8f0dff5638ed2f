"""Which table, and which figure of it."""

from typing import Literal

from ninja import Schema
from pydantic import Field

By = Literal["unit", "area", "post"]
AreaLevel = Literal["city", "district", "street", "community"]
# PostgreSQL text holds no NUL.
PLAIN = r"^[^\x00]*$"


class TableQuery(Schema):
    """`period` is a month such as 2026-03; `area` an area's number, the caller's own if left out;
    `level` how deep rows of areas and posts stand, one below the area if left out."""

    period: str = Field(max_length=10, pattern=PLAIN)
    by: By = "unit"
    area: int | None = Field(None, ge=1, lt=2**58)
    level: AreaLevel | None = None


class TrendQuery(TableQuery):
    """`key` is a row's key; `months` how many months, the asked one and those before it."""

    key: str = Field(max_length=100, pattern=PLAIN)
    months: int = Field(6, ge=1, le=12)


class CsvQuery(TableQuery):
    """`lang` names the columns in a language; without it they are the ids of counters and rates."""

    lang: Literal["zh", "en"] | None = None


class PublishedCasesQuery(Schema):
    """`key` is a row's key."""

    key: str = Field(max_length=100, pattern=PLAIN)
    counter: str = Field(max_length=60, pattern=PLAIN)
    cursor: str | None = None
    limit: int | None = None


class CasesQuery(TableQuery):
    """`key` is a row's key, all rows if left out."""

    key: str | None = Field(None, max_length=100, pattern=PLAIN)
    counter: str = Field(max_length=60, pattern=PLAIN)
    cursor: str | None = None
    limit: int | None = None
