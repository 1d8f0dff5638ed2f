"""`organisations/*.yaml`: patterns that make organisations and (simulated) people for each area."""

from typing import Literal

from pydantic import Field

from chengyun.sdk.declared import AreaLevel, Declared, Name, Provenance, Slug
from chengyun.sdk.duties import ClockTime
from chengyun.sdk.kinds import Role

OrganisationKind = Literal[
    "supervision_center", "command_center", "ops_center", "department", "committee", "company"
]
Post = Literal[
    "collector",
    "acceptor",
    "shift_leader",
    "dispatcher",
    "department",
    "handler",
    "evaluator",
    "leader",
    "system_admin",
    "security_admin",
    "audit_admin",
]


class OrganisationPattern(Declared):
    """One organisation for every area of a level.

    `code` and `name` may hold `{code}` (the area's code), `{area}` (its name in that language).
    `parent` is another pattern: the organisation it makes for the same area or the nearest
    enclosing one. `areas` limits the pattern to these area codes.
    """

    id: Slug
    each: AreaLevel
    kind: OrganisationKind
    code: str = Field(min_length=1)
    name: Name
    roles: tuple[Role, ...] = ()
    parent: Slug | None = None
    areas: tuple[str, ...] | None = None


class PersonPattern(Declared):
    """People with one post in every organisation a pattern makes.

    `username` and `name` may hold `{code}`, `{area}` and `{n}` (1 … count). Such people are
    simulated: the name must say so.
    """

    id: Slug
    post: Post
    organisation: Slug
    count: int = Field(default=1, ge=1, le=50)
    username: str = Field(min_length=1)
    name: Name


class RosterPattern(Declared):
    """Shifts of the people of a pattern, day by day from hour to hour of the city's day.

    The n-th person is on the n-th of `spans` and one span further each day, so that nobody has
    every night; an end not after its start is on the next day.
    """

    people: Slug
    spans: tuple[tuple[ClockTime, ClockTime], ...] = Field(min_length=1)


class OrganisationsFile(Provenance):
    """Organisation, person and roster patterns of one city."""

    organisations: tuple[OrganisationPattern, ...] = Field(min_length=1)
    people: tuple[PersonPattern, ...] = ()
    rosters: tuple[RosterPattern, ...] = ()
