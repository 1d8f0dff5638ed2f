"""Entities by query: one for each step of a path, one for each link that is expanded."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chengyun.app.sensorthings.compiling import Compiler
from chengyun.app.sensorthings.faults import BadRequest
from chengyun.app.sensorthings.model import SETS, EntitySet, key_type
from chengyun.app.sensorthings.options import USUAL, Options
from chengyun.app.sensorthings.paths import Resource, Step, observed
from chengyun.app.sensorthings.sql import Sql, joined, run
from chengyun.kernel import areas
from chengyun.kernel.actor import AREA_POSTS, Actor
from chengyun.kernel.problems import NotFound

Row = dict[str, Any]
ROWS_IN_ALL = 50_000
_COLUMN = re.compile(r"<(\w+)>")
_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_COMMUNITY = 4


class Store:
    """The entity sets as one actor sees them."""

    def __init__(self, actor: Actor) -> None:
        self._thing = _seen(actor, "t", private=True)
        self._posted = _seen(actor, "l", private=False)

    def relation(self, entity: EntitySet) -> Sql:
        """A set as a table expression."""
        found = Sql("(")
        for piece in re.split(r"(\{seen\}|\{seen_posted\})", entity.sql):
            if piece == "{seen}":
                found = found + self._thing
            elif piece == "{seen_posted}":
                found = found + self._posted
            else:
                found = found + piece
        return found + ")"

    def link(self, name: str, source: str, target: str) -> Sql:
        """A link's condition between two aliases."""
        entity, _, link = name.partition("/")
        text = SETS[entity].links[link].on
        text = re.sub(r"\bx\.", f"{target}.", text)
        return Sql("(" + _COLUMN.sub(rf"{source}.\1", text) + ")")

    def _held(self, step: Step, row: Row, source: EntitySet) -> Sql:
        """The condition that rows `x` are linked from a row that is known."""
        found = Sql("(")
        text = source.links[step.name].on
        at = 0
        for match in _COLUMN.finditer(text):
            key = match[1]
            found = found + text[at : match.start()]
            found = found + Sql(f"%s::{key_type(source, key)}", (row[key],))
            at = match.end()
        return found + text[at:] + ")"

    def walk(self, resource: Resource) -> Sql:
        """The condition on `x` that a path sets. Raises NotFound where its way is broken."""
        held: Sql = Sql("true")
        before: tuple[Step, Row] | None = None
        for at, step in enumerate(resource.steps):
            held = Sql("true") if before is None else self._held(step, before[1], before[0].entity)
            if step.id is not None:
                held = held + " AND " + _by_id(step)
            if at == len(resource.steps) - 1:
                break
            rows = run(self._keys(step.entity, held))
            if not rows:
                raise NotFound("There is no such entity.")
            before = (step, rows[0])
        return held

    def _keys(self, entity: EntitySet, held: Sql) -> Sql:
        names = ", ".join(f"x.{key}" for key in entity.keys)
        return (
            Sql(f"SELECT {names} FROM ") + self.relation(entity) + " AS x WHERE " + held
        ) + " LIMIT 1"

    def one(self, entity: EntitySet, held: Sql) -> Row:
        """One row. Raises NotFound."""
        rows = run(
            Sql("SELECT x.* FROM ") + self.relation(entity) + " AS x WHERE " + held + " LIMIT 1"
        )
        if not rows:
            raise NotFound("There is no such entity.")
        return rows[0]

    def conditions(self, entity: EntitySet, held: Sql, options: Options) -> Sql:
        """The condition of a path with that of $filter."""
        if options.where is None:
            return held
        compiler = Compiler(entity, self.relation, self.link)
        return held + " AND " + compiler.condition(options.where)

    def page(
        self, entity: EntitySet, held: Sql, options: Options
    ) -> tuple[list[Row], bool, int | None]:
        """Rows of one page, whether there are more, and how many there are if asked."""
        where = self.conditions(entity, held, options)
        guarded = entity.name == "Observations"
        total = None
        if options.count:
            counted = Sql("SELECT count(*) AS n FROM ") + self.relation(entity)
            total = run(counted + " AS x WHERE " + where, guarded=guarded)[0]["n"]
        top = USUAL if options.top is None else options.top
        asked = Sql("SELECT x.* FROM ") + self.relation(entity) + " AS x WHERE " + where
        if options.after:
            asked = asked + " AND " + _after(entity, options.after)
        asked = asked + self.ordered(entity, options)
        asked = asked + Sql(" LIMIT %s OFFSET %s", (top + 1, options.skip))
        rows = run(asked, guarded=guarded)
        return rows[:top], len(rows) > top, total

    def ordered(self, entity: EntitySet, options: Options) -> Sql:
        """The ORDER BY; ids decide last, so that pages are stable."""
        compiler = Compiler(entity, self.relation, self.link)
        keys = [
            compiler.order(node) + (" DESC NULLS LAST" if down else " ASC NULLS FIRST")
            for node, down in options.order
        ]
        keys += [Sql(f"x.{key}") for key in entity.order]
        return Sql(" ORDER BY ") + joined(", ", keys)

    def expanded(
        self, source: EntitySet, rows: Sequence[Row], name: str, options: Options
    ) -> tuple[list[list[Row]], list[int]]:
        """The rows a link leads to from each of some rows, one row more than asked for where
        there are more; and how many there are of each if asked."""
        link = source.links[name]
        target = SETS[link.to]
        keys = list(dict.fromkeys(_COLUMN.findall(link.on)))
        arrays = ", ".join(f"%s::{key_type(source, key)}[]" for key in keys)
        values = tuple([row[key] for row in rows] for key in keys)
        held = self.link(f"{source.name}/{name}", "k", "x")
        where = self.conditions(target, held, options)
        top = 1 if not link.many else nested_top(options, len(rows))
        named = ", ".join(keys)
        start = Sql(
            f" FROM unnest({arrays}) WITH ORDINALITY AS k({named}, n) CROSS JOIN LATERAL (", values
        )
        inner = Sql("SELECT x.* FROM ") + self.relation(target) + " AS x WHERE " + where
        inner = inner + self.ordered(target, options)
        inner = inner + Sql(" LIMIT %s OFFSET %s", (top + link.many, options.skip))
        guarded = target.name == "Observations"
        found: list[list[Row]] = [[] for _ in rows]
        if rows:
            for row in run(
                Sql("SELECT k.n AS _n, y.*") + start + inner + ") AS y", guarded=guarded
            ):
                found[row.pop("_n") - 1].append(row)
        counts: list[int] = []
        if options.count and rows:
            counted = Sql("SELECT count(*) AS c FROM ") + self.relation(target)
            asked = Sql("SELECT k.n AS n, y.c AS c") + start + counted + " AS x WHERE " + where
            said = {row["n"]: row["c"] for row in run(asked + ") AS y", guarded=guarded)}
            counts = [said.get(at + 1, 0) for at in range(len(rows))]
        return found, counts


