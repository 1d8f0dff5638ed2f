"""Shapes that the doors of devices share."""

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

# areas.py packs a path into 58 bits.
AREA_MAX = (1 << 58) - 1
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Word = Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class Taken(Schema):
    """Input: a field nobody asked for is an error."""

    model_config = ConfigDict(extra="forbid")
