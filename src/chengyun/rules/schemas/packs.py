"""Packs and dashboards, in and out."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text
from chengyun.rules.schemas.signals import Area

Note = Annotated[str, Field(max_length=1_000)]


class PackUseOut(Schema):
    """What was decided for an area: the pack is off, or kept at a version."""

    area_no: int
    area: Text | None
    code: str
    off: bool
    version: str | None
    note: str
    at: datetime


class PackLine(Schema):
    """A pack; `brings` counts what it declares, `unverified` and `empty` its figures."""

    pack: str
    version: str
    versions: list[str]
    title: Text
    description: Text | None
    kind: str
    owner: Text | None
    source: str
    requires: list[str]
    brings: dict[str, int]
    loaded_at: datetime
    open_signals: int
    unverified: int
    empty: int
    may_decide: bool
    uses: list[PackUseOut]


class PacksOut(Schema):
    items: list[PackLine]


class PackFigure(Schema):
    """A threshold of a pack's rule; `set_in_areas` counts the areas that set it themselves."""

    rule: str
    word: str
    title: Text | None
    value: float | None
    unit: str
    source: str
    verified: bool
    empty: bool
    set_in_areas: int


class DashboardLine(Schema):
    id: str
    title: Text
    pack: str


class PackDetail(PackLine):
    figures: list[PackFigure]
    rules: list[str]
    dashboards: list[DashboardLine]


class SwitchPackIn(Schema):
    area_no: Area
    on: bool
    note: Note = ""


class KeepPackIn(Schema):
    """Without a version the area goes with the newest."""

    area_no: Area
    version: Annotated[str, Field(max_length=20)] | None = None
    note: Note = ""


class UseDone(Schema):
    pack: str
    area_no: int


class DashboardsOut(Schema):
    items: list[DashboardLine]


class DashboardOut(DashboardLine):
    """A dashboard as its pack declares it."""

    posts: list[str]
    items: list[dict[str, Any]]


class FiguresOut(Schema):
    """Item → {"value", "unit", "count", "course", "rows"}, as far as it has them."""

    id: str
    at: datetime
    items: dict[str, dict[str, Any]]
