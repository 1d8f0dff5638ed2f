"""`mappings/*.yaml`: how the rows of a city's file become cases (`CaseMapping`).

A mapping is applied row by row by `chengyun.app.packs.mapping`; the words of this file are its
whole language. Column names are compared without case, spaces and punctuation, so that one mapping
reads files whose headers differ only in style; `columns` may list further names.

Nothing is thrown away: what a rule cannot place is kept raw and flagged, and only a row without an
id or with an unreadable or impossible report time is rejected.
"""

from typing import Annotated, Literal

from pydantic import Field

from chengyun.sdk.declared import (
    Declared,
    Latitude,
    Longitude,
    Name,
    Provenance,
    Scheme,
    Slug,
    Source,
)

Column = Annotated[str, Field(min_length=1, max_length=120)]
CaseStateName = Annotated[str, Field(pattern=r"^[a-z_]+$")]


class CityDeclared(Declared):
    """The city the rows belong to: the root area and what holds all over it.

    `ordinal` is its number among the cities of a node (1 … 1023). `bounds` is west, south, east,
    north in degrees: a point outside is kept and flagged.
    """

    code: str = Field(min_length=1)
    ordinal: int = Field(ge=1, le=1023)
    name: Name
    time_zone: str = Field(min_length=1)
    calendar: Slug
    language: str = Field(pattern=r"^[a-z]{2}(-[A-Z][A-Za-z]+)?$")
    center: tuple[Longitude, Latitude]
    zoom: float = Field(default=11, ge=1, le=20)
    bounds: tuple[Longitude, Latitude, Longitude, Latitude]
    code_scheme: str = ""


class TimeRule(Declared):
    """A time: its columns in order of preference (the first that is not blank counts), read with
    the first `strptime` format that fits, in the city's zone unless the text carries an offset."""

    columns: tuple[Column, ...] = Field(min_length=1)
    formats: tuple[str, ...] = Field(min_length=1)


class TimesRule(Declared):
    """The times of a case. An unreadable optional time is left unknown and flagged (`bad_closed`,
    `bad_due`, `bad_updated`)."""

    reported: TimeRule
    closed: TimeRule | None = None
    due: TimeRule | None = None
    updated: TimeRule | None = None


class StateValue(Declared):
    """What one status text means; the flags tell what no state can say: it was a `duplicate` of
    another case, or was `transferred` to another authority."""

    state: CaseStateName
    duplicate: bool = False
    transferred: bool = False


class StateRule(Declared):
    """Status → state. Texts not listed get `other` and the flag `unknown_state`; without a column
    every row gets `other`, flagged `state_not_given`."""

    column: Column | None = None
    values: dict[str, StateValue] = {}
    other: StateValue


class LookUp(Declared):
    """One attempt to find a kind: the columns' values (joined by ` | ` when several) looked up in
    `values`, else the longest matching key of `prefixes`. Values are kind codes of the scheme."""

    columns: tuple[Column, ...] = Field(min_length=1)
    values: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    flag: Slug | None = None


class KindRule(Declared):
    """Columns → kind. Look-ups are tried in order; when none matches, the kind is `unknown` (a code
    of the scheme), flagged `unknown_kind`. The raw texts are always kept.

    `variants` replaces spelling variants before looking up (污 for 汙, full-width signs …).
    """

    scheme: Scheme
    type: Literal["component", "event", "matter", "request"]
    by: tuple[LookUp, ...] = Field(min_length=1)
    unknown: str
    variants: dict[str, str] = {}


class AreaLevelRule(Declared):
    """One level of the area path.

    The column's text is looked up in `aliases`, then in `names`; else the longest of `names` that
    it starts with, or that it holds, counts (flag `area_repaired`). A blank or unknown text is
    searched for in the `fallback` columns (flag `area_from_text`). With `names` empty every text is
    an area of its own. What stays unknown ends the path (flag `area_unknown`).
    """

    level: Literal["district", "street", "community"]
    column: Column
    names: tuple[str, ...] = ()
    aliases: dict[str, str] = {}
    blank: tuple[str, ...] = ()
    fallback: tuple[Column, ...] = ()
    english: dict[str, str] = {}


class LocationRule(Declared):
    """Coordinates in WGS84 degrees.

    `default_points` (latitude, longitude) are places a geocoder gave when it knew none: kept and
    flagged `default_point`. Fewer than `decimals` decimals in either: flagged `coarse_point`.
    """

    latitude: Column
    longitude: Column
    default_points: tuple[tuple[Latitude, Longitude], ...] = ()
    decimals: int = Field(default=0, ge=0, le=8)


class ChannelRule(Declared):
    """Intake channel → source of the case; texts not listed get `other`."""

    column: Column | None = None
    values: dict[str, Source] = {}
    other: Source


class UnitRule(Declared):
    """The unit that had the case, as text: looked up to an organisation's code, kept raw."""

    column: Column
    values: dict[str, str] = {}


class MergeRule(Declared):
    """Which rows are the same matter.

    `same`: rows equal in these (`address`, `kind`, `point`) within `hours` of the first one merge
    into it. Rows without an address never merge by address. A row whose status says `duplicate`
    merges into the latest earlier one that is the same within `duplicate_hours`, if there is one.
    """

    same: tuple[Literal["address", "kind", "point"], ...] = ("address", "kind")
    hours: int = Field(ge=0, le=24 * 366)
    duplicate_hours: int = Field(default=0, ge=0, le=24 * 366)


class CaseMapping(Provenance):
    """A mapping of one source of cases.

    `text` and `address` list columns whose values are joined by a space. `keep` names the raw
    columns stored with the case; null keeps all of them.
    """

    name: Slug
    title: Name
    external_source: Slug
    city: CityDeclared
    encoding: str = "utf-8-sig"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    columns: dict[Column, tuple[Column, ...]] = {}
    id: Column
    times: TimesRule
    state: StateRule
    kind: KindRule
    areas: tuple[AreaLevelRule, ...] = ()
    location: LocationRule | None = None
    text: tuple[Column, ...] = Field(min_length=1)
    address: tuple[Column, ...] = ()
    channel: ChannelRule
    unit: UnitRule | None = None
    merge: MergeRule | None = None
    keep: tuple[Column, ...] | None = None
