"""Conditions over columns: one pass of numpy for all rows, with a mark where a row is known."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

import numpy as np

from chengyun.rules.decide.conditions import Node
from chengyun.rules.decide.declared import Table
from chengyun.sensing.decide.readings import Ints

Column = tuple[Any, Any]
"""Values and whether each is known: arrays of one length, or single numbers for all rows."""
Rows = Mapping[str, Column]
Compiled = Callable[[Rows, Ints], Column]
"""Words and the instants (µs) of the rows → a column."""
Tables = Mapping[str, Sequence[Table]]

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "min": np.minimum,
    "max": np.maximum,
}


def compiled(node: Node, tables: Tables, zone: tzinfo = UTC) -> Compiled:
    """A condition as a function over columns. A row is unknown where a word it needs is missing;
    `false &&` and `true ||` need nothing more, as CEL has it. Tables change at midnight in `zone`.
    """
    if node.op in ("number", "truth"):
        fixed = (node.value if node.op == "number" else bool(node.value), True)
        return lambda _rows, _at: fixed
    if node.op == "word":
        name = node.name
        return lambda rows, _at: rows[name]
    parts = [compiled(part, tables, zone) for part in node.parts]
    if node.op in _BINARY:
        return _binary(_BINARY[node.op], *parts)
    if node.op in ("curve", "band"):
        return _table(node.op, tables[node.name], zone, parts[0])
    return _SPECIAL[node.op](*parts)


def _binary(act: Callable[[Any, Any], Any], left: Compiled, right: Compiled) -> Compiled:
    def run(rows: Rows, at: Ints) -> Column:
        a, known_a = left(rows, at)
        b, known_b = right(rows, at)
        return act(a, b), np.logical_and(known_a, known_b)

    return run


def _div(left: Compiled, right: Compiled) -> Compiled:
    def run(rows: Rows, at: Ints) -> Column:
        a, known_a = left(rows, at)
        b, known_b = right(rows, at)
        whole = np.not_equal(b, 0)
        known = np.logical_and(np.logical_and(known_a, known_b), whole)
        return np.divide(a, np.where(whole, b, 1.0)), known

    return run


def _and(left: Compiled, right: Compiled) -> Compiled:
    def run(rows: Rows, at: Ints) -> Column:
        a, known_a = left(rows, at)
        b, known_b = right(rows, at)
        no = np.logical_or(
            np.logical_and(known_a, np.logical_not(a)), np.logical_and(known_b, np.logical_not(b))
        )
        both = np.logical_and(known_a, known_b)
        return np.logical_and(both, np.logical_not(no)), np.logical_or(both, no)

    return run


def _or(left: Compiled, right: Compiled) -> Compiled:
    def run(rows: Rows, at: Ints) -> Column:
        a, known_a = left(rows, at)
        b, known_b = right(rows, at)
        yes = np.logical_or(np.logical_and(known_a, a), np.logical_and(known_b, b))
        return yes, np.logical_or(np.logical_and(known_a, known_b), yes)

    return run


def _not(inner: Compiled) -> Compiled:
    def run(rows: Rows, at: Ints) -> Column:
        a, known = inner(rows, at)
        return np.logical_not(a), known

    return run


def _neg(inner: Compiled) -> Compiled:
    def run(rows: Rows, at: Ints) -> Column:
        a, known = inner(rows, at)
        return np.negative(a), known

    return run


def _abs(inner: Compiled) -> Compiled:
    def run(rows: Rows, at: Ints) -> Column:
        a, known = inner(rows, at)
        return np.abs(a), known

    return run


def _choose(asked: Compiled, yes: Compiled, no: Compiled) -> Compiled:
    def run(rows: Rows, at: Ints) -> Column:
        which, known = asked(rows, at)
        a, known_a = yes(rows, at)
        b, known_b = no(rows, at)
        return np.where(which, a, b), np.logical_and(known, np.where(which, known_a, known_b))

    return run


_SPECIAL: dict[str, Callable[..., Compiled]] = {
    "div": _div,
    "and": _and,
    "or": _or,
    "not": _not,
    "neg": _neg,
    "abs": _abs,
    "choose": _choose,
}


def since_us(table: Table, zone: tzinfo) -> int:
    """The instant from which a table is in force: midnight of its day in the city, µs."""
    day = datetime(table.since.year, table.since.month, table.since.day, tzinfo=zone)
    return int(day.timestamp()) * 1_000_000


def _table(op: str, versions: Sequence[Table], zone: tzinfo, inner: Compiled) -> Compiled:
    ordered = sorted((since_us(one, zone), one.points) for one in versions)
    shapes = [
        (since, np.array([x for x, _ in points]), np.array([y for _, y in points]))
        for since, points in ordered
    ]

    def run(rows: Rows, at: Ints) -> Column:
        x, known = inner(rows, at)
        x = np.broadcast_to(np.asarray(x, np.float64), at.shape)
        found = np.zeros(len(at))
        for since, xs, ys in shapes:
            height = np.interp(x, xs, ys) if op == "curve" else np.searchsorted(xs, x)
            found = np.where(at >= since, height, found)
        return found, np.logical_and(known, at >= shapes[0][0])

    return run
