"""`dashboards/*.yaml`: pages of cards, charts, a map and tables over streams, signals and cases."""

from typing import Annotated, Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug
from chengyun.sdk.map_plugins import StepDeclared
from chengyun.sdk.organisations import Post


class OfStreams(Declared):
    """Readings of a property at things of a kind in sight: one figure of the newest (or of the
    last `over` seconds), or the course of it."""

    kind: Slug
    property: Slug
    take: Literal["max", "min", "mean", "sum", "count"] = "max"
    over: Annotated[int, Field(ge=60, le=31 * 86_400)] = 86_400
    beyond: float | None = None


class OfSignals(Declared):
    """Open signals of rules (none named: of all rules of the pack), at worst of this severity."""

    rules: tuple[Slug, ...] = ()
    worst: Annotated[int, Field(ge=1, le=4)] = 4


class OfCases(Declared):
    """Cases of these kinds (a `*` at the end stands for any) that are open, or closed too."""

    kinds: tuple[str, ...] = Field(min_length=1)
    open: bool = True


class ItemDeclared(Declared):
    """One field of a dashboard: a card with a figure, a chart, a table, or the map with layers.

    Exactly one of `streams`, `signals`, `cases` and `layers` says what of; `wide` are twelfths of
    the page, `steps` colour the figure.
    """

    id: Slug
    title: Name
    show: Literal["card", "chart", "table", "map"]
    streams: OfStreams | None = None
    signals: OfSignals | None = None
    cases: OfCases | None = None
    layers: tuple[Slug, ...] = ()
    wide: Annotated[int, Field(ge=2, le=12)] = 3
    steps: tuple[StepDeclared, ...] = ()


class DashboardDeclared(Declared):
    """One page; without posts everybody signed in is offered it."""

    id: Slug
    title: Name
    posts: tuple[Post, ...] = ()
    items: tuple[ItemDeclared, ...] = Field(min_length=1, max_length=24)


class DashboardsFile(Provenance):
    """One file of dashboards."""

    dashboards: tuple[DashboardDeclared, ...] = Field(min_length=1)
