"""Standard addresses and what hangs on them, in and out."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text


class AddressName(Schema):
    kind: Literal["alias", "old_name", "landmark", "auxiliary"]
    name: str = Field(min_length=1, max_length=200)


class AddressIn(Schema):
    """A new address. Longitude and latitude are degrees in `datum`; without a point, `area_code`
    says where it lies."""

    road: str = Field(default="", max_length=100)
    lane: str = Field(default="", max_length=100)
    sub_lane: str = Field(default="", max_length=100)
    number: str = Field(default="", max_length=100)
    compound: str = Field(default="", max_length=100)
    building: str = Field(default="", max_length=100)
    unit: str = Field(default="", max_length=100)
    floor: str = Field(default="", max_length=100)
    room: str = Field(default="", max_length=100)
    poi: str = Field(default="", max_length=100)
    cross: str = Field(default="", max_length=100)
    names: list[AddressName] = Field(default=[], max_length=50)
    main_id: UUID | None = None
    area_code: str = Field(default="", max_length=64)
    lon: float | None = None
    lat: float | None = None
    height: float | None = None
    datum: Literal["WGS84", "CGCS2000", "GCJ02"] = "WGS84"
    accuracy_m: float | None = None
    position_source: str = Field(default="", max_length=200)


class AddressMoveIn(Schema):
    move: Literal["approve", "publish", "retire"]
    reason: str = Field(default="", max_length=2_000)


class RestructureIn(Schema):
    """A street renamed ("change"), a lane split or lanes merged: which addresses become what."""

    action: Literal["change", "split", "merge", "move"] = "change"
    where: dict[str, str]
    becomes: dict[str, str]
    numbers: list[str] = Field(default=[], max_length=5_000)
    title: str = Field(min_length=1, max_length=200)
    source: str = Field(default="", max_length=500)
    area: int | None = None


class AddressesQuery(Schema):
    city: int | None = None
    area: int | None = None
    q: str = Field(default="", max_length=200)
    state: str | None = None
    kind: str | None = None
    cursor: str | None = None
    limit: int | None = None


class AddressReceipt(Schema):
    id: UUID
    state: str


class AddressLine(Schema):
    """An address in a list; `area_names` from the city down."""

    id: UUID
    city_no: int
    area_no: int
    area_names: list[Text]
    grid_code: str
    kind: str
    text: str
    poi: str
    names: list[AddressName]
    main_id: UUID | None
    code: str
    point_code: str
    lon: float | None
    lat: float | None
    height: float | None
    datum: str
    accuracy_m: float | None
    position_source: str
    state: str
    source: str
    synthetic: bool
    valid_from: date
    valid_to: date | None
    version: int


class AddressPage(Schema):
    items: list[AddressLine]
    next: str | None


class AddressArea(Schema):
    no: int
    code: str
    name: Text
    level: str


class EntityIn(Schema):
    """A house, unit, facility, device or video point; or how many people live there."""

    address_id: UUID
    kind: Literal["house", "unit", "facility", "device", "video", "population"]
    name: str = Field(default="", max_length=200)
    code: str = Field(default="", max_length=200)
    count: int | None = Field(default=None, ge=0, le=10_000_000)
    attributes: dict[str, Any] = {}


class EntityReceipt(Schema):
    id: UUID


class EntityOut(Schema):
    id: UUID
    kind: str
    name: str
    code: str
    count: int | None
    attributes: dict[str, Any]
    source: str
    synthetic: bool
    address_id: UUID | None
    valid_from: date
    address: str = ""


class EntityPage(Schema):
    items: list[EntityOut]
    next: str | None


class EntityContent(Schema):
    """What an entity was told to be."""

    address_id: UUID | None
    kind: str
    name: str
    code: str
    count: int | None
    attributes: dict[str, Any]


class EntityVersionOut(Schema):
    """An entity from a day on; no content: retired."""

    version: int
    content: EntityContent | None
    actor_name: str
    valid_from: date
    recorded_at: datetime


class EntityDetail(EntityOut):
    valid_to: date | None
    version: int
    history: list[EntityVersionOut]


class AddressVersionOut(Schema):
    version: int
    state: str
    text: str
    set_id: UUID | None
    actor_name: str
    reason: str
    valid_from: date
    recorded_at: datetime


class AddressComponent(Schema):
    """A component that hangs on the address."""

    id: UUID
    kind: Text | None
    code: str
    name: str
    state: str
    synthetic: bool


class AddressDetail(AddressLine):
    """One address with everything on it; `inner` are addresses inside it (rooms, numbers)."""

    parts: dict[str, str]
    areas: list[AddressArea]
    main: AddressLine | None
    auxiliary: list[AddressLine]
    inner: list[AddressLine]
    entities: list[EntityOut]
    entity_counts: dict[str, int]
    components: list[AddressComponent]
    history: list[AddressVersionOut]
    moves: list[str]
    entity_moves: list[str]
    codes_verified: bool


class AddressThen(Schema):
    """An address as it was on a day."""

    id: UUID
    text: str
    state: str
    content: dict[str, Any]


class QualityItem(Schema):
    id: str | None
    text: str
    more: str | None


class QualityCheck(Schema):
    check: str
    title: Text
    count: int
    items: list[QualityItem]


class AddressQuality(Schema):
    area_no: int
    checks: list[QualityCheck]
