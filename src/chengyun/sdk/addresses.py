"""`addresses.yaml`: how a city codes its standard addresses, and who approves changes to them."""

from typing import Annotated, Literal

from pydantic import Field

from chengyun.sdk.declared import Provenance

Digits = Annotated[int, Field(ge=1, le=8)]
Post = Literal["leader", "shift_leader", "dispatcher", "evaluator"]


class AddressesFile(Provenance):
    """`addresses.yaml`. `widths` are the digits behind the 12-digit area code: of the street with
    its lane and compound, of the number and building, of the room."""

    widths: tuple[Digits, Digits, Digits]
    degree_decimals: int = Field(ge=4, le=9)
    height_decimals: int = Field(ge=0, le=3)
    approve_posts: tuple[Post, ...] = ()
