"""The query language of CIM 009 §4.9: `temperature>20;(status=="on"|!fault)`, read and judged."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chengyun.app.ngsild.bodies import VALUES
from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.terms import Terms
from chengyun.app.ngsild.tokens import tokens_of

LONGEST, _MOST_TOKENS, _DEEPEST, _LONGEST_PATTERN = 10_000, 500, 30, 200
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?|\d\d:\d\d:\d\d(\.\d+)?Z?")
_SYSTEM = ("observedAt", "createdAt", "modifiedAt", "unitCode", "datasetId", "objectType", "lang")
Judge = Callable[[Mapping[str, Any]], bool]
# A pattern that makes a matcher go round for ever is refused: nested repeats.
_RUNAWAY = re.compile(r"\([^)]*[+*}][^)]*\)\s*[+*{]")


@dataclass(frozen=True)
class Attribute:
    """`name.sub[inside.value]`, full names."""

    names: tuple[str, ...]
    inside: tuple[str, ...]

    def values(self, entity: Mapping[str, Any]) -> Iterator[Any]:
        """What it says in an entity: the value of each instance."""
        first, *subs = self.names
        if not subs and first in ("createdAt", "modifiedAt", "id"):
            yield from ([entity[first]] if first in entity else [])
            return
        held: list[Any] = list(entity["attrs"].get(first, ()))
        for at, name in enumerate(subs):
            if name in _SYSTEM:
                if at < len(subs) - 1:
                    return
                yield from (one[name] for one in held if name in one)
                return
            held = [deep for one in held for deep in one.get("subs", {}).get(name, ())]
        for one in held:
            value = one.get(VALUES[one["type"]])
            for part in self.inside:
                value = value.get(part) if isinstance(value, Mapping) else None
            if value is not None:
                yield value


@dataclass
class _Reader:
    tokens: list[tuple[str, str]]
    terms: Terms
    at: int = 0
    named: tuple[str, ...] = ()

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        found = self.peek()
        self.at += 1
        return found

    def either(self, depth: int = 0) -> Judge:
        if depth > _DEEPEST:
            raise BadData("q: is nested too deep.")
        parts = [self.both(depth)]
        while self.peek() == ("sign", "|"):
            self.take()
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else lambda one: any(part(one) for part in parts)

    def both(self, depth: int) -> Judge:
        parts = [self.term(depth)]
        while self.peek() == ("sign", ";"):
            self.take()
            parts.append(self.term(depth))
        return parts[0] if len(parts) == 1 else lambda one: all(part(one) for part in parts)

    def term(self, depth: int) -> Judge:
        kind, said = self.take()
        if (kind, said) == ("sign", "("):
            inner = self.either(depth + 1)
            if self.take() != ("sign", ")"):
                raise BadData("q: a bracket is not closed.")
            return inner
        if (kind, said) == ("sign", "!"):
            attribute = self.attribute(*self.take())
            return lambda one: not any(True for _ in attribute.values(one))
        attribute = self.attribute(kind, said)
        if self.peek()[0] != "op":
            return lambda one: any(True for _ in attribute.values(one))
        _, op = self.take()
        return self.compared(attribute, op)

    def attribute(self, kind: str, said: str) -> Attribute:
        found = re.fullmatch(r"([^\[\]]+)(?:\[([^\[\]]+)\])?", said) if kind == "word" else None
        if found is None:
            raise BadData(f"q: {said[:60]!r} stands where an attribute is asked for.")
        path, inside = found[1], found[2]
        first, *rest = [path] if "://" in path else path.split(".")
        full = first if first in ("createdAt", "modifiedAt", "id") else self.terms.expand(first)
        names = (full, *(x if x in _SYSTEM else self.terms.expand(x) for x in rest))
        self.named = (*self.named, full)
        return Attribute(names, tuple(inside.split(".")) if inside else ())

    def compared(self, attribute: Attribute, op: str) -> Judge:
        kind, said = self.take()
        first = self.value(kind, said)
        if op in ("~=", "!~="):
            pattern = _pattern(first)
            hit = op == "~="

            def matches(one: Mapping[str, Any]) -> bool:
                texts = [text for text in _spread(attribute.values(one)) if isinstance(text, str)]
                found = any(pattern.search(text[:10_000]) for text in texts)
                return found if hit else bool(texts) and not found

            return matches
        if self.peek()[0] == "range":
            self.take()
            last = self.value(*self.take())
            if op not in ("==", "!="):
                raise BadData("q: a range is compared with == or !=.")
            held = lambda v: _le(first, v) and _le(v, last)  # noqa: E731
            return _any(attribute, held) if op == "==" else _none(attribute, held)
        wanted = [first]
        while self.peek() == ("sign", ","):
            self.take()
            wanted.append(self.value(*self.take()))
        if len(wanted) > 1 and op not in ("==", "!="):
            raise BadData("q: a list is compared with == or !=.")
        if op == "==":
            return _any(attribute, lambda v: any(_same(v, one) for one in wanted))
        if op == "!=":
            return _none(attribute, lambda v: any(_same(v, one) for one in wanted))
        if op in (">", ">="):
            strict = op == ">"
            return _any(attribute, lambda v: _le(first, v) and not (strict and _same(v, first)))
        strict = op == "<"
        return _any(attribute, lambda v: _le(v, first) and not (strict and _same(v, first)))

    def value(self, kind: str, said: str) -> Any:
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", said[1:-1])
        if kind != "word":
            raise BadData(f"q: {said[:60]!r} stands where a value is asked for.")
        if said in ("true", "false"):
            return said == "true"
        if _NUMBER.fullmatch(said):
            return float(said)
        return said


def _pattern(said: Any) -> re.Pattern[str]:
    try:
        if len(str(said)) > _LONGEST_PATTERN or _RUNAWAY.search(str(said)):
            raise BadData("q: the pattern is too costly.")
        return re.compile(str(said))
    except re.error as error:
        raise BadData(f"q: {str(said)[:60]!r} is no pattern.") from error


def _any(attribute: Attribute, test: Callable[[Any], bool]) -> Judge:
    return lambda one: any(test(value) for value in _spread(attribute.values(one)))


def _none(attribute: Attribute, test: Callable[[Any], bool]) -> Judge:
    def judge(one: Mapping[str, Any]) -> bool:
        values = list(_spread(attribute.values(one)))
        return bool(values) and not any(test(value) for value in values)

    return judge


def _spread(values: Iterator[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        elif isinstance(value, Mapping) and "@value" in value:
            yield value["@value"]
        else:
            yield value


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return bool(value is wanted)
    if isinstance(value, (int, float)) and isinstance(wanted, float):
        return float(value) == wanted
    return bool(_plain_time(value) == _plain_time(wanted))


def _le(low: Any, high: Any) -> bool:
    if isinstance(low, bool) or isinstance(high, bool):
        return False
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        return low <= high
    if isinstance(low, str) and isinstance(high, str):
        return bool(_plain_time(low) <= _plain_time(high))
    return False


def _plain_time(value: Any) -> Any:
    """Times compare as texts once both are written alike."""
    if isinstance(value, str) and _TIME.fullmatch(value):
        return value.removesuffix("Z").removesuffix("+00:00")
    return value


@dataclass(frozen=True)
class Condition:
    """A condition and the full names of the attributes that it speaks of."""

    holds: Judge
    names: tuple[str, ...]


def read_condition(said: str, terms: Terms) -> Condition:
    """A condition. Raises BadData, which says where."""
    if len(said) > LONGEST:
        raise BadData("q: is too long.")
    tokens = tokens_of(said)
    if not 0 < len(tokens) <= _MOST_TOKENS:
        raise BadData("q: is empty or too long.")
    reader = _Reader(list(tokens), terms)
    judge = reader.either()
    if reader.peek()[0] != "end":
        raise BadData(f"q: {reader.peek()[1][:30]!r} is too much.")
    return Condition(judge, reader.named)
