"""`solids.yaml`: buildings and pipes a demo makes up; every one says that it is generated."""

from typing import Annotated

from pydantic import Field

from chengyun.sdk.declared import Declared, Latitude, Longitude, Name, Provenance

Metres = Annotated[float, Field(gt=0, le=20_000)]
Share = Annotated[float, Field(ge=0, le=1)]


class PipeDeclared(Declared):
    """One kind of pipe along made-up streets.

    `beside_m` is how far it lies beside the street's middle, `fall` metres of depth gained per
    hundred metres of way, `share` the part of streets that have it.
    """

    kind: str
    depth_m: tuple[float, float]
    diameter_mm: tuple[int, int]
    beside_m: float = Field(ge=-12, le=12)
    fall: float = Field(default=0.0, ge=0, le=2)
    share: Share


class SolidsFile(Provenance):
    """`solids.yaml`. Streets cross every `block_m` (along, across) in a square of `span_m` round
    the middle, turned by `turned` degrees; buildings stand in the blocks, highest in the middle."""

    seed: int
    lon: Longitude
    lat: Latitude
    span_m: Metres
    turned: float = Field(ge=-45, le=45)
    block_m: tuple[Metres, Metres]
    street_m: Metres
    tallest_m: float = Field(ge=10, le=600)
    parks: Share
    buildings: Name
    pipes: Name
    kinds: list[PipeDeclared] = Field(min_length=1)
