"""A file of things, CSV or JSON, as rows to register; what is wrong in each row."""

import csv
import io
from typing import Any

import orjson
from pydantic import ValidationError

from chengyun.kernel.problems import FieldError, Invalid, TooLarge
from chengyun.kernel.text import JsonObject
from chengyun.sensing.schemas.things import MOST_ITEMS, ThingIn

MOST_BYTES = 8 * 1024 * 1024


Rows = tuple[list[ThingIn], list[int], list[JsonObject]]


def read_table(file: Any) -> Rows:
    """The things of a file, the row number of each, and the rows that are none.

    CSV needs a head line of field names; `properties.x` are columns of the thing's properties. Row
    numbers count from 0 without the head. Raises Invalid, TooLarge.
    """
    if (file.size or 0) > MOST_BYTES:
        raise TooLarge(f"At most {MOST_BYTES // 1024 // 1024} MB.")
    content = file.read()
    given = _json(content) if (file.name or "").lower().endswith(".json") else _csv(content)
    if len(given) > MOST_ITEMS:
        raise TooLarge(f"At most {MOST_ITEMS} things in one file.")
    items, numbers, rejects = [], [], []
    for number, row in enumerate(given):
        try:
            items.append(ThingIn.model_validate(row))
            numbers.append(number)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "row"
            rejects.append(
                {"row": number, "field": where, "reason": first["msg"], "code": first["type"]}
            )
    return items, numbers, rejects


def _json(content: bytes) -> list[Any]:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Invalid([FieldError("file", f"is no JSON: {error}", "no_json")]) from error
    items = found.get("items") if isinstance(found, dict) else found
    if not isinstance(items, list):
        raise Invalid([FieldError("file", "is no list of things", "no_list")])
    return items


def _csv(content: bytes) -> list[Any]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    reader = csv.DictReader(io.StringIO(text))
    try:
        return [_row(row) for row in reader]
    except csv.Error as error:
        raise Invalid([FieldError("file", f"is no CSV: {error}", "no_csv")]) from error


def _row(row: dict[str | Any, Any]) -> JsonObject:
    found: JsonObject = {}
    properties: JsonObject = {}
    for name, value in row.items():
        if name is None or value is None or not value.strip():
            continue
        if name.startswith("properties."):
            properties[name.removeprefix("properties.")] = value.strip()
        else:
            found[name.strip()] = value.strip()
    return {**found, "properties": properties}


def as_problem(reject: JsonObject, *, alone: bool) -> FieldError:
    """A reject as a field error; `alone`: the field is that of a single thing."""
    where = reject["field"] if alone else f"items.{reject['row']}.{reject['field']}"
    return FieldError(where, reject["reason"], reject["code"])
