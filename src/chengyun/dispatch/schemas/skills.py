"""What people can do."""

from uuid import UUID

from ninja import Schema


class SkillIn(Schema):
    appointment: UUID
    kinds: str
    level: int
    source: str = ""


class SkillOut(Schema):
    id: UUID
    appointment: UUID
    user: UUID
    user_name: str
    kinds: str
    level: int
    source: str


class SkillsOut(Schema):
    items: list[SkillOut]


class SkillReceipt(Schema):
    id: UUID
