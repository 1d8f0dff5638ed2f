"""Query options of 18-088 §9.3.3: of a request, and of each $expand inside one."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from chengyun.app.sensorthings.faults import BadRequest
from chengyun.app.sensorthings.grammar import Node, parsed
from chengyun.app.sensorthings.model import SETS, EntitySet

USUAL, MOST = 100, 1_000
MOST_OBSERVATIONS = 10_000
DEEPEST_EXPAND = 5
FARTHEST_SKIP = 1_000_000
_MOST_EXPANDS = 20


@dataclass
class Options:
    """What is asked of one list or entity.

    Attributes:
        after: the order keys of the last row of the page before (from $skiptoken).
        said: the raw options, for the link to the next page.
    """

    top: int | None = None
    skip: int = 0
    count: bool = False
    select: tuple[str, ...] = ()
    where: Node | None = None
    order: tuple[tuple[Node, bool], ...] = ()
    expand: "dict[str, Options]" = field(default_factory=dict)
    after: tuple[str, ...] = ()
    data_array: bool = False
    said: dict[str, str] = field(default_factory=dict)


_KNOWN = {
    *("$top", "$skip", "$count", "$select", "$filter", "$orderby", "$expand"),
    *("$resultFormat", "$skiptoken"),
}
OWN = {"aggregate", "window", "timezone", "origin"}


def read_options(
    entity: EntitySet, said: Mapping[str, str], *, own: Iterable[str] = (), depth: int = 0
) -> Options:
    """The options of a query string. Raises BadRequest for each that is unknown or wrong."""
    found = Options(said=dict(said))
    for name, value in said.items():
        if name not in _KNOWN:
            if name.startswith("$") or name not in own:
                raise BadRequest(f"There is no query option {name[:60]!r}.")
            continue
        _read(found, entity, name, value, depth)
    return found


def _read(found: Options, entity: EntitySet, name: str, value: str, depth: int) -> None:
    match name:
        case "$top":
            most = MOST_OBSERVATIONS if entity.name == "Observations" else MOST
            found.top = min(_whole(name, value), most)
        case "$skip":
            found.skip = _whole(name, value)
            if found.skip > FARTHEST_SKIP:
                raise BadRequest(f"$skip is at most {FARTHEST_SKIP:,}; follow @iot.nextLink.")
        case "$count":
            if value not in ("true", "false"):
                raise BadRequest("$count is true or false.")
            found.count = value == "true"
        case "$select":
            found.select = tuple(_selected(entity, one.strip()) for one in value.split(","))
        case "$filter":
            found.where = parsed(value)
        case "$orderby":
            found.order = tuple(_ordered(one) for one in _split(value, ","))
        case "$expand":
            _expand(found, entity, value, depth)
        case "$resultFormat":
            if value != "dataArray" or entity.name != "Observations":
                raise BadRequest("$resultFormat is dataArray, of Observations.")
            found.data_array = True
        case _:
            found.after = _token(value)


def _whole(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise BadRequest(f"{name} is a whole number from 0.")
    return int(value)


def _selected(entity: EntitySet, name: str) -> str:
    plain = "id" if name in ("@iot.id", "id") else name
    if plain != "id" and plain not in entity.properties and plain not in entity.links:
        raise BadRequest(f"{entity.one} has no property {name[:60]!r} to select.")
    return plain


def _ordered(said: str) -> tuple[Node, bool]:
    text = said.strip()
    down = text.endswith(" desc")
    if down or text.endswith(" asc"):
        text = text.rpartition(" ")[0]
    return parsed(text), down


def _split(said: str, mark: str) -> list[str]:
    """Parts between marks that stand in no parentheses and no quotes."""
    parts, deep, quoted, begin = [], 0, False, 0
    for at, sign in enumerate(said):
        if sign == "'":
            quoted = not quoted
        elif not quoted:
            deep += (sign == "(") - (sign == ")")
            if sign == mark and deep == 0:
                parts.append(said[begin:at])
                begin = at + 1
        if deep < 0:
            raise BadRequest("A parenthesis closes that was not opened.")
    if deep or quoted:
        raise BadRequest("A parenthesis or quote stays open.")
    return [*parts, said[begin:]]


def _expand(found: Options, entity: EntitySet, value: str, depth: int) -> None:
    if depth >= DEEPEST_EXPAND:
        raise BadRequest(f"$expand goes at most {DEEPEST_EXPAND} levels deep.")
    parts = _split(value, ",")
    if len(parts) > _MOST_EXPANDS:
        raise BadRequest(f"$expand names at most {_MOST_EXPANDS} links.")
    for part in parts:
        path, paren, inner = part.strip().partition("(")
        if paren and not inner.endswith(")"):
            raise BadRequest(f"$expand={part[:60]!r} cannot be read.")
        name, _, rest = path.strip().partition("/")
        link = entity.links.get(name)
        if link is None:
            raise BadRequest(f"{entity.one} has no link {name[:60]!r} to expand.")
        target = SETS[link.to]
        said = _inner(inner[:-1]) if paren else {}
        if rest:
            options = {"$expand": f"{rest}({inner[:-1]})" if paren else rest}
            fresh = read_options(target, options, depth=depth + 1)
        else:
            fresh = read_options(target, said, depth=depth + 1)
        before = found.expand.get(name)
        if before is None or said:
            fresh.expand = {**(before.expand if before else {}), **fresh.expand}
            found.expand[name] = fresh
        else:
            before.expand.update(fresh.expand)


def _inner(said: str) -> dict[str, str]:
    found = {}
    for one in _split(said, ";"):
        name, equals, value = one.strip().partition("=")
        if not equals:
            raise BadRequest(f"{one[:60]!r} is no option of an $expand.")
        found[name] = value
    return found


def token_of(keys: Iterable[object]) -> str:
    """The order keys of a row, as a $skiptoken."""
    return base64.urlsafe_b64encode(orjson.dumps([str(key) for key in keys])).decode().rstrip("=")


def _token(said: str) -> tuple[str, ...]:
    try:
        found = orjson.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    except (ValueError, UnicodeError) as error:
        raise BadRequest("$skiptoken is not one of ours.") from error
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadRequest("$skiptoken is not one of ours.")
    return tuple(found)
