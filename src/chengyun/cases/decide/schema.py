"""JSON Schemas of move params, and the pieces they are made of.

`title` is English for tools, `x-title` carries both languages, `x-input` says what the screen
offers: text, photos, org, handler, collector, case, kind, condition, area, datetime, stars.
"""

from typing import Any

from chengyun.cases.decide.turn import MAX_NOTE, MAX_PHOTOS
from chengyun.kernel.text import JsonObject

NOTE = ("说明", "Note")
REASON = ("理由", "Reason")
PHOTOS = ("照片", "Photos")


def params(required: tuple[str, ...] = (), **properties: JsonObject) -> JsonObject:
    """An object that takes these params and no other."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(required),
    }


def words(title: tuple[str, str] = NOTE, least: int = 0) -> JsonObject:
    """Free words of an official."""
    return _named(title, "text", type="string", minLength=least, maxLength=MAX_NOTE)


def reason() -> JsonObject:
    """A compulsory reason."""
    return words(REASON, least=1)


def photos(title: tuple[str, str] = PHOTOS, least: int = 0) -> JsonObject:
    """Upload ids."""
    each = {"type": "string", "format": "uuid"}
    return _named(title, "photos", type="array", items=each, minItems=least, maxItems=MAX_PHOTOS)


def one(title: tuple[str, str], widget: str) -> JsonObject:
    """One thing by its UUID."""
    return _named(title, widget, type="string", format="uuid")


def many(title: tuple[str, str], widget: str) -> JsonObject:
    """Several things by UUID."""
    each = {"type": "string", "format": "uuid"}
    return _named(title, widget, type="array", items=each, maxItems=20)


def instant(title: tuple[str, str]) -> JsonObject:
    """A date and time with its zone."""
    return _named(title, "datetime", type="string", format="date-time")


def flag(title: tuple[str, str]) -> JsonObject:
    """Yes or no."""
    return _named(title, "flag", type="boolean")


def whole(title: tuple[str, str], low: int, high: int, widget: str) -> JsonObject:
    """A whole number in a range."""
    return _named(title, widget, type="integer", minimum=low, maximum=high)


def degrees(title: tuple[str, str], most: int) -> JsonObject:
    """A longitude or latitude."""
    return _named(title, "number", type="number", minimum=-most, maximum=most)


def area() -> JsonObject:
    """An area number."""
    return _named(("区域", "Area"), "area", type="integer")


def chosen(title: tuple[str, str], widget: str, choices: list[JsonObject]) -> JsonObject:
    """One of some choices, each {const, title, x-title}; without choices any text."""
    named = _named(title, widget, type="string", minLength=1)
    return named | {"oneOf": choices} if choices else named


def choice(value: str, zh: str, en: str) -> JsonObject:
    """One choice."""
    return {"const": value, "title": en, "x-title": {"zh": zh, "en": en}}


def _named(title: tuple[str, str], widget: str, **rest: Any) -> JsonObject:
    zh, en = title
    return {"title": en, "x-title": {"zh": zh, "en": en}, "x-input": widget} | rest
