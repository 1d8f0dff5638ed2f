"""The fast router against a slow one written straight from the rules, on random lists."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.cases.decide.routing import RouteQuery
from chengyun.dispatch.decide.compiled import CompiledList
from chengyun.dispatch.decide.route import Routes
from chengyun.dispatch.decide.units import Unit
from chengyun.kernel import areas
from tests.dispatch.decide.world import AREAS, CITY, CODES, ZONE, directory, duties, unit

KINDS = ("S/event/01", "S/event/02", "S/part/01")
PATTERNS = (*KINDS, "S/*", "S/event/*", "*/01", "S/event/0?", "S/part/[01]1")
ROLES = ("sanitation", "power")
LEVELS = ("city", "district", "street", "community")
WHERE = [{"deep": "yes"}, {"deep": "no"}, {"deep": "yes", "n": 1}]
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
SOURCES = ("hotline", "patrol")


def _specificity(pattern: str) -> tuple[int, int]:
    if not any(c in pattern for c in "*?["):
        return (1, len(pattern))
    return (0, len(pattern.replace("[01]", "").replace("*", "").replace("?", "")))


def _matches(pattern: str, kind: str) -> bool:
    """Backtracking match of *, ? and [01]."""
    if not pattern:
        return not kind
    if pattern[0] == "*":
        return _matches(pattern[1:], kind) or (bool(kind) and _matches(pattern, kind[1:]))
    if not kind:
        return False
    if pattern.startswith("[01]"):
        return kind[0] in "01" and _matches(pattern[4:], kind[1:])
    return pattern[0] in ("?", kind[0]) and _matches(pattern[1:], kind[1:])


def _in_window(when: dict[str, Any], at: datetime) -> bool:
    """Walk back from the instant to the start of the window that would hold it."""
    local = at.astimezone(ZONE)
    start = when.get("from", "00:00")
    end = when.get("to", "24:00")
    clock = f"{local:%H:%M}"
    if start < end:
        return local.isoweekday() in when.get("weekdays", range(1, 8)) and start <= clock < end
    if clock >= start:
        return local.isoweekday() in when.get("weekdays", range(1, 8))
    yesterday = local.date() - timedelta(days=1)
    return clock < end and yesterday.isoweekday() in when.get("weekdays", range(1, 8))


def _inside(outer: int, inner: int) -> bool:
    given = [n for n in areas.unpack(outer) if n]
    return list(areas.unpack(inner)[: len(given)]) == given


def _find(target: dict[str, Any], units: list[Unit], place: int | None) -> tuple[list[Unit], bool]:
    """The units of a target, and whether an unseen lower unit could be the right one."""
    if "org" in target:
        return [u for u in units if u.code == target["org"]], False
    unclear = False
    for level in LEVELS[: LEVELS.index(target["level"]) + 1][::-1]:
        own = [u for u in units if target["role"] in u.roles and u.level == level]
        if place is None:
            here = [u for u in own if level == "city" and u.area_no == CITY]
        else:
            here = [u for u in own if _inside(u.area_no, place)]
        if here:
            deepest = max(areas.depth(u.area_no) for u in here)
            return [u for u in here if areas.depth(u.area_no) == deepest], unclear
        unclear = unclear or any(place is None or _inside(place, u.area_no) for u in own)
    return [], unclear


def reference(
    entries: list[dict[str, Any]], units: list[Unit], query: RouteQuery
) -> tuple[UUID | None, set[UUID]]:
    """(lead, the equally responsible units) by scanning everything."""
    place = query.area_no
    fitting = []
    finer = []
    for entry in entries:
        fits = [p for p in entry["kinds"] if _matches(p, query.kind_id)]
        area = CODES[entry["area"]] if entry.get("area") else None
        where, when = entry.get("where") or {}, entry.get("when")
        if (
            not fits
            or (when and not _in_window(when, query.at))
            or any(query.attributes.get(name) != wanted for name, wanted in where.items())
            or (entry.get("sources") and query.source not in entry["sources"])
        ):
            continue
        rank = (
            *max(_specificity(p) for p in fits),
            areas.depth(area) if area else 0,
            len(where),
            0 if not when else ("weekdays" in when) + ("from" in when or "to" in when),
            bool(entry.get("sources")),
        )
        if area is None or (place is not None and _inside(area, place)):
            fitting.append((rank, entry))
        elif place is None or _inside(place, area):
            finer.append(rank)
    if not fitting:
        return None, set()
    best = max(rank for rank, _ in fitting)
    asked = [_find(e["lead"], units, place) for rank, e in fitting if rank == best]
    rough = any(unclear for _, unclear in asked) or any(rank > best for rank in finer)
    found = [us for us, _ in asked if us]
    if not found:
        return None, set()
    deepest = max(LEVELS.index(us[0].level) for us in found)
    who = {u.id for us in found if LEVELS.index(us[0].level) == deepest for u in us}
    sure = len(who) == 1 and not rough and not who & set(query.exclude)
    return (next(iter(who)) if sure else None), who


targets = st.one_of(
    st.builds(
        lambda r, lv: {"role": r, "level": lv}, st.sampled_from(ROLES), st.sampled_from(LEVELS)
    ),
    st.builds(lambda n: {"org": f"U{n}"}, st.integers(1, 9)),
)
windows = st.one_of(
    st.none(),
    st.sampled_from(
        [
            {"weekdays": [1, 2, 3]},
            {"from": "22:00", "to": "06:00"},
            {"weekdays": [7], "from": "20:00", "to": "08:00"},
            {"from": "08:00", "to": "18:00"},
            {"to": "12:00"},
        ]
    ),
)
entries_of = st.lists(
    st.fixed_dictionaries(
        {
            "kinds": st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3),
            "lead": targets,
            "area": st.one_of(st.none(), st.none(), st.sampled_from(sorted(CODES))),
            "when": st.one_of(st.none(), st.none(), windows),
            "where": st.one_of(st.just({}), st.just({}), st.sampled_from(WHERE)),
            "sources": st.sampled_from([[], [], [], ["hotline"], ["hotline", "patrol"]]),
        }
    ),
    min_size=1,
    max_size=8,
)
units_of = st.lists(
    st.tuples(
        st.sampled_from(LEVELS), st.sampled_from(sorted(AREAS)), st.sets(st.sampled_from(ROLES))
    ),
    min_size=2,
    max_size=8,
)
places = st.one_of(
    st.none(),
    st.sampled_from(sorted(AREAS)),
    st.builds(
        areas.pack, st.just(1), st.integers(1, 3), st.integers(1, 3), st.integers(1, 2), st.just(7)
    ),
)
queries = st.builds(
    RouteQuery,
    kind_id=st.sampled_from(KINDS),
    area_no=places,
    at=st.integers(0, 525_600).map(
        lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m)
    ),
    attributes=st.sampled_from(
        [{}, {"deep": "yes"}, {"deep": "no", "n": 1}, {"deep": "yes", "n": 1}]
    ),
    source=st.sampled_from(SOURCES),
    exclude=st.sampled_from([(), (UUID(int=1),), (UUID(int=2), UUID(int=3))]),
)


@settings(max_examples=400, deadline=None)
@given(entries_of, units_of, st.lists(queries, min_size=1, max_size=6))
def test_it_decides_as_the_reference(
    drawn: list[dict[str, Any]],
    made: list[tuple[Any, int, set[str]]],
    asked: list[RouteQuery],
) -> None:
    entries = [{"id": f"e{i}", **e} for i, e in enumerate(drawn)]
    units = [unit(i, level, area, *sorted(roles)) for i, (level, area, roles) in enumerate(made, 1)]
    if not entries:
        return
    router = Routes(CompiledList(duties(*entries), directory(*units) if units else _empty()))
    for _ in range(2):  # the second round is answered from memory
        for query in asked:
            decision = router.route(query)
            lead, who = reference(entries, units, query)
            assert decision.lead == lead
            named = {c.unit for c in decision.candidates}
            if lead is None:
                assert (who - set(query.exclude)) <= named or len(who) > 6
                assert not named & set(query.exclude)
            else:
                assert lead not in decision.co
                assert not set(decision.co) & set(query.exclude)
            assert decision.reasons
            assert 0 <= decision.confidence <= 1
            assert all(said["zh"] and said["en"] for said in decision.reasons)


def _empty() -> Any:
    return type(directory())(city_no=areas.pack(1), units=(), areas_by_code=CODES, zone=ZONE)
