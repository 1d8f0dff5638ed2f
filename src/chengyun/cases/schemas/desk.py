"""What the desk keeps."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from chengyun.cases.schemas.parts import Strict
from chengyun.kernel.text import Text

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Query = Annotated[
    dict[
        Annotated[str, StringConstraints(max_length=20)],
        Annotated[str, StringConstraints(max_length=200)],
    ],
    Field(max_length=20),
]


class FilterIn(Strict):
    name: Short
    query: Query
    shared: bool = False


class FilterOut(BaseModel):
    id: UUID
    name: str
    query: dict[str, str]
    shared: bool
    mine: bool
    by: str


class FiltersOut(BaseModel):
    items: list[FilterOut]


class KeptOut(BaseModel):
    id: UUID


class StandardTextIn(Strict):
    moves: list[Annotated[str, StringConstraints(max_length=40)]] = Field(
        min_length=1, max_length=40
    )
    title: Short
    text: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]


class StandardTextOut(BaseModel):
    """A text for some moves; `text` has the case's facts in it, `raw` the places for them."""

    id: str
    moves: list[str]
    title: Text
    text: Text
    raw: str
    own: bool
    source: str
    verified: bool


class TextsOut(BaseModel):
    items: list[StandardTextOut]
    editable: bool
