"""`texts/*.yaml`: standard texts for moves, with places for the case's own facts."""

from typing import Annotated

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug

MoveId = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$", max_length=40)]


class TextDeclared(Declared):
    """One text. `{no}`, `{kind}`, `{place}`, `{area}`, `{unit}` and `{by}` are filled in."""

    id: Slug
    moves: tuple[MoveId, ...] = Field(min_length=1)
    title: Name
    text: Name


class TextsFile(Provenance):
    """One file of standard texts."""

    texts: tuple[TextDeclared, ...] = Field(min_length=1)
