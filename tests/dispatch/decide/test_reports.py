"""Conflicts, gaps and dry runs of a list."""

from uuid import UUID

from chengyun.dispatch.decide.conflicts import conflicts
from chengyun.dispatch.decide.dryrun import PastCase, as_it_was, dry_run
from chengyun.dispatch.decide.gaps import gaps, rolled_up
from chengyun.kernel import areas
from tests.dispatch.decide.world import (
    CITY,
    LAMP,
    LITTER,
    N1,
    N1_CLEAN,
    N2,
    NORTH,
    NORTH_CLEAN,
    S1,
    S2,
    SOUTH,
    SOUTH_CLEAN,
    compiled,
    entry,
    query,
    role,
    routes,
)

STREETS = (N1, N2, S1, S2)


def test_two_equal_lines_with_different_units_conflict_where_both_have_one() -> None:
    found = conflicts(
        compiled(entry("a"), entry("b", lead=role("subdistrict")), entry("c", area="310101001")),
        [LITTER],
    )
    (one,) = found
    assert (one.first, one.second, one.kinds) == ("a", "b", (LITTER,))
    # Only in N1 both stand at street level; elsewhere the lower level wins.
    assert (one.samples, one.places) == ((N1,), 1)


def test_lines_that_never_meet_do_not_conflict() -> None:
    other = {"org": "U5"}
    apart = [
        entry("w1", when={"from": "00:00", "to": "08:00"}),
        entry("w2", lead=other, when={"from": "08:00", "to": "24:00"}),
    ]
    assert not conflicts(compiled(*apart), [LITTER])
    assert not conflicts(
        compiled(entry("a", where={"d": 1}), entry("b", where={"d": True}, lead=other)), [LITTER]
    )
    assert not conflicts(
        compiled(entry("a", sources=["x"]), entry("b", sources=["y"], lead=other)), [LITTER]
    )
    assert not conflicts(compiled(entry("a"), entry("b", "S/*", other)), [LITTER])
    assert conflicts(
        compiled(entry("a", where={"d": 1}), entry("b", where={"e": 1}, lead=other)), [LITTER]
    )


def test_windows_past_midnight_meet() -> None:
    night = {"weekdays": [7], "from": "22:00", "to": "06:00"}
    monday = {"weekdays": [1], "from": "05:00", "to": "07:00"}
    found = conflicts(
        compiled(entry("a", when=night), entry("b", when=monday, lead={"org": "U5"})), [LITTER]
    )
    assert len(found) == 1


def test_gaps_name_the_reason_and_roll_up_to_whole_areas() -> None:
    found = gaps(
        compiled(
            entry("litter", lead=role("subdistrict")),
            entry("night", "S/event/0102", when={"from": "20:00", "to": "06:00"}),
            entry("twin", "S/event/0103", {"org": "U4"}),
            entry("twin2", "S/event/0103", {"org": "U5"}),
        ),
        [LITTER, "S/event/0102", "S/event/0103", LAMP, "S/component/0202"],
        STREETS,
    )
    told = {(gap.why, gap.entry): gap for gap in found}
    assert told["no_entry", None].kinds == ("S/component/0201", "S/component/0202")
    assert told["no_entry", None].areas == (CITY,)
    assert told["no_unit", "litter"].areas == (SOUTH,)
    assert told["conditional", "night"].areas == (CITY,)
    assert told["tie", "twin2"].areas == (CITY,)


def test_lines_that_fill_the_week_together_leave_no_gap() -> None:
    day = entry("day", when={"from": "06:00", "to": "20:00"})
    night = entry("night", when={"from": "20:00", "to": "06:00"})
    assert not gaps(compiled(day, night), [LITTER], STREETS)
    weekdays = entry("night", when={"weekdays": [1, 2, 3, 4, 5], "from": "20:00", "to": "06:00"})
    assert gaps(compiled(day, weekdays), [LITTER], STREETS)


def test_rolling_up_keeps_what_is_not_whole() -> None:
    assert rolled_up([N1, N2], STREETS) == (NORTH,)
    assert rolled_up([N1, S1], STREETS) == (N1, S1)
    assert rolled_up([N1, N2, S1], STREETS) == (NORTH, S1)
    assert rolled_up(STREETS, STREETS) == (CITY,)
    assert rolled_up([], STREETS) == ()


def _past(number: int, area_no: int, kind: str = LITTER, unit: UUID | None = None) -> PastCase:
    return PastCase(UUID(int=number), query(kind, area_no), unit)


def test_a_dry_run_tells_who_would_get_what() -> None:
    old = routes(entry("a"), entry("lamp", LAMP, role("power", "district")))
    new = routes(entry("a", lead=role("sanitation", "district")), entry("n", "S/event/0199"))
    past = [
        *(_past(i, N1) for i in range(10)),
        _past(20, S1),
        _past(30, N1, LAMP),
        _past(40, N2, "S/event/0199"),
        _past(50, N2, "S/event/0777"),
    ]
    diff = dry_run(iter(past), lambda c: old.route(c.query), lambda c: new.route(c.query))
    assert diff.total == 14
    assert (diff.unchanged, diff.moved) == (1, 10)
    assert (diff.newly_matched, diff.now_unmatched, diff.still_unmatched) == (1, 1, 1)
    first = diff.largest()[0]
    assert (first.before, first.after, first.count) == (N1_CLEAN.id, NORTH_CLEAN.id, 10)
    assert first.samples == [UUID(int=i) for i in range(5)]


def test_a_dry_run_may_compare_with_what_really_happened() -> None:
    new = routes(entry("a"))
    past = [_past(1, S1, unit=SOUTH_CLEAN.id), _past(2, N1, unit=NORTH_CLEAN.id)]
    diff = dry_run(past, as_it_was, lambda c: new.route(c.query))
    assert (diff.total, diff.unchanged, diff.moved, diff.co_changed) == (2, 1, 1, 0)


def test_changed_co_handlers_are_counted() -> None:
    old, new = routes(entry("a")), routes(entry("a", co=[role("subdistrict")]))
    diff = dry_run([_past(1, N1)], lambda c: old.route(c.query), lambda c: new.route(c.query))
    assert (diff.unchanged, diff.co_changed) == (1, 1)


def test_gaps_agree_with_routing() -> None:
    lines = [
        entry("a"),
        entry("b", LAMP, role("power", "street")),
        entry("c", "S/x", role("gas_heat")),
    ]
    ready = compiled(*lines)
    router = routes(*lines)
    kinds = [LITTER, LAMP, "S/x", "S/y"]
    open_at = {
        (k, area) for gap in gaps(ready, kinds, STREETS) for k in gap.kinds for area in gap.areas
    }
    for kind in kinds:
        for street in STREETS:
            covered = any((kind, area) in open_at for area in areas.ancestors(street))
            assert covered == (router.route(query(kind, street)).lead is None)
