"""Expressions of $filter and $orderby (OData 4 with 18-088 §9.3.3.5), parsed into a small tree.

Precedence, loosest first: or · and · not · comparison · add sub · mul div mod · minus.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chengyun.app.sensorthings.faults import BadRequest

LONGEST = 4_000
DEEPEST = 40
COMPARED = ("eq", "ne", "gt", "ge", "lt", "le")

_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|z|[+-]\d\d:?\d\d)?"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<word>(?P<prefix>geography|geometry|duration|datetime|time|date)?'(?P<text>(?:[^']|'')*)')
    |(?P<instant>{_INSTANT}(?:/{_INSTANT})?)
    |(?P<date>\d{{4}}-\d\d-\d\d)
    |(?P<time>\d\d:\d\d:\d\d(?:\.\d+)?)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[@A-Za-z_\u0080-\uffff][\w.@:\u0080-\uffff-]*)
    |(?P<mark>[(),/-])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value: number, text, truth, None, instant, interval, date, duration or geometry."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Path:
    """Names joined by slashes."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function with its arguments."""

    name: str
    args: tuple["Node", ...]


Node = Literal | Path | Call


def parsed(said: str) -> Node:
    """A whole expression. Raises BadRequest, saying where."""
    if len(said) > LONGEST:
        raise BadRequest(f"An expression has at most {LONGEST:,} characters.")
    reader = _Reader(_tokens(said), said)
    found = reader.either(0)
    reader.end()
    return found


Token = tuple[str, Any, int]


def _tokens(said: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while said[at:].strip():
        match = _TOKEN.match(said, at)
        if match is None:
            raise BadRequest(f"The expression cannot be read from {said[at : at + 20]!r} on.")
        kind = str(match.lastgroup)
        value: Any = match[kind] if kind != "text" else None
        if match["word"] is not None:
            kind, value = _quoted(match["prefix"], match["text"].replace("''", "'"))
        elif kind in ("instant", "date"):
            kind, value = _timed(kind, value)
        elif kind == "number":
            value = float(value)
            if value in (float("inf"), float("-inf")):
                raise BadRequest("A number is larger than can be compared.")
        found.append((kind, value, at))
        at = match.end()
    return found


def _quoted(prefix: str | None, text: str) -> tuple[str, Any]:
    if prefix in ("geography", "geometry"):
        return "geometry", text
    if prefix == "duration":
        return "duration", text
    if prefix in ("datetime", "date"):
        return _timed("instant" if prefix == "datetime" else "date", text)
    return "text", text


def instant(said: str) -> datetime:
    """An ISO 8601 instant; UTC where it names no zone. Raises BadRequest."""
    try:
        found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", said.replace("z", "Z")))
    except (ValueError, TypeError) as error:
        raise BadRequest(f"{str(said)[:60]!r} is no ISO 8601 instant.") from error
    return found if found.tzinfo else datetime.fromisoformat(found.isoformat() + "+00:00")


def _timed(kind: str, said: str) -> tuple[str, Any]:
    if kind == "date":
        try:
            return "date", date.fromisoformat(said)
        except ValueError as error:
            raise BadRequest(f"{said!r} is no date.") from error
    begin, slash, end = said.partition("/")
    if slash:
        first, last = instant(begin), instant(end)
        if last < first:
            raise BadRequest(f"{said!r} ends before it begins.")
        return "interval", (first, last)
    return "instant", instant(begin)


class _Reader:
    """Recursive descent over the tokens, bounded in depth."""

    def __init__(self, tokens: list[Token], said: str) -> None:
        self._tokens, self._said, self._at = tokens, said, 0

    def _peek(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "", -1)

    def _is(self, *names: str) -> bool:
        kind, value, _ = self._peek()
        return kind in ("name", "mark") and value in names

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _fail(self) -> BadRequest:
        _, value, at = self._peek()
        where = f"at {str(value)[:40]!r} (character {at + 1})" if at >= 0 else "at its end"
        return BadRequest(f"The expression {self._said[:120]!r} is wrong {where}.")

    def _expect(self, mark: str) -> None:
        if not self._is(mark):
            raise self._fail()
        self._at += 1

    def end(self) -> None:
        """Nothing may be left."""
        if self._peek()[0] != "end":
            raise self._fail()

    def either(self, depth: int) -> Node:
        """or"""
        if depth > DEEPEST:
            raise BadRequest(f"An expression is nested at most {DEEPEST} deep.")
        found = self._both(depth)
        while self._is("or"):
            self._at += 1
            found = Call("or", (found, self._both(depth)))
        return found

    def _both(self, depth: int) -> Node:
        found = self._not(depth)
        while self._is("and"):
            self._at += 1
            found = Call("and", (found, self._not(depth)))
        return found

    def _not(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise BadRequest(f"An expression is nested at most {DEEPEST} deep.")
        if self._is("not"):
            self._at += 1
            return Call("not", (self._not(depth + 1),))
        return self._comparison(depth)

    def _comparison(self, depth: int) -> Node:
        left = self._sum(depth)
        if self._is(*COMPARED):
            name = str(self._take()[1])
            return Call(name, (left, self._sum(depth)))
        return left

    def _sum(self, depth: int) -> Node:
        found = self._product(depth)
        while self._is("add", "sub"):
            name = str(self._take()[1])
            found = Call(name, (found, self._product(depth)))
        return found

    def _product(self, depth: int) -> Node:
        found = self._one(depth)
        while self._is("mul", "div", "mod"):
            name = str(self._take()[1])
            found = Call(name, (found, self._one(depth)))
        return found

    def _one(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise BadRequest(f"An expression is nested at most {DEEPEST} deep.")
        if self._is("-"):
            self._at += 1
            return Call("neg", (self._one(depth + 1),))
        if self._is("("):
            self._at += 1
            found = self.either(depth + 1)
            self._expect(")")
            return found
        kind, value, _ = self._peek()
        if kind in ("end", "mark"):
            raise self._fail()
        self._at += 1
        if kind != "name":
            return Literal(kind, value)
        if value in ("true", "false"):
            return Literal("truth", value == "true")
        if value == "null":
            return Literal("null", None)
        return self._named(str(value), depth)

    def _named(self, name: str, depth: int) -> Node:
        if self._is("("):
            self._at += 1
            args: list[Node] = []
            while not self._is(")"):
                if args:
                    self._expect(",")
                args.append(self.either(depth + 1))
            self._expect(")")
            return Call(name, tuple(args))
        parts = [name]
        while self._is("/"):
            self._at += 1
            kind, value, _ = self._peek()
            if kind not in ("name", "number"):
                raise self._fail()
            self._at += 1
            parts.append(str(int(value)) if kind == "number" else str(value))
        return Path(tuple(parts))
