"""`readings/*.yaml`: how the rows of a file become readings (`ReadingsMapping`).

A row holds one reading (columns name thing, stream and value) or many (a column for each stream).
Column names are compared without case, spaces and punctuation.
"""

from typing import Annotated

from pydantic import Field

from chengyun.sdk.declared import Declared, Latitude, Longitude, Name, Provenance, Slug

Column = Annotated[str, Field(min_length=1, max_length=120)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_{}-]{1,64}$")]


class RowTime(Declared):
    """When a row was observed: `columns`, joined by a space, read with the first `strptime` format
    that fits; or, for files without, `start` and so many seconds more a row.

    Attributes:
        zone: where the text carries no offset.
        unix: the column counts seconds since 1970.
    """

    columns: tuple[Column, ...] = ()
    formats: tuple[str, ...] = ()
    unix: bool = False
    start: str | None = None
    every: float | None = Field(default=None, gt=0)
    zone: str = Field(min_length=1)


class StreamColumn(Declared):
    """A column of values. `column: "*"` stands for every column that nothing else names; `{column}`
    in `thing` is its name. `factor` and `offset` bring the file's unit to the stream's."""

    column: Column
    thing: Code | None = None
    stream: Slug
    factor: float = 1.0
    offset: float = 0.0
    missing: tuple[str, ...] = ()


class Long(Declared):
    """One reading a row: where its thing, stream and value stand; a name in `thing` or `stream`
    that is no column stands for itself."""

    thing: Column
    stream: Column
    value: Column


class Registering(Declared):
    """Things that the file names and the register has not are registered so. `area` is a region's
    code, where the file says no place."""

    kind: Slug
    city: str | None = None
    area: str | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    name: str = Field(default="", max_length=100)


class ReadingsMapping(Provenance):
    """One file's way of writing readings. `missing` are texts that mean: no reading."""

    id: Slug
    name: Name
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    encoding: str = "utf-8-sig"
    time: RowTime
    thing: Code | None = None
    long: Long | None = None
    columns: tuple[StreamColumn, ...] = ()
    missing: tuple[str, ...] = ("", "NA", "NaN", "null", "None", "-")
    registering: Registering | None = None
