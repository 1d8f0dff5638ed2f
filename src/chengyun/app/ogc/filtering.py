"""CQL2 (OGC 21-065r2), text or JSON, as conditions of a query; bounded in length and depth.

The library `cql2` parses both forms into one JSON form; that form is walked here. What would need
more than look-ups of declared fields and comparisons of geometries (arithmetic, functions) is
refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import cql2
import orjson
from django.db.models import BooleanField, F, FloatField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Lower

from chengyun.app.ogc.spatial import COMPARED, BadFilter, Ground, keys_of
from chengyun.places.decide.drawing import FieldType

LONGEST = 4_000
DEEPEST = 24
_COMPARISONS = {"=": "exact", "<": "lt", ">": "gt", "<=": "lte", ">=": "gte"}
_TIMES = {"t_after": "gt", "t_before": "lt", "t_equals": "exact"}
_MOST_STARS = 5
_CASTS: Mapping[str, Callable[[], Any]] = {
    "integer": FloatField,
    "number": FloatField,
    "boolean": BooleanField,
}


def parsed(said: str, language: str) -> Any:
    """A filter in its JSON form. Raises BadFilter."""
    if len(said) > LONGEST:
        raise BadFilter(f"A filter has at most {LONGEST:,} characters.")
    # The parser works by recursion, in a language that does not survive running out of stack.
    if _depth(said) > DEEPEST or len(re.findall(r"(?i)\bnot\b|[-+*/^]", said)) > 8 * DEEPEST:
        raise BadFilter(f"A filter is nested at most {DEEPEST} deep.")
    try:
        if language == "cql2-json":
            return cql2.parse_json(said).to_json()
        return cql2.parse_text(said).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        raise BadFilter(f"The filter is no CQL2: {str(error)[:300]}") from error


def _depth(said: str) -> int:
    deep = most = 0
    for sign in said:
        if sign in "([{":
            deep += 1
            most = max(most, deep)
        elif sign in ")]}":
            deep -= 1
    nots = max((len(run.split()) for run in re.findall(r"(?i)(?:\bnot\s+)+", said)), default=0)
    return most + nots


class Filter:
    """Turns filters on one collection into conditions.

    Args:
        fields: the properties that can be asked about, with their type.
        paths: the look-up of each, "json_column__name" for those inside a JSON column.
        ground: what spatial conditions are asked of.
    """

    def __init__(
        self,
        fields: Mapping[str, FieldType],
        paths: Mapping[str, str],
        ground: Ground,
    ) -> None:
        self._fields = fields
        self._paths = paths
        self._ground = ground
        self._used: dict[str, Any] = {}

    def applied(self, rows: "QuerySet[Any]", asked: Any) -> "QuerySet[Any]":
        """The rows that meet a filter in JSON form. Raises BadFilter."""
        try:
            wanted = self._node(asked, 0)
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise BadFilter("A condition of the filter lacks what it compares.") from error
        found: QuerySet[Any] = rows.alias(**self._used).filter(wanted)
        return found

    def equal(self, rows: "QuerySet[Any]", name: str, said: str) -> "QuerySet[Any]":
        """The rows whose property is what a query parameter says. Raises BadFilter."""
        kind = self._fields[name]
        value: Any = said
        if kind in ("integer", "number"):
            try:
                value = float(said)
            except ValueError as error:
                raise BadFilter(f"{name} is a number.") from error
        elif kind == "boolean":
            value = {"true": True, "false": False}.get(said.lower())
        elif kind == "time":
            value = {"timestamp": said}
        return self.applied(rows, {"op": "=", "args": [{"property": name}, value]})

    def _node(self, node: Any, depth: int) -> Q:
        if depth > DEEPEST:
            raise BadFilter(f"A filter is nested at most {DEEPEST} deep.")
        if isinstance(node, bool):
            return ~Q(pk__in=[]) if node else Q(pk__in=[])
        if not isinstance(node, dict) or "op" not in node:
            raise BadFilter("A filter is a condition, not a value.")
        op, args = str(node["op"]).lower(), node.get("args", [])
        if op in ("and", "or"):
            parts = [self._node(one, depth + 1) for one in args]
            found = parts[0]
            for one in parts[1:]:
                found = found & one if op == "and" else found | one
            return found
        if op == "not":
            return ~self._node(args[0], depth + 1)
        return self._leaf(op, args)

    def _leaf(self, op: str, args: Sequence[Any]) -> Q:
        if op in COMPARED:
            keys, others = keys_of(op, args, self._ground)
            return ~Q(pk__in=keys) if others else Q(pk__in=keys)
        if not args:
            raise BadFilter(f"{op} needs a property.")
        field, kind, fold = self._property(args[0])
        if op == "isnull":
            return Q(**{f"{field}__isnull": True})
        if op == "between" and len(args) == 3:
            low, high = (_value(one, kind, fold) for one in args[1:])
            return Q(**{f"{field}__gte": low, f"{field}__lte": high})
        if len(args) != 2:
            raise BadFilter(f"{op} is not offered here.")
        if op == "in" and isinstance(args[1], list):
            return Q(**{f"{field}__in": [_value(one, kind, fold) for one in args[1]]})
        if op == "like":
            return Q(**{f"{field}__regex": _pattern(_value(args[1], "text", fold), kind)})
        value = _value(args[1], kind, fold)
        if op == "<>":
            return ~Q(**{field: value})
        look = _COMPARISONS.get(op) or (_TIMES.get(op) if kind == "time" else None)
        if look is None:
            raise BadFilter(f"{op} is not offered here.")
        return Q(**{f"{field}__{look}": value})

    def _property(self, node: Any) -> tuple[str, FieldType, bool]:
        """The alias of a property, its type, and whether case is ignored."""
        fold = isinstance(node, dict) and str(node.get("op")).lower() == "casei"
        inner = node["args"][0] if fold else node
        name = str(inner.get("property")) if isinstance(inner, dict) else ""
        if name not in self._paths or name not in self._fields:
            raise BadFilter(f"{str(name or inner)[:100]!r} is no property that can be asked about.")
        kind = self._fields[name]
        if fold and kind != "text":
            raise BadFilter(f"{name} is no text.")
        alias = f"cy{len(self._used)}"
        self._used[alias] = _column(self._paths[name], kind, fold)
        return alias, kind, fold


def _column(path: str, kind: FieldType, fold: bool) -> Any:
    """What is compared: a column, or a value inside JSON by its type, NULL where it has none."""
    held, inside, name = path.partition("__")
    found: Any = F(path)
    if inside:
        found = KeyTextTransform(name, held)
        if kind in _CASTS:
            found = Cast(found, _CASTS[kind]())
    return Lower(found) if fold else found


def _value(node: Any, kind: FieldType, fold: bool) -> Any:
    """A literal of a property's type. Raises BadFilter."""
    if fold:
        if not isinstance(node, dict) or str(node.get("op")).lower() != "casei":
            raise BadFilter("casei is compared with casei.")
        node = node["args"][0]
    if kind == "time":
        return _instant(node)
    number = isinstance(node, int | float) and not isinstance(node, bool)
    if kind == "boolean" and isinstance(node, bool):
        return node
    if kind == "number" and number:
        return node
    if kind == "integer" and number and float(node).is_integer():
        return int(node)
    if kind == "text" and isinstance(node, str) and "\x00" not in node:
        return node.lower() if fold else node
    raise BadFilter(f"{str(node)[:100]} is no {kind}.")


def _instant(node: Any) -> datetime:
    said = node.get("timestamp", node.get("date")) if isinstance(node, dict) else node
    try:
        found = datetime.fromisoformat(str(said))
    except ValueError as error:
        raise BadFilter(f"{str(said)[:100]} is no instant.") from error
    return found if found.tzinfo else datetime.combine(date(*found.timetuple()[:3]), time(), UTC)


def _pattern(like: str, kind: FieldType) -> str:
    """A LIKE pattern as a regular expression. Raises BadFilter."""
    if kind != "text":
        raise BadFilter("like is for texts.")
    if like.count("%") > _MOST_STARS:
        raise BadFilter(f"A pattern has at most {_MOST_STARS} %.")
    signs = {"%": ".*", "_": "."}
    return f"^{''.join(signs.get(sign) or re.escape(sign) for sign in like)}$"


def as_json(said: str) -> Any:
    """JSON from outside. Raises BadFilter."""
    try:
        return orjson.loads(said)
    except orjson.JSONDecodeError as error:
        raise BadFilter(f"That is no JSON: {error}") from error
