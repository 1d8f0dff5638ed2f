"""`duties/*.yaml`: who answers for what, where and when (权责清单)."""

from typing import Annotated, Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug, Source
from chengyun.sdk.kinds import Role

Value = str | int | float | bool
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class RoleUnit(Declared):
    """The organisation with a role over the place, sought from this level upwards."""

    role: Role
    level: Literal["community", "street", "district", "city"]


class NamedUnit(Declared):
    """One organisation, by its code."""

    org: str = Field(min_length=1)


class DutyWhen(Declared):
    """A time window in the area's zone. `from` later than `to` runs over midnight."""

    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] | None = None
    from_: ClockTime | None = Field(default=None, alias="from")
    to: ClockTime | None = None


class DutyEntry(Declared):
    """One line: kinds (patterns over kind ids) × area × time × attributes × sources → units.

    `area` is an administrative code, null for the whole city.
    """

    id: Slug
    kinds: tuple[str, ...] = Field(min_length=1)
    area: str | None = None
    when: DutyWhen | None = None
    where: dict[str, Value | tuple[Value, ...]] | None = None
    sources: tuple[Source, ...] | None = None
    lead: RoleUnit | NamedUnit
    co: tuple[RoleUnit | NamedUnit, ...] = ()
    note: Name | None = None


class DutyFile(Provenance):
    """A duty list."""

    id: Slug
    version: str = Field(min_length=1)
    entries: tuple[DutyEntry, ...] = Field(min_length=1)
