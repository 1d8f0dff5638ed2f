"""Rows become cases or rejections, never anything else, and nothing given is lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.mapping import (
    HeaderError,
    MappedCase,
    RejectedRow,
    RowReader,
    area_name,
    bind,
)
from chengyun.app.packs.merging import Merger
from chengyun.sdk.mappings import CaseMapping, MergeRule

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEADER = [
    *("SRRecordID", "SRType", "MethodReceived", "CreatedDate", "SRStatus", "StatusDate", "DueDate"),
    *("CloseDate", "Agency", "Address", "PoliceDistrict", "Neighborhood", "Latitude", "Longitude"),
]
ROW = {
    "SRRecordID": "a1",
    "SRType": "TRM-Pothole Repair",
    "MethodReceived": "Phone",
    "CreatedDate": "07/04/2018 12:30:00 AM",
    "SRStatus": "Closed",
    "CloseDate": "07/05/2018 12:30:00 PM",
    "Agency": "Transportation",
    "Address": "1 A ST",
    "PoliceDistrict": "Central",
    "Neighborhood": "Canton",
    "Latitude": "39.2904",
    "Longitude": "-76.6122",
}


@pytest.fixture(scope="module")
def mapping(catalog: Catalog) -> CaseMapping:
    return catalog.mappings["baltimore311"]


@pytest.fixture(scope="module")
def reader(mapping: CaseMapping) -> RowReader:
    return bind(mapping, HEADER)


def read(reader: RowReader, **changes: str) -> MappedCase | RejectedRow:
    row = ROW | changes
    return reader.read(1, [row.get(name, "") for name in HEADER], now=NOW)


def case(reader: RowReader, **changes: str) -> MappedCase:
    found = read(reader, **changes)
    assert isinstance(found, MappedCase)
    return found


class TestTimes:
    def test_times_are_read_in_the_citys_zone(self, reader: RowReader):
        found = case(reader)
        assert found.reported_at == datetime(2018, 7, 4, 4, 30, tzinfo=UTC)
        assert found.closed_at == datetime(2018, 7, 5, 16, 30, tzinfo=UTC)
        assert found.due_at is None

    def test_midnight_and_noon(self, reader: RowReader):
        winter = case(reader, CreatedDate="01/04/2018 12:00:00 PM")
        assert winter.reported_at == datetime(2018, 1, 4, 17, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "no_time"),
            ("yesterday", "bad_time"),
            ("13/45/2018 12:00:00 PM", "bad_time"),
            ("02/30/2018 10:00:00 AM", "bad_time"),
            ("07/04/2036 12:30:00 AM", "future"),
            ("07/04/1066 12:30:00 AM", "too_early"),
        ],
    )
    def test_an_impossible_report_time_is_rejected(self, reader: RowReader, text: str, code: str):
        found = read(reader, CreatedDate=text)
        assert isinstance(found, RejectedRow)
        assert (found.field, found.code) == ("CreatedDate", code)

    def test_other_times_are_left_unknown_and_flagged(self, reader: RowReader):
        found = case(reader, DueDate="soon", CloseDate="07/03/2018 12:30:00 PM")
        assert found.due_at is None
        assert {"bad_due", "closed_before_reported"} <= set(found.flags)


class TestPlaces:
    @pytest.mark.parametrize(
        ("lat", "lon", "flag"),
        [
            ("39.2904", "-76.6122", None),
            ("", "", "no_point"),
            ("39", "-77", "default_point"),
            ("39.0", "-77.0", "default_point"),
            ("0", "0", "default_point"),
            ("39.29", "-76.61", "coarse_point"),
            ("39.500001", "-76.612201", "outside_city"),
            ("north", "-76.6", "bad_point"),
            ("nan", "-76.6", "bad_point"),
            ("1e400", "-76.6", "bad_point"),
            ("139.2904", "-76.6122", "bad_point"),
        ],
    )
    def test_points_are_kept_and_flagged(
        self, reader: RowReader, lat: str, lon: str, flag: str | None
    ):
        found = case(reader, Latitude=lat, Longitude=lon)
        points = {one for one in found.flags if one.endswith(("point", "city"))}
        assert points == ({flag} if flag else set())
        assert (found.lat is None) == (flag in ("no_point", "bad_point"))

    def test_areas_are_a_path_that_ends_where_it_is_unknown(
        self, reader: RowReader, mapping: CaseMapping
    ):
        assert case(reader).areas == (("district", "Central"), ("street", "Canton"))
        assert case(reader, Neighborhood="").areas == (("district", "Central"),)
        lost = case(reader, PoliceDistrict="")
        assert lost.areas == ()
        assert "area_unknown" in lost.flags
        assert area_name(mapping, "district", "Central")["en"] == "Central police district"
        assert area_name(mapping, "street", "Canton") == {"zh": "Canton", "en": "Canton"}


class TestStates:
    def test_texts_not_listed_are_kept_and_flagged(self, reader: RowReader):
        found = case(reader, SRStatus="On fire", SRType="XX-Odd", MethodReceived="Pigeon")
        assert found.state == "pending_accept"
        assert found.state_raw == "On fire"
        assert found.kind_id.endswith("/unknown")
        assert found.kind_raw == "XX-Odd"
        assert (found.source, found.source_raw) == ("public", "Pigeon")
        assert {"unknown_state", "unknown_kind"} <= set(found.flags)

    def test_a_type_not_listed_goes_by_its_prefix(self, reader: RowReader):
        assert case(reader, SRType="SW-Something Else").kind_id.endswith("/sw-unlisted")
        assert case(reader, SRType="trm-pothole  repair ").kind_id.endswith("/trm-pothole-repair")

    def test_duplicate_and_transferred_are_marks_beside_the_state(self, reader: RowReader):
        double = case(reader, SRStatus="Closed (Duplicate)")
        assert (double.state, double.duplicate) == ("closed", True)
        assert case(reader, SRStatus="Closed (Transferred)").transferred


class TestRows:
    def test_ids_are_needed(self, reader: RowReader):
        for wrong in ("", "   ", "x" * 201):
            found = read(reader, SRRecordID=wrong)
            assert isinstance(found, RejectedRow)
            assert found.code == "bad_id"

    def test_rows_of_another_width(self, reader: RowReader):
        values = [ROW.get(name, "") for name in HEADER]
        long = reader.read(7, [*values, "extra"], now=NOW)
        assert isinstance(long, RejectedRow)
        assert (long.row, long.code, long.values[-1]) == (7, "too_many_values", "extra")
        short = reader.read(8, values[:4], now=NOW)
        assert isinstance(short, MappedCase)
        assert "short_row" in short.flags

    def test_what_a_database_cannot_hold_is_taken_out(self, reader: RowReader):
        found = case(reader, Address="1\0 A ST")
        assert found.address == "1 A ST"
        assert "unprintable" in found.flags

    def test_texts_are_bounded(self, reader: RowReader):
        found = case(reader, Address="x" * 30_000)
        assert len(found.address) == 20_000
        assert "cut" in found.flags

    def test_headers_differ_in_style_only(self, mapping: CaseMapping):
        styled = bind(mapping, [name.upper().replace("SR", "sr_") for name in HEADER])
        values = [ROW.get(name, "") for name in HEADER]
        plain = bind(mapping, HEADER).read(1, values, now=NOW)
        other = styled.read(1, values, now=NOW)
        assert isinstance(plain, MappedCase)
        assert isinstance(other, MappedCase)
        assert replace(other, raw=plain.raw) == plain

    def test_a_header_without_id_or_time_is_refused(self, mapping: CaseMapping):
        with pytest.raises(HeaderError, match="SRRecordID"):
            bind(mapping, ["CreatedDate", "SRType"])
        with pytest.raises(HeaderError, match="CreatedDate"):
            bind(mapping, ["SRRecordID", "SRType"])

    @given(st.lists(st.text(max_size=30), max_size=len(HEADER) + 2))
    def test_any_row_is_a_case_or_a_rejection(self, reader: RowReader, values: list[str]):
        found = reader.read(1, values, now=NOW)
        if isinstance(found, RejectedRow):
            assert found.reason
            assert found.code
            assert found.values == tuple(values)
        else:
            assert found.external_id
            assert found.reported_at <= NOW

    @given(st.dictionaries(st.sampled_from(HEADER), st.text(max_size=60)))
    def test_any_values_keep_their_raw_text(self, reader: RowReader, changes: dict[str, str]):
        found = read(reader, **changes)
        if isinstance(found, MappedCase):
            row = ROW | changes
            wanted = row["SRType"].strip().replace("\0", "")
            assert found.raw.get("SRType", "") == wanted


class TestMerging:
    RULE = MergeRule(same=("address", "kind"), hours=24, duplicate_hours=240)

    def test_the_same_place_and_kind_within_the_window(self, reader: RowReader):
        merger = Merger(self.RULE)
        first = case(reader)
        assert merger.master_of(first) is None
        again = replace(
            first, external_id="a2", reported_at=first.reported_at + timedelta(hours=24)
        )
        assert merger.master_of(again) == "a1"
        late = replace(first, external_id="a3", reported_at=first.reported_at + timedelta(hours=25))
        assert merger.master_of(late) is None
        assert merger.master_of(replace(again, external_id="a4", same_key="other")) is None

    def test_a_marked_duplicate_looks_further_back(self, reader: RowReader):
        merger = Merger(self.RULE)
        first = case(reader)
        merger.master_of(first)
        later = replace(first, external_id="a2", reported_at=first.reported_at + timedelta(days=9))
        assert merger.master_of(replace(later, duplicate=True)) == "a1"
        lone = replace(later, duplicate=True, same_key="nobody")
        assert merger.master_of(lone) is None
        assert merger.master_of(replace(lone, duplicate=False)) is None

    def test_no_address_merges_with_nothing(self, reader: RowReader):
        merger = Merger(self.RULE)
        lone = case(reader, Address="")
        assert lone.same_key is None
        assert merger.master_of(lone) is None
        assert merger.master_of(replace(lone, external_id="a2")) is None

    def test_house_numbers_are_not_confused(self, reader: RowReader):
        keys = {case(reader, Address=text).same_key for text in ("12-8 A ST", "128 A ST")}
        assert len(keys) == 2

    def test_memory_stays_flat(self, reader: RowReader):
        merger = Merger(self.RULE, keys=10)
        first = case(reader)
        for number in range(100):
            merger.master_of(replace(first, same_key=str(number)))
        assert merger.master_of(replace(first, same_key="99")) == "a1"
        assert merger.master_of(replace(first, same_key="1")) is None
