"""Who acts, as a value: posts held, where, and what may be seen because of them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from uuid import UUID

from chengyun.kernel import areas

# domain.md §1.1; area posts see an area, unit posts only what their unit handles.
AREA_POSTS = frozenset(
    {"collector", "acceptor", "shift_leader", "dispatcher", "evaluator", "leader"}
)
UNIT_POSTS = frozenset({"department", "handler"})
ADMIN_POSTS = frozenset({"system_admin", "security_admin", "audit_admin"})
POSTS = AREA_POSTS | UNIT_POSTS | ADMIN_POSTS

ActorKind = Literal["user", "key", "system", "public"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One post held in one organisation over one area."""

    post: str
    org_id: UUID
    area_no: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What a transaction may see: area ranges (inclusive), units, or everything."""

    areas: tuple[tuple[int, int], ...] = ()
    units: tuple[UUID, ...] = ()
    everything: bool = False
    public: bool = False
    # Whose own rows these are; two people with one sight still share a scope.
    person: UUID | None = field(default=None, compare=False)

    def sees(self, area_no: int | None, unit_ids: tuple[UUID, ...] = ()) -> bool:
        """Whether a row of this area and these units is inside the scope."""
        if self.everything:
            return True
        if area_no is not None and any(low <= area_no <= high for low, high in self.areas):
            return True
        return any(unit in self.units for unit in unit_ids)


@dataclass(frozen=True)
class Actor:
    """Somebody or something that acts: a user, a script's key, the system, or the public."""

    kind: ActorKind
    id: UUID | None
    name: str
    grants: tuple[Grant, ...] = ()
    second_factor: bool = field(default=False, compare=False)

    def has(self, *posts: str) -> bool:
        """Whether any of the posts is held."""
        return any(grant.post in posts for grant in self.grants)

    @cached_property
    def _scope(self) -> Scope:
        if self.kind == "system":
            return Scope(everything=True)
        spans = {areas.span(g.area_no) for g in self.grants if g.post in AREA_POSTS}
        outer = tuple(
            sorted(
                s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)
            )
        )
        units = tuple(sorted({g.org_id for g in self.grants if g.post in UNIT_POSTS}))
        person = self.id if self.kind == "user" else None
        return Scope(areas=outer, units=units, public=self.kind == "public", person=person)

    def scope(self) -> Scope:
        """What the actor may see."""
        return self._scope


SYSTEM = Actor(kind="system", id=None, name="system")
PUBLIC = Actor(kind="public", id=None, name="public")
