"""Spans of time and what was said in them: instances, values, figures by period (CIM 009 §4.11,
§4.5.19)."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from chengyun.app.ngsild import readings, register
from chengyun.app.ngsild.bodies import VALUES
from chengyun.app.ngsild.figuring import figures
from chengyun.app.ngsild.finding import TooCostly, Wanted, found
from chengyun.app.ngsild.showing import Look
from chengyun.app.ngsild.spans import Span, time_of
from chengyun.kernel.actor import Actor
from chengyun.sensing.reads import context

MOST_FIGURED = 50_000


def evolutions(
    actor: Actor, wanted: Wanted, span: Span, attrs: Collection[str], limit: int, offset: int
) -> tuple[list[dict[str, Any]], bool]:
    """Entities with what was said of them in the span, and whether there are more."""
    every = (one for one in _candidates(actor, wanted) if _has(one, attrs))
    page = list(itertools.islice(every, offset, offset + limit + 1))
    return [
        said
        for one in page[:limit]
        if (said := evolution(actor, one, span, attrs)) is not None and said["attrs"]
    ], len(page) > limit


def _has(one: Mapping[str, Any], attrs: Collection[str]) -> bool:
    return not attrs or not one.get("current", True) or any(name in one["attrs"] for name in attrs)


def _candidates(actor: Actor, wanted: Wanted) -> Iterator[dict[str, Any]]:
    if wanted.condition is not None or wanted.near is not None:
        # Conditions are of what is said now.
        yield from found(actor, wanted)
        return
    bare = replace(wanted, attrs=())
    yield from found(actor, bare)
    gone = context.entities(actor, ids=wanted.ids, types=wanted.any_type, past=True)
    yield from (one for one in gone if not one["current"] and bare.holds(one))


def evolution(
    actor: Actor, one: Mapping[str, Any], span: Span, attrs: Collection[str]
) -> dict[str, Any] | None:
    """One entity with what was said of it."""
    # Figures are of everything in the span, or of nothing.
    last = MOST_FIGURED + 1 if span.methods else span.last
    if one["id"].startswith(register.HEAD):
        held = readings.past(
            actor, one["id"], start=span.start, end=span.end, attrs=attrs, last=last
        )
        _check_whole(held["attrs"] if held and span.methods else {})
        return held
    key: UUID = one["key"]
    said = context.instances(
        [key],
        timeproperty=span.timeproperty,
        start=span.start,
        end=span.end,
        attrs=attrs,
        last=last,
    ).get(key, {})
    _check_whole(said if span.methods else {})
    return {**one, "attrs": said}


def _check_whole(attrs: Mapping[str, Sequence[Any]]) -> None:
    if any(len(one) > MOST_FIGURED for one in attrs.values()):
        raise TooCostly(f"Figures are worked out of at most {MOST_FIGURED:,} instances.")


def shown(one: Mapping[str, Any], look: Look, span: Span, *, values: bool) -> dict[str, Any]:
    """An evolution as it is answered: instances, [value, time] pairs, or figures."""
    if span.methods:
        return _bare(one, look) | {
            look.terms.shrink(name): figures(instances, span)
            for name, instances in one["attrs"].items()
        }
    if not values:
        whole = look.entity({**one, "attrs": {}})
        return whole | {
            look.terms.shrink(name): [_instance(each, look) for each in instances]
            for name, instances in one["attrs"].items()
        }
    found: dict[str, Any] = {}
    for name, instances in one["attrs"].items():
        kind = instances[0]["type"]
        bearer = "objects" if kind == "Relationship" else f"{VALUES[kind]}s"
        pairs = [[each.get(VALUES[each["type"]]), time_of(each, span)] for each in instances]
        found[look.terms.shrink(name)] = {"type": kind, bearer: pairs}
    return _bare(one, look) | found


def _bare(one: Mapping[str, Any], look: Look) -> dict[str, Any]:
    return look.entity({**one, "attrs": {}})


def _instance(one: Mapping[str, Any], look: Look) -> dict[str, Any]:
    said = look.instance(one)
    if one.get("deletedAt"):
        said["deletedAt"] = one["deletedAt"]
    return said
