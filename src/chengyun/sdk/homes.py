"""`homes/*.yaml`: which cards somebody's first page shows, in order, by post and tier."""

from typing import Annotated

from pydantic import Field

from chengyun.sdk.declared import Declared, Provenance, Slug

CARDS = frozenset(
    {
        "arrivals",
        "board",
        "decisions",
        "grid",
        "handling",
        "now",
        "returned",
        "route",
        "tasks",
        "tools",
        "unassigned",
        "waiting",
    }
)
"""The cards a screen can draw."""

Tier = Annotated[str, Field(pattern=r"^(city|district|street|community|grid)$")]


class HomeDeclared(Declared):
    """The home of a post; without tiers it fits every tier that no line before it fits."""

    post: Slug
    tiers: tuple[Tier, ...] = ()
    cards: tuple[Slug, ...] = Field(min_length=1)


class HomesFile(Provenance):
    """One file of homes. The first line that fits holds; a city's pack goes before the base."""

    homes: tuple[HomeDeclared, ...] = Field(min_length=1)
