"""`components.yaml`: components a demo makes up; every one says that it is simulated."""

from typing import Annotated

from pydantic import Field

from chengyun.sdk.declared import Provenance

Weight = Annotated[int, Field(ge=0, le=1_000)]


class ComponentsFile(Provenance):
    """`components.yaml`. `kinds` and `states` are weights; they stand along made-up lines in the
    streets of one district."""

    seed: int
    district: str = Field(min_length=6, max_length=6)
    count: int = Field(ge=1, le=5_000)
    kinds: dict[str, Weight] = Field(min_length=1)
    states: dict[str, Weight] = Field(min_length=1)
    manager: str
    owner: str
    maintainer: str