def nested_top(options: Options, parents: int) -> int:
    """Rows of each parent; fewer where there are many, the rest by their next link."""
    return min(USUAL if options.top is None else options.top, max(1, ROWS_IN_ALL // (parents or 1)))


def _by_id(step: Step) -> Sql:
    if step.entity.name != "Observations":
        return Sql("x.id = %s::bigint", (step.id,))
    stream, micros = observed(str(step.id))
    try:
        born = _1970 + timedelta(microseconds=micros)
    except OverflowError as error:
        raise NotFound("There is no such entity.") from error
    return Sql(
        "x.stream = %s AND x.at = coalesce((SELECT s.at FROM sensing_said s"
        " WHERE s.stream = %s AND s.born = %s), %s) AND x.id = %s",
        (stream, stream, born, born, str(step.id)),
    )


def _after(entity: EntitySet, keys: tuple[str, ...]) -> Sql:
    """What comes after a row in the usual order."""
    try:
        if len(keys) != len(entity.order):
            raise ValueError
        values: tuple[Any, ...] = (int(keys[0]),)
        if entity.order == ("stream", "at"):
            values = (*values, datetime.fromisoformat(keys[1]))
    except ValueError as error:
        raise BadRequest("$skiptoken is not one of ours.") from error
    names = ", ".join(f"x.{key}" for key in entity.order)
    casts = {"stream": "%s::bigint", "id": "%s::bigint", "at": "%s::timestamptz"}
    marks = ", ".join(casts[key] for key in entity.order)
    return Sql(f"({names}) > ({marks})", values)


def _seen(actor: Actor, alias: str, *, private: bool) -> Sql:
    """Rows inside the actor's scope; those of private things only to their community or unit."""
    scope = actor.scope()
    if scope.everything:
        return Sql("true")
    units = Sql(f"{alias}.unit_ids && %s::uuid[]", (list(scope.units),))
    found = Sql("(") + joined(" OR ", [*_ranges(alias, scope.areas), units]) + ")"
    if not private:
        return found
    close = [
        areas.span(grant.area_no)
        for grant in actor.grants
        if grant.post in AREA_POSTS and areas.depth(grant.area_no) >= _COMMUNITY
    ]
    near = joined(" OR ", [*_ranges(alias, close), units])
    return Sql("(") + found + f" AND (NOT {alias}.private OR " + near + "))"


def _ranges(alias: str, spans: Sequence[tuple[int, int]]) -> list[Sql]:
    return [Sql(f"{alias}.area_no BETWEEN %s AND %s", span) for span in spans]


def keys_of(row: Mapping[str, Any], entity: EntitySet) -> list[Any]:
    """The order keys of a row, for the link to the next page."""
    return [row[key] for key in entity.order]
