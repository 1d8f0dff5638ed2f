"""The current templates and house rules, in memory; other processes' changes show in 5 seconds."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic

from django.db.models import Count, Max
from pydantic import TypeAdapter

from chengyun.notices.decide.templates import HouseRules, Template
from chengyun.notices.models import NoticeDocument

_LOOK_EVERY = 5.0


@dataclass(frozen=True, slots=True)
class Book:
    """Templates by id with the hash that is their version, and the house rules."""

    templates: Mapping[str, tuple[Template, str]]
    rules: HouseRules


@cache
def template_reader() -> TypeAdapter[Template]:
    """Reads and writes a template as JSON."""
    return TypeAdapter(Template)


@cache
def rules_reader() -> TypeAdapter[HouseRules]:
    """Reads and writes house rules as JSON."""
    return TypeAdapter(HouseRules)


_lock = threading.Lock()
_kept: tuple[Book, object, float] | None = None


def book() -> Book:
    """What is in force."""
    global _kept
    kept = _kept
    if kept is not None and monotonic() - kept[2] < _LOOK_EVERY:
        return kept[0]
    with _lock:
        current = NoticeDocument.objects.filter(current=True)
        stamp = tuple(current.aggregate(n=Count("id"), last=Max("id")).values())
        known = _kept[0] if _kept is not None and _kept[1] == stamp else _read()
        _kept = (known, stamp, monotonic())
        return known


def _read() -> Book:
    templates: dict[str, tuple[Template, str]] = {}
    rules = HouseRules()
    for row in NoticeDocument.objects.filter(current=True):
        if row.what == "rules":
            rules = rules_reader().validate_python(row.content)
        else:
            made = template_reader().validate_python(row.content)
            templates[made.id] = made, row.hash
    return Book(templates, rules)


def forget_book() -> None:
    """Read again at the next use (after loading packs, between tests)."""
    global _kept
    _kept = None
