"""Areas and units by name."""

from uuid import UUID

from ninja import Schema

from chengyun.kernel.text import Text


class AreaName(Schema):
    no: int
    code: str
    name: Text
    level: str


class UnitName(Schema):
    id: UUID
    name: Text
    level: str
