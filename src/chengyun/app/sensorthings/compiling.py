"""Expressions over an entity set, as SQL; a path through links holds where any target does."""

from collections.abc import Callable
from dataclasses import dataclass, field

from chengyun.app.sensorthings import spatial
from chengyun.app.sensorthings.durations import seconds_of
from chengyun.app.sensorthings.faults import BadRequest
from chengyun.app.sensorthings.functions import ARITHMETIC, filled, variant
from chengyun.app.sensorthings.grammar import COMPARED, Call, Literal, Node, Path
from chengyun.app.sensorthings.model import COLUMNS, SETS, EntitySet
from chengyun.app.sensorthings.sql import Sql, joined

_SIGNS = {"eq": "=", "ne": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_CASTS = {
    "number": "CASE WHEN jsonb_typeof({0}) = 'number' THEN ({0} #>> ARRAY[]::text[])::float8 END",
    "text": "CASE WHEN jsonb_typeof({0}) = 'string' THEN {0} #>> ARRAY[]::text[] END",
    "truth": "CASE WHEN jsonb_typeof({0}) = 'boolean' THEN ({0})::boolean END",
}
_MOST_LINKS = 6


@dataclass(frozen=True, slots=True)
class Value:
    """SQL with its type; `end` is where an interval ends, `forms` what a result may be read as."""

    kind: str
    sql: Sql
    end: Sql | None = None
    forms: dict[str, Sql] = field(default_factory=dict)
    owner: str = ""


@dataclass
class _Joined:
    """Links that one condition goes through: path → alias, and the joins in order."""

    aliases: dict[tuple[str, ...], tuple[str, EntitySet]]
    joins: list[Sql]


class Compiler:
    """Turns expressions about one entity set into SQL.

    Args:
        relation: gives the relation of a set as the asker sees it.
        link: gives the condition of a link between two aliases.
        alias: the alias of the rows that are asked about.
    """

    def __init__(
        self,
        entity: EntitySet,
        relation: Callable[[EntitySet], Sql],
        link: Callable[[str, str, str], Sql],
        alias: str = "x",
    ) -> None:
        self._entity, self._relation, self._link, self._alias = entity, relation, link, alias
        self._made = 0

    def condition(self, node: Node) -> Sql:
        """A truth. Raises BadRequest."""
        if isinstance(node, Call) and node.name in ("and", "or") and len(node.args) == 2:
            inside = [self.condition(one) for one in node.args]
            return Sql("(") + joined(f" {node.name.upper()} ", inside) + ")"
        if isinstance(node, Call) and node.name == "not" and len(node.args) == 1:
            return Sql("(NOT coalesce(") + self.condition(node.args[0]) + ", false))"
        joins = _Joined({(): (self._alias, self._entity)}, [])
        found = self._value(node, joins)
        if found.kind in ("json", "result"):
            found = self._as(found, "truth")
        if found.kind != "truth":
            raise BadRequest("A filter is a condition, not a value.")
        if not joins.joins:
            return found.sql
        return Sql("EXISTS (SELECT FROM ") + self._chain(joins) + found.sql + ")"

    def _chain(self, joins: _Joined) -> Sql:
        pairs = list(zip(joins.joins[::2], joins.joins[1::2], strict=True))
        tables = joined(", ", [table for table, _ in pairs])
        return tables + " WHERE " + joined(" AND ", [on for _, on in pairs]) + " AND "

    def order(self, node: Node) -> Sql:
        """What rows are sorted by. Raises BadRequest."""
        joins = _Joined({(): (self._alias, self._entity)}, [])
        found = self._value(node, joins)
        if found.kind == "result":
            return found.forms["number"]
        if found.kind in ("geometry", "null"):
            raise BadRequest("Nothing can be sorted by that.")
        if not joins.joins:
            return found.sql
        return Sql("(SELECT ") + found.sql + " FROM " + self._chain(joins) + "true LIMIT 1)"

    def _value(self, node: Node, joins: _Joined) -> Value:
        if isinstance(node, Literal):
            return _literal(node)
        if isinstance(node, Path):
            return self._path(node.parts, joins)
        if node.name in COMPARED:
            return self._compared(node, joins)
        if node.name in ("and", "or", "not"):
            inside = [self._as(self._value(one, joins), "truth").sql for one in node.args]
            if node.name == "not":
                return Value("truth", Sql("(NOT coalesce(") + inside[0] + ", false))")
            return Value("truth", Sql("(") + joined(f" {node.name.upper()} ", inside) + ")")
        if node.name == "neg":
            return Value("number", Sql("(-") + self._number(node.args[0], joins) + ")")
        if node.name in ARITHMETIC and len(node.args) == 2:
            return self._worked(node, joins)
        args = [self._value(one, joins) for one in node.args]
        if node.name.startswith(("st_", "geo.")):
            kind, sql = spatial.compiled(node.name, node.args, args)
            return Value(kind, sql)
        form = variant(node.name, len(args))
        given = [self._as(one, kind).sql for one, kind in zip(args, form.takes, strict=True)]
        return Value(form.gives, filled(form.sql, given))

    def _number(self, node: Node, joins: _Joined) -> Sql:
        return self._as(self._value(node, joins), "number").sql

    def _worked(self, node: Call, joins: _Joined) -> Value:
        left, right = (self._value(one, joins) for one in node.args)
        kinds = (left.kind, right.kind)
        if node.name in ("add", "sub") and kinds == ("time", "duration"):
            return Value("time", filled(ARITHMETIC[node.name], [left.sql, right.sql]))
        if node.name == "sub" and kinds == ("time", "time"):
            return Value("duration", filled(ARITHMETIC["sub"], [left.sql, right.sql]))
        args = [self._as(one, "number").sql for one in (left, right)]
        return Value("number", filled(ARITHMETIC[node.name], args))

    def _path(self, parts: tuple[str, ...], joins: _Joined) -> Value:
        entity, alias = self._entity, self._alias
        walked: tuple[str, ...] = ()
        for at, part in enumerate(parts):
            step = entity.links.get(part)
            if step is None:
                return self._property(entity, alias, parts[at:])
            walked = (*walked, part)
            if walked not in joins.aliases:
                if len(walked) > _MOST_LINKS or self._made > 30:
                    raise BadRequest("A filter follows at most six links.")
                self._made += 1
                fresh, target = f"j{self._made}", SETS[step.to]
                joins.joins += [
                    self._relation(target) + f" AS {fresh}",
                    self._link(f"{entity.name}/{part}", alias, fresh),
                ]
                joins.aliases[walked] = (fresh, target)
            alias, entity = joins.aliases[walked]
        raise BadRequest(f"{'/'.join(parts)} is a link; a filter compares its properties.")

    def _property(self, entity: EntitySet, alias: str, parts: tuple[str, ...]) -> Value:
        name, inside = parts[0], parts[1:]
        if name in ("id", "@iot.id") and not inside:
            kind = "text" if entity.name == "Observations" else "number"
            return Value(kind, Sql(f"{alias}.id"), owner="id")
        kind = str(entity.properties.get(name, ""))
        if not kind:
            raise BadRequest(f"{entity.one} has no property {'/'.join(parts)[:80]!r}.")
        column = Sql(f'{alias}."{COLUMNS.get(name, name)}"')
        if inside:
            if kind not in ("json", "geometry", "result"):
                raise BadRequest(f"{name} has nothing inside.")
            return Value("json", Sql("(") + column + " #> %s)" + Sql("", (list(inside),)))
        if kind == "geometry":
            return Value(kind, column, owner=f"{entity.name}:{alias}")
        if name == "phenomenonTime":
            return Value("time", column, end=Sql(f"coalesce({alias}.until, {alias}.at)"))
        if kind == "result":
            forms = {"number": Sql(f"{alias}.value"), "text": Sql(f"{alias}.word")}
            forms["truth"] = Sql(f"({alias}.value <> 0)")
            return Value(kind, column, forms=forms)
        return Value(kind, column)

    def _as(self, value: Value, kind: str) -> Value:
        """A value as another type, where its own is open. Raises BadRequest."""
        if value.kind == kind or value.kind == "null":
            return value
        if kind in value.forms:
            return Value(kind, value.forms[kind])
        if value.kind == "json" and kind in _CASTS:
            return Value(kind, filled(_CASTS[kind], [value.sql]))
        if value.kind == "json" and kind == "time":
            return Value("text", self._as(value, "text").sql)
        raise BadRequest(f"A {value.kind} cannot be used as a {kind}.")

    def _compared(self, node: Call, joins: _Joined) -> Value:
        left, right = (self._value(one, joins) for one in node.args)
        sign = _SIGNS[node.name]
        if "null" in (left.kind, right.kind):
            if node.name not in ("eq", "ne"):
                raise BadRequest("null is only equal or not equal.")
            other = right if left.kind == "null" else left
            said = "IS NULL" if node.name == "eq" else "IS NOT NULL"
            if other.kind == "json":
                wanted = "coalesce({0}, 'null'::jsonb) " + ("=" if node.name == "eq" else "<>")
                return Value("truth", filled(f"({wanted} 'null'::jsonb)", [other.sql]))
            return Value("truth", Sql("(") + other.sql + f" {said})")
        left, right = self._matched(left, right)
        if left.end is not None or right.end is not None:
            return _spans(node.name, left, right)
        return Value("truth", Sql("(") + left.sql + f" {sign} " + right.sql + ")")

    def _matched(self, left: Value, right: Value) -> tuple[Value, Value]:
        open_ = ("json", "result")
        if left.kind == right.kind == "result":
            return self._as(left, "number"), self._as(right, "number")
        if left.kind in open_ and right.kind not in open_:
            return self._open(left, right)
        if right.kind in open_ and left.kind not in open_:
            right, left = self._open(right, left)
            return left, right
        if {left.kind, right.kind} == {"time", "date"}:
            return _dated(left), _dated(right)
        if left.kind == right.kind and left.kind != "geometry":
            return left, right
        if {left.kind, right.kind} == {"result", "json"}:
            return self._as(left, "number"), self._as(right, "number")
        raise BadRequest(f"A {left.kind} cannot be compared with a {right.kind}.")

    def _open(self, found: Value, other: Value) -> tuple[Value, Value]:
        """A value of open type as the other's; instants inside JSON are texts."""
        if other.kind in ("time", "date"):
            text = self._as(found, "text").sql
            guarded = (
                Sql("(CASE WHEN ") + text + r" ~ '^\d{4}-\d\d-\d\d(T[0-9:.]+(Z|[+-]\d\d:?\d\d)?)?$'"
            )
            cast = guarded + " THEN (" + text + ")::timestamptz END)"
            return Value("time", cast), _dated(other)
        return self._as(found, other.kind), other


def _dated(value: Value) -> Value:
    if value.kind == "date":
        return Value("time", Sql("((") + value.sql + ")::timestamp AT TIME ZONE 'UTC')")
    return value


def _spans(name: str, left: Value, right: Value) -> Value:
    """Intervals compared: before and after mean wholly so (18-088 §8.2.6, ISO 19108)."""
    ends = [one.end if one.end is not None else one.sql for one in (left, right)]
    parts = {
        "eq": "({0} = {2} AND {1} = {3})",
        "ne": "(NOT ({0} = {2} AND {1} = {3}))",
        "gt": "({0} > {3})",
        "ge": "({0} >= {2})",
        "lt": "({1} < {2})",
        "le": "({1} <= {3})",
    }
    return Value("truth", filled(parts[name], [left.sql, ends[0], right.sql, ends[1]]))


def _literal(node: Literal) -> Value:
    kind, value = node.kind, node.value
    casts: dict[str, tuple[str, str]] = {
        "number": ("number", "%s::float8"),
        "text": ("text", "%s::text"),
        "truth": ("truth", "%s::boolean"),
        "instant": ("time", "%s::timestamptz"),
        "date": ("date", "%s::date"),
        "time": ("clock", "%s::time"),
    }
    if kind == "null":
        return Value("null", Sql("NULL"))
    if kind == "interval":
        first, last = (Sql("%s::timestamptz", (one,)) for one in value)
        return Value("time", first, end=last)
    if kind == "duration":
        return Value("duration", Sql("make_interval(secs => %s)", (seconds_of(value),)))
    if kind == "geometry":
        return Value("shape", Sql("%s", (value,)))
    if isinstance(value, str) and "\0" in value:
        raise BadRequest("A text holds no NUL.")
    named, cast = casts[kind]
    return Value(named, Sql(cast, (value,)))
