"""What every pack must pass, whatever it declares; a new pack brings data, no test code."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from chengyun.app.packs.checking import check
from chengyun.app.packs.examples import failures
from chengyun.app.packs.loaded import (
    Catalog,
    calendar_content,
    kind_content,
    limits_content,
)
from chengyun.app.packs.loading import default_roots, load_pack, read_catalog
from chengyun.cases.decide.clocks import deadline
from chengyun.cases.decide.state import STATE_NAMES
from chengyun.dispatch.decide.parsing import read_list

NAMES = sorted(
    folder.name for root in default_roots() for folder in root.iterdir() if folder.is_dir()
)


def home(name: str) -> Path:
    return next(root / name for root in default_roots() if (root / name).is_dir())


def test_the_packs_read_and_fit_together():
    catalog, faults = read_catalog(default_roots())
    assert [str(fault) for fault in (*faults, *check(catalog))] == []


@pytest.mark.parametrize("name", NAMES)
class TestEveryPack:
    def test_its_examples_hold(self, catalog: Catalog, name: str):
        found = failures(catalog, catalog.pack(name), now=datetime.now(UTC))
        assert [str(fault) for fault in found] == []

    def test_reading_twice_gives_the_same_hash(self, catalog: Catalog, name: str):
        again, faults = load_pack(home(name))
        assert faults == []
        assert again is not None
        assert again.hash == catalog.pack(name).hash

    def test_every_kind_can_be_filed_closed_and_timed(self, catalog: Catalog, name: str):
        start = datetime(2026, 3, 2, 1, tzinfo=UTC)
        calendar = catalog.calendars["cn"]
        for kind in catalog.pack(name).kinds:
            assert kind.id == f"{kind.scheme}/{kind.type}/{kind.code}"
            assert kind.roles
            assert kind.source
            assert kind.effective_from <= datetime.now(UTC).date()
            for condition in kind.conditions:
                assert condition.text["zh"]
                assert condition.text["en"]
                assert condition.closing["zh"]
                assert condition.closing["en"]
                assert deadline(start, condition.limit, calendar).at > start

    def test_what_the_rooms_store_is_json(self, catalog: Catalog, name: str):
        pack = catalog.pack(name)
        for kind in pack.kinds:
            assert kind_content(kind)["id"] == kind.id
        for key, calendar in pack.calendars.items():
            assert calendar_content(calendar)["id"] == key
        if pack.limits is not None:
            assert limits_content(pack.limits)["yellow_percent"] == pack.limits.yellow_percent
        for content in pack.duty_contents():
            assert content["entries"]

    def test_dispatch_reads_its_duty_lists(self, catalog: Catalog, name: str):
        for content in catalog.pack(name).duty_contents():
            duties, faults = read_list(content)
            assert faults == ()
            assert duties is not None
            assert len(duties.entries) == len(content["entries"])

    def test_no_kind_has_two_leads(self, catalog: Catalog, name: str):
        pack = catalog.pack(name)
        entries = [e for content in pack.duty_contents() for e in content["entries"]]
        named = [kind for entry in entries for kind in entry["kinds"]]
        assert len(named) == len(set(named))

    def test_its_mappings_end_in_states_of_the_loop(self, catalog: Catalog, name: str):
        for mapping in catalog.pack(name).mappings.values():
            states = {value.state for value in mapping.state.values.values()}
            assert states | {mapping.state.other.state} <= set(STATE_NAMES)

    def test_its_calendars_work_on_some_days_only(self, catalog: Catalog, name: str):
        for calendar in catalog.pack(name).calendars.values():
            year = calendar.known_until.year
            worked = sum(
                calendar.is_workday(date.fromordinal(day))
                for day in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
            )
            assert 230 <= worked <= 262
            assert all(isinstance(begin, time) for begin, _ in calendar.work_periods)

    def test_nothing_in_it_is_said_to_be_verified(self, catalog: Catalog, name: str):
        # Nobody has compared these facts with the standards' own text; a city that does says so.
        assert not any(kind.verified for kind in catalog.pack(name).kinds)
