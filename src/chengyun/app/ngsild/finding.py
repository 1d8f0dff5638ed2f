"""Entities by what is asked: things of the register and entities of other houses in one order."""

import heapq
import itertools
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chengyun.app.ngsild import register
from chengyun.app.ngsild.conditions import read_condition
from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.near import Near, read_near
from chengyun.app.ngsild.scopes import read_scopes
from chengyun.app.ngsild.terms import Terms
from chengyun.app.ngsild.values import uri
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Problem
from chengyun.sensing.reads import context

USUAL, MOST = 20, 1_000
# So many entities are looked at for one answer: a filter that fits none must not read for ever.
MOST_LOOKED_AT = 50_000
_LONGEST_PATTERN = 200


class TooCostly(Problem):
    """A query that would read through too much."""

    status = 403
    code = "TooManyResults"


@dataclass(frozen=True)
class Wanted:
    """Which entities: of which types, ids and names (`selected`: by alternatives of these), and
    conditions that they all must meet now."""

    types: Callable[[Collection[str]], bool] | None = None
    any_type: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    attrs: tuple[str, ...] = ()
    condition: Callable[[Mapping[str, Any]], bool] | None = None
    scopes: Callable[[list[str]], bool] | None = None
    near: Near | None = None
    selected: Callable[[Mapping[str, Any]], bool] | None = None

    def holds(self, one: Mapping[str, Any]) -> bool:
        """Whether an entity is meant."""
        return (
            (self.types is None or self.types(one["types"]))
            and (self.selected is None or self.selected(one))
            and (not self.ids or one["id"] in self.ids)
            and (self.pattern is None or bool(self.pattern.search(one["id"])))
            and (not self.attrs or any(name in one["attrs"] for name in self.attrs))
            and (self.scopes is None or self.scopes(one["scopes"]))
            and (self.near is None or self.near.holds(one))
            and (self.condition is None or self.condition(one))
        )


def wanted_of(said: Mapping[str, str], terms: Terms, *, broad: bool = False) -> Wanted:
    """What query parameters ask for. Raises BadData; asking for everything is one fault."""
    if not broad and not any(
        said.get(one) for one in ("type", "attrs", "q", "georel", "local", "id")
    ):
        raise BadData("A query names type, attrs, q or a geo-query.")
    types, any_type = _types(said["type"], terms) if said.get("type") else (None, ())
    ids = tuple(uri(one.strip(), "id") for one in said["id"].split(",")) if said.get("id") else ()
    return Wanted(
        types,
        any_type,
        ids,
        pattern_of(said["idPattern"]) if said.get("idPattern") else None,
        names_of(said.get("attrs", ""), terms),
        read_condition(said["q"], terms).holds if said.get("q") else None,
        read_scopes(said["scopeQ"]) if said.get("scopeQ") else None,
        read_near(said, terms),
    )


def names_of(said: str, terms: Terms) -> tuple[str, ...]:
    """Full names of a list of short ones."""
    return tuple(dict.fromkeys(terms.expand(one.strip()) for one in said.split(",") if one.strip()))


def pattern_of(said: str) -> re.Pattern[str]:
    """A pattern of ids. Raises BadData."""
    try:
        if len(said) > _LONGEST_PATTERN or re.search(r"\([^)]*[+*}][^)]*\)\s*[+*{]", said):
            raise BadData("idPattern: is too costly.")
        return re.compile(said)
    except re.error as error:
        raise BadData("idPattern: is no regular expression.") from error


def _types(said: str, terms: Terms) -> tuple[Callable[[Collection[str]], bool], tuple[str, ...]]:
    """`A,B` and `(A|B);C`: types by alternatives, each of types that all must be held."""
    if said == "*":
        return (lambda _: True), ()
    ways = []
    for way in re.split(r"[,|]", said.replace("(", "").replace(")", "")):
        ways.append(frozenset(terms.expand(one.strip()) for one in way.split(";")))
    names = tuple(dict.fromkeys(name for way in ways for name in way))
    return (lambda held: any(way <= set(held) for way in ways)), names


def found(actor: Actor, wanted: Wanted, after: str = "") -> Iterator[dict[str, Any]]:
    """The entities that are meant, by name. Raises TooCostly while it is read."""
    box = wanted.near.box if wanted.near else None
    sources = [
        register.things(
            actor,
            ids=wanted.ids,
            after=after,
            types=wanted.any_type,
            box=box,
            attrs=wanted.attrs,
        )
        if not wanted.ids or any(one.startswith(register.HEAD) for one in wanted.ids)
        else iter(()),
        context.entities(
            actor, ids=wanted.ids, after=after, box=box, types=wanted.any_type, attrs=wanted.attrs
        ),
    ]
    for n, one in enumerate(heapq.merge(*sources, key=lambda each: each["id"])):
        if n >= MOST_LOOKED_AT:
            raise TooCostly(f"More than {MOST_LOOKED_AT:,} entities would be looked at.")
        if wanted.holds(one):
            yield one


def paged(
    actor: Actor, wanted: Wanted, limit: int, offset: int, *, count: bool
) -> tuple[list[dict[str, Any]], bool, int | None]:
    """A page, whether there is more, and how many there are in all if asked."""
    every = found(actor, wanted)
    page = list(itertools.islice(every, offset, offset + limit + 1))
    if not count:
        return page[:limit], len(page) > limit, None
    rest = sum(1 for _ in every)
    total = offset + len(page) + rest if page else sum(1 for _ in found(actor, wanted))
    return page[:limit], len(page) > limit, total


def one_entity(actor: Actor, name: str, *, past: bool = False) -> dict[str, Any] | None:
    """An entity in sight, a thing or another house's; with `past` also one that is gone."""
    return register.thing(actor, name) or context.entity(actor, name, past=past)
