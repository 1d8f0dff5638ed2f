"""Opening one file of a pack: bounded, without tags or aliases' tricks, strictly typed."""

import hashlib
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import orjson
import yaml
from pydantic import BaseModel, ValidationError

from chengyun.app.packs.faults import PackFault
from chengyun.kernel.text import Json

BYTES_MAX = 8_000_000
NODES_MAX = 1_000_000
DEPTH_MAX = 30

M = TypeVar("M", bound=BaseModel)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_REMEDIES = {
    "extra_forbidden": "Remove it or correct its spelling",
    "missing": "Add it",
    "string_type": "Write a text; put codes and times of day in quotes",
    "bool_type": "Write true or false",
    "date_from_datetime_parsing": "Write a date such as 2026-01-31",
    "date_type": "Write a date such as 2026-01-31",
    "string_pattern_mismatch": "Correct the text to the pattern",
    "literal_error": "Use one of these words",
    "tuple_type": "Write a list",
}


class _Unique(_Loader):  # type: ignore[misc, valid-type]
    """A safe loader that refuses a key given twice: YAML would silently keep the last."""


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Json, Json]:
    loader.flatten_mapping(node)
    found: dict[Json, Json] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.MarkedYAMLError(
                None, None, f"the key {key!r} is no text: put it in quotes", key_node.start_mark
            )
        if key in found:
            raise yaml.MarkedYAMLError(
                None, None, f"the key {key!r} is given twice", key_node.start_mark
            )
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Unique.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _count(value: Json, depth: int = 0) -> int:
    """How many nodes a value has once aliases are written out.

    Raises:
        ValueError: too many or too deep.
    """
    if depth > DEPTH_MAX:
        raise ValueError(f"it is nested deeper than {DEPTH_MAX} levels")
    if isinstance(value, dict):
        children: list[Json] = list(value.values())
    elif isinstance(value, list):
        children = value
    else:
        return 1
    total = 1
    for child in children:
        total += _count(child, depth + 1)
        if total > NODES_MAX:
            raise ValueError(f"it has more than {NODES_MAX} values")
    return total


def content_hash(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def read_bytes(path: Path, name: str) -> bytes | PackFault:
    """A file's content, bounded."""
    try:
        if path.stat().st_size > BYTES_MAX:
            return PackFault(name, "", f"is larger than {BYTES_MAX} bytes", "Split the file")
        return path.read_bytes()
    except OSError as error:
        return PackFault(name, "", f"cannot be read ({error.strerror})", "Check the file")


def parse(content: bytes, name: str) -> Json | PackFault:
    """The values of a TOML or YAML file."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return PackFault(name, f"byte {error.start}", "is not UTF-8", "Save the file as UTF-8")
    try:
        if name.endswith(".toml"):
            return tomllib.loads(text)
        # `_Unique` is a safe loader: no tags, no objects.
        value: Json = yaml.load(text, Loader=_Unique)  # noqa: S506
        _count(value)
        return value
    except tomllib.TOMLDecodeError as error:
        return PackFault(name, "", f"is no TOML: {error}", "Correct the line named")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        return PackFault(
            name, where, f"is no usable YAML: {error.problem}", "Correct the line named"
        )
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return PackFault(name, "", f"is no usable YAML: {error}", "Correct the file")


def _where(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step and not step[0].isupper():  # union members show as class names
            path += f".{step}" if path else step
    return path


def _remedy(kind: str, said: object, context: dict[str, Any]) -> str:
    if kind == "literal_error":
        # The words are quoted in pydantic's message: 'a', 'b' or 'c'.
        near = get_close_matches(str(said), re.findall(r"'([^']+)'", str(context["expected"])), 1)
        if near:
            return f"Did you mean {near[0]}?"
    return _REMEDIES.get(kind, "")


def declare(model: type[M], value: Json, name: str) -> M | list[PackFault]:
    """The declaration a file makes, or everything wrong with it."""
    if not isinstance(value, dict):
        return [PackFault(name, "", "holds no fields", "Write `field: value` lines")]
    try:
        return model.model_validate_json(orjson.dumps(value))
    except orjson.JSONEncodeError as error:
        return [PackFault(name, "", f"holds a value of no use here ({error})", "Correct the file")]
    except ValidationError as error:
        return [
            PackFault(
                name,
                _where(fault["loc"]),
                fault["msg"][:1].lower() + fault["msg"][1:],
                _remedy(fault["type"], fault["input"], fault.get("ctx", {})),
            )
            for fault in error.errors(include_url=False)
        ]
