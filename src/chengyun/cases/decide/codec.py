"""Frozen dataclasses to JSON and back, compiled once per class from its type hints.

Reads what a stranger sends as well as what we wrote: every mistake is named by its path.
"""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from typing_extensions import is_typeddict

T = TypeVar("T")
Encoder = Callable[[Any], Any]
Decoder = Callable[[Any, str], Any]


class Malformed(ValueError):
    """A field that is missing, unknown or of the wrong type."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}")


def encode(value: Any) -> dict[str, Any]:
    """A dataclass instance as a JSON object; fields equal to their default are left out."""
    out: dict[str, Any] = {}
    for name, default, asks, encoder in _writers(type(value)):
        item = getattr(value, name)
        if item is default or (asks and item == default):
            continue
        out[name] = item if encoder is None else encoder(item)
    return out


def decode(kind: type[T], data: Any, path: str = "") -> T:
    """An instance of a dataclass from a JSON object.

    Raises:
        Malformed: a field is missing, unknown or of the wrong type.
    """
    if not isinstance(data, dict):
        raise Malformed(path or "body", "must be an object")
    readers, required = _readers(kind)
    values: dict[str, Any] = {}
    for name, item in data.items():
        reader = readers.get(name)
        if reader is None:
            raise Malformed(_join(path, str(name)), "is not a field here")
        values[name] = reader(item, _join(path, name))
    for name in required:
        if name not in values:
            raise Malformed(_join(path, name), "is required")
    try:
        return kind(**values)
    except ValueError as error:
        raise Malformed(path or "body", str(error)) from error


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_WRITERS: dict[type, list[tuple[str, Any, bool, Encoder | None]]] = {}
_READERS: dict[type, tuple[dict[str, Decoder], list[str]]] = {}


def _writers(kind: type) -> list[tuple[str, Any, bool, Encoder | None]]:
    """Name, default, whether to ask if a value equals it, and how to write, by field."""
    known = _WRITERS.get(kind)
    if known is None:
        hints = get_type_hints(kind)
        # Only None equals None: asking a UUID or a text costs more than all else here.
        known = [
            (f.name, f.default, f.default not in (None, MISSING), _encoder(hints[f.name]))
            for f in fields(kind)
        ]
        _WRITERS[kind] = known
    return known


def _readers(kind: type) -> tuple[dict[str, Decoder], list[str]]:
    known = _READERS.get(kind)
    if known is None:
        hints = get_type_hints(kind)
        found = fields(kind)
        required = [f.name for f in found if f.default is MISSING and f.default_factory is MISSING]
        known = {f.name: _decoder(hints[f.name]) for f in found}, required
        _READERS[kind] = known
    return known


def _encoder(hint: Any) -> Encoder | None:
    inner = _optional(hint)
    if inner is not None:
        encoder = _encoder(inner)
        return encoder and (lambda item: None if item is None else encoder(item))
    if hint is UUID:
        return str
    if hint is datetime:
        return datetime.isoformat
    if get_origin(hint) is tuple:
        each = _encoder(get_args(hint)[0])
        return list if each is None else (lambda items: [each(item) for item in items])
    if is_dataclass(hint):
        return encode
    return None


def _decoder(hint: Any) -> Decoder:
    inner = _optional(hint)
    if inner is not None:
        reader = _decoder(inner)
        return lambda item, path: None if item is None else reader(item, path)
    if hint is UUID:
        return _uuid
    if hint is datetime:
        return _instant
    if get_origin(hint) is Literal:
        return _one_of(get_args(hint))
    if get_origin(hint) is tuple:
        return _list_of(_decoder(get_args(hint)[0]))
    if is_typeddict(hint):
        return _object
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda item, path: decode(hint, item, path)
    if hint in (str, int, float, bool):
        return _plain(hint)
    raise TypeError(f"no way to read {hint!r} from JSON")


def _optional(hint: Any) -> Any:
    """X of `X | None`, else None."""
    if get_origin(hint) in (Union, UnionType):
        rest = [arg for arg in get_args(hint) if arg is not NoneType]
        if len(rest) == 1:
            return rest[0]
    return None


def _uuid(item: Any, path: str) -> UUID:
    try:
        return item if isinstance(item, UUID) else UUID(item)
    except (ValueError, TypeError, AttributeError):
        raise Malformed(path, "must be a UUID") from None


def _instant(item: Any, path: str) -> datetime:
    try:
        at = item if isinstance(item, datetime) else datetime.fromisoformat(item)
    except (ValueError, TypeError):
        raise Malformed(path, "must be a date and time (ISO 8601)") from None
    if at.tzinfo is None:
        raise Malformed(path, "needs a time zone, such as Z or +08:00")
    return at


def _one_of(choices: tuple[Any, ...]) -> Decoder:
    def read(item: Any, path: str) -> Any:
        if item not in choices:
            raise Malformed(path, f"must be one of {', '.join(map(str, choices))}")
        return item

    return read


def _list_of(each: Decoder) -> Decoder:
    def read(items: Any, path: str) -> tuple[Any, ...]:
        if not isinstance(items, list | tuple):
            raise Malformed(path, "must be a list")
        return tuple(each(item, f"{path}.{index}") for index, item in enumerate(items))

    return read


def _object(item: Any, path: str) -> Any:
    if not isinstance(item, dict):
        raise Malformed(path, "must be an object")
    return item


def _plain(kind: type) -> Decoder:
    wanted: tuple[type, ...] = (int, float) if kind is float else (kind,)

    def read(item: Any, path: str) -> Any:
        # bool is an int to Python, but not to whoever reads the contract.
        if not isinstance(item, wanted) or (isinstance(item, bool) and kind is not bool):
            raise Malformed(path, f"must be {_WORDS[kind]}")
        return item

    return read


_WORDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}
