"""The component register in and out."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text
from chengyun.places.schemas.addresses import AddressArea


class ComponentsQuery(Schema):
    """`bbox` is west,south,east,north in degrees; `unit` a name or code of any of the three."""

    city: int | None = None
    area: int | None = None
    bbox: str | None = Field(default=None, max_length=200)
    kind: str | None = None
    scheme: str | None = None
    state: str | None = None
    unit: str = Field(default="", max_length=200)
    q: str = Field(default="", max_length=200)
    cursor: str | None = None
    limit: int | None = None


class ComponentFeaturesQuery(Schema):
    bbox: str = Field(max_length=200)
    kind: str | None = None
    state: str | None = None
    unit: str = Field(default="", max_length=200)


class ComponentLine(Schema):
    id: UUID
    city_no: int
    area_no: int
    area_names: list[Text]
    grid_code: str
    scheme: str
    kind_id: str
    kind: Text | None
    code: str
    name: str
    state: str
    manager: str
    manager_code: str
    owner: str
    owner_code: str
    maintainer: str
    maintainer_code: str
    address_id: UUID | None
    lon: float
    lat: float
    datum: str
    accuracy_m: float | None
    position_source: str
    photos: list[str]
    note: str
    source: str
    synthetic: bool
    inspected_at: datetime | None
    valid_from: date
    valid_to: date | None
    version: int


class ComponentPage(Schema):
    items: list[ComponentLine]
    next: str | None


class ComponentFeatures(Schema):
    """GeoJSON points; `truncated` says that there are more in the box."""

    type: str
    features: list[dict[str, Any]]
    truncated: bool


class ComponentInspectionOut(Schema):
    id: UUID
    finding: str
    note: str
    photos: list[str]
    set_id: UUID | None
    actor_name: str
    at: datetime


class ComponentVersionOut(Schema):
    version: int
    content: dict[str, Any] | None
    set_id: UUID | None
    actor_name: str
    reason: str
    valid_from: date
    recorded_at: datetime


class ComponentDetail(ComponentLine):
    major: Text | None
    areas: list[AddressArea]
    address: str
    address_in_force: bool
    inspections: list[ComponentInspectionOut]
    history: list[ComponentVersionOut]


class ComponentThen(Schema):
    """A component as it was on a day."""

    id: UUID
    version: int
    content: dict[str, Any]


class ComponentKindOut(Schema):
    """A class of components; `layout` is how its scheme writes the 16 digits, "" without."""

    id: str
    scheme: str
    major_code: str
    minor_code: str
    name: Text
    major: Text
    layout: str
    near_m: float | None


class ComponentKinds(Schema):
    items: list[ComponentKindOut]


class FindingIn(Schema):
    """What somebody found on the spot. A new component needs kind and place, a moved one its new
    place; degrees are in `datum`."""

    finding: Literal["intact", "new", "moved", "missing", "damaged", "abandoned"]
    component_id: UUID | None = None
    area: int | None = None
    kind_id: str | None = Field(default=None, max_length=200)
    code: str | None = Field(default=None, max_length=40)
    name: str | None = Field(default=None, max_length=200)
    state: Literal["intact", "damaged", "missing", "abandoned"] | None = None
    lon: float | None = None
    lat: float | None = None
    datum: Literal["WGS84", "CGCS2000", "GCJ02"] = "WGS84"
    accuracy_m: float | None = None
    address_id: UUID | None = None
    note: str = Field(default="", max_length=2_000)
    photos: list[UUID] = Field(default=[], max_length=20)


class FindingReceipt(Schema):
    """`set_id` is the draft that holds what differs; none where all is as known."""

    component_id: UUID
    set_id: UUID | None
    count: int
    inspection_id: UUID


class PublicComponent(Schema):
    """What everybody may see of a component; nothing of people."""

    id: UUID
    city_no: int
    code: str
    kind_id: str
    kind: Text | None
    name: str
    state: str
    lon: float
    lat: float
    area_names: list[Text]
    synthetic: bool
