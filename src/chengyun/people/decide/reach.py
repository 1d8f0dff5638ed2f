"""How far somebody sees among organisations and people, from the grants alone."""

from dataclasses import dataclass
from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.actor import UNIT_POSTS, Actor

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reach:
    """Area ranges (inclusive) and units within sight.

    `directory` and `above` tell which organisations are: those inside one's areas, and the ones
    responsible for an area around them. `staff` and `units` tell whose people and shifts are.
    """

    everything: bool
    directory: tuple[Span, ...]
    above: tuple[int, ...]
    staff: tuple[Span, ...]
    units: tuple[UUID, ...]


def reach(actor: Actor) -> Reach:
    """What the grants let the actor see of people.

    Administrators see no cases but do see the organisations and people they administer, so this
    is wider than the actor's scope over cases.
    """
    grants = actor.grants
    return Reach(
        everything=actor.kind == "system",
        directory=tuple(sorted({areas.span(g.area_no) for g in grants})),
        above=tuple(sorted({no for g in grants for no in areas.ancestors(g.area_no)[:-1]})),
        staff=tuple(sorted({areas.span(g.area_no) for g in grants if g.post not in UNIT_POSTS})),
        units=tuple(sorted({g.org_id for g in grants if g.post in UNIT_POSTS})),
    )
