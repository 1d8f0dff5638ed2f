from chengyun.kernel import areas
from chengyun.places.decide.parsing import RegionRow
from chengyun.places.decide.placing import place

CITY = areas.pack(1)


def rows(*pairs: tuple[str, str | None]) -> list[RegionRow]:
    return [RegionRow(n, code, code, parent_code=up) for n, (code, up) in enumerate(pairs, start=1)]


def numbers(given: list[RegionRow], known: dict[str, int] | None = None) -> dict[str, int]:
    placed, notes = place(given, CITY, "310000", known or {}, {}, "GBT2260")
    assert notes == []
    return {one.row.code: one.area_no for one in placed}


def test_gb_codes_tell_their_parent_in_any_order() -> None:
    found = numbers(rows(("310101002001", None), ("310101002", None), ("310101", None)))
    assert found == {
        "310101": areas.pack(1, 1),
        "310101002": areas.pack(1, 1, 1),
        "310101002001": areas.pack(1, 1, 1, 1),
    }


def test_known_codes_keep_their_number_and_new_ones_follow() -> None:
    known = {"310101": areas.pack(1, 4)}
    placed, _ = place(
        rows(("310101", None), ("310104", None)), CITY, "310000", known, {CITY: 7}, "GBT2260"
    )
    assert [(one.area_no, one.new) for one in placed] == [
        (areas.pack(1, 4), False),
        (areas.pack(1, 8), True),
    ]


def test_other_schemes_need_a_parent_or_stand_below_the_city() -> None:
    placed, _ = place(rows(("31", None), ("3101", None)), CITY, "X", {}, {}, "local")
    assert {areas.level(one.area_no) for one in placed} == {"district"}


def test_refusals() -> None:
    given = [
        RegionRow(1, "a", "a", parent_code="nowhere"),
        RegionRow(2, "b", "b", parent_code="b"),
        RegionRow(3, "c", "c", level="street"),
        RegionRow(4, "d", "d", parent_code="c"),
        RegionRow(5, "e", "e", parent_code="deep"),
        RegionRow(6, "moved", "m", parent_code="310000"),
    ]
    known = {"deep": areas.pack(1, 1, 1, 1), "moved": areas.pack(1, 1, 5)}
    placed, notes = place(given, CITY, "310000", known, {}, "GBT2260")
    assert placed == []
    assert [note.number for note in notes] == [1, 2, 3, 4, 5, 6]
    assert "unknown" in notes[0].reason
    assert "street" in notes[2].reason
    assert "community" in notes[4].reason
    assert "another parent" in notes[5].reason


def test_a_full_parent_says_so() -> None:
    _, notes = place(rows(("a", None)), CITY, "310000", {}, {CITY: 1023}, "GBT2260")
    assert "outside" in notes[0].reason
