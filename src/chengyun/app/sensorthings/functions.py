"""The functions of 18-088 table 22, as SQL over arguments of known type."""

from dataclasses import dataclass

from chengyun.app.sensorthings.faults import BadRequest
from chengyun.app.sensorthings.sql import Sql

_DAY = "date_trunc('second', {0})"
_PART = "extract({part} FROM {{0}} AT TIME ZONE 'UTC')::float8"


@dataclass(frozen=True, slots=True)
class Function:
    """Argument types, result type, and the SQL; {0}, {1} stand for the arguments."""

    takes: tuple[str, ...]
    gives: str
    sql: str


FUNCTIONS: dict[str, tuple[Function, ...]] = {
    "substringof": (Function(("text", "text"), "truth", "(strpos({1}, {0}) > 0)"),),
    "contains": (Function(("text", "text"), "truth", "(strpos({0}, {1}) > 0)"),),
    "startswith": (Function(("text", "text"), "truth", "starts_with({0}, {1})"),),
    "endswith": (
        Function(("text", "text"), "truth", "(right({0}, length({1})) = {1} OR {1} = '')"),
    ),
    "length": (Function(("text",), "number", "length({0})::float8"),),
    "indexof": (Function(("text", "text"), "number", "(strpos({0}, {1}) - 1)::float8"),),
    "substring": (
        Function(("text", "number"), "text", "substr({0}, greatest({1}, 0)::int + 1)"),
        Function(
            ("text", "number", "number"),
            "text",
            "substr({0}, greatest({1}, 0)::int + 1, greatest({2}, 0)::int)",
        ),
    ),
    "tolower": (Function(("text",), "text", "lower({0})"),),
    "toupper": (Function(("text",), "text", "upper({0})"),),
    "trim": (Function(("text",), "text", "btrim({0}, E' \\t\\n\\r')"),),
    "concat": (Function(("text", "text"), "text", "({0} || {1})"),),
    **{
        name: (Function(("time",), "number", _PART.format(part=name)),)
        for name in ("year", "month", "day", "hour", "minute")
    },
    "second": (Function(("time",), "number", "floor(extract(second FROM {0}))::float8"),),
    "fractionalseconds": (
        Function(
            ("time",),
            "number",
            "(extract(second FROM {0}) - floor(extract(second FROM {0})))::float8",
        ),
    ),
    "date": (Function(("time",), "date", "({0} AT TIME ZONE 'UTC')::date"),),
    "time": (Function(("time",), "clock", "({0} AT TIME ZONE 'UTC')::time"),),
    # Instants are kept and shown in UTC.
    "totaloffsetminutes": (
        Function(("time",), "number", "(CASE WHEN {0} IS NOT NULL THEN 0 END)::float8"),
    ),
    "now": (Function((), "time", "now()"),),
    "mindatetime": (Function((), "time", "'0001-01-01T00:00:00Z'::timestamptz"),),
    "maxdatetime": (Function((), "time", "'9999-12-31T23:59:59Z'::timestamptz"),),
    # Halves go away from zero, as OData has it.
    "round": (Function(("number",), "number", "round(({0})::numeric)::float8"),),
    "floor": (Function(("number",), "number", "floor({0})"),),
    "ceiling": (Function(("number",), "number", "ceil({0})"),),
}
ARITHMETIC = {
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "div": "({0} / nullif({1}, 0))",
    "mod": "mod(({0})::numeric, nullif({1}, 0)::numeric)::float8",
}


def filled(template: str, args: list[Sql]) -> Sql:
    """A template with its arguments, each as often as it is named."""
    found = Sql("")
    rest = template
    while rest:
        before, brace, after = rest.partition("{")
        found = found + before
        if not brace:
            break
        number, _, rest = after.partition("}")
        found = found + args[int(number)]
    return found


def variant(name: str, count: int) -> Function:
    """The form of a function that takes so many arguments. Raises BadRequest."""
    known = FUNCTIONS.get(name)
    if known is None:
        raise BadRequest(f"There is no function {name[:60]!r}.")
    for one in known:
        if len(one.takes) == count:
            return one
    raise BadRequest(f"{name} does not take {count} arguments.")
