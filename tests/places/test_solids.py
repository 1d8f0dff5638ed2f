"""How features stand in space: heights, depths and diameters from a file's own words."""

import pytest

from chengyun.places.decide.layering import layer_faults
from chengyun.places.decide.solids import Space, Unsound, space_faults, space_of, standing


def space(**said: object) -> Space:
    found = space_of({"space": said})
    assert found is not None
    return found


BUILDING = {"is": "building"}
PIPE = {"is": "pipe"}


@pytest.mark.parametrize(
    ("words", "top", "told_by"),
    [
        ({"height": 24.5}, 24.5, "height"),
        ({"height": "12 m"}, 12.0, "height"),
        ({"height": "100 ft"}, 30.48, "height"),
        ({"height": "12,5"}, 12.5, "height"),
        ({"building:levels": "6"}, 18.0, "levels"),
        ({"height": "20", "building:levels": 5}, 20.0, "height"),
        ({}, None, ""),
        ({"height": ""}, None, ""),
    ],
)
def test_a_height_is_read_as_osm_writes_it(
    words: dict[str, object], top: float | None, told_by: str
) -> None:
    found = standing(space(**BUILDING), words)
    assert (found["top_m"], found["told_by"]) == (top, told_by)


def test_a_level_is_as_high_as_its_building_makes_it() -> None:
    words = {"height": 40, "building:levels": 10, "min_height": 12}
    found = standing(space(**BUILDING), words)
    assert (found["base_m"], found["levels"], found["storey_m"]) == (12.0, 10, 4.0)
    assert standing(space(**BUILDING, storey_m=3.5), {"building:levels": 2})["top_m"] == 7.0


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"height": -3}, "height"),
        ({"height": 0}, "height"),
        ({"height": 1001}, "height"),
        ({"height": "high"}, "height"),
        ({"height": float("inf")}, "height"),
        ({"height": True}, "height"),
        ({"building:levels": -1}, "levels"),
        ({"building:levels": 201}, "levels"),
        ({"height": 10, "min_height": 10}, "base"),
        ({"height": 10, "min_height": -1}, "base"),
    ],
)
def test_a_building_that_cannot_stand_names_its_column(
    words: dict[str, object], field: str
) -> None:
    with pytest.raises(Unsound) as refused:
        standing(space(**BUILDING), words)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("diameter", "unit", "millimetres"),
    [
        (300, "mm", 300.0),
        ("DN300", "mm", 300.0),
        ("dn 300", "m", 300.0),
        ("0.3 m", "mm", 300.0),
        ("300mm", "m", 300.0),
        (0.3, "m", 300.0),
        ("0.3", "m", 300.0),
        (None, "mm", None),
    ],
)
def test_a_diameter_is_read_with_its_unit(
    diameter: object, unit: str, millimetres: float | None
) -> None:
    words = {"kind": "给水", "depth": 1.2, "diameter": diameter}
    found = standing(space(**PIPE, diameter_in=unit), words)
    assert found["diameter_mm"] == millimetres
    assert (found["pipe"], found["depth_m"], found["depth_end_m"]) == ("water", 1.2, 1.2)


def test_a_pipe_falls_from_one_end_to_the_other() -> None:
    words = {"d1": "2.5", "d2": "3.1 m"}
    told = space(**PIPE, depth="d1", depth_end="d2", always="sewage")
    found = standing(told, words)
    assert (found["pipe"], found["depth_m"], found["depth_end_m"]) == ("sewage", 2.5, 3.1)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"kind": "gas"}, "depth"),
        ({"kind": "gas", "depth": -0.5}, "depth"),
        ({"kind": "gas", "depth": 101}, "depth"),
        ({"kind": "gas", "depth": "deep"}, "depth"),
        ({"kind": "gas", "depth": 1, "diameter": 0}, "diameter"),
        ({"kind": "gas", "depth": 1, "diameter": 20001}, "diameter"),
        ({"kind": "lemonade", "depth": 1}, "kind"),
        ({"depth": 1}, "kind"),
    ],
)
def test_a_pipe_that_cannot_lie_names_its_column(words: dict[str, object], field: str) -> None:
    with pytest.raises(Unsound) as refused:
        standing(space(**PIPE), words)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "said",
    [
        "building",
        {"is": "cloud"},
        {"is": "pipe", "height": "h"},
        {"is": "building", "height": ""},
        {"is": "building", "storey_m": 20},
        {"is": "pipe", "always": "lemonade"},
        {"is": "pipe", "diameter_in": "inch"},
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused(said: object) -> None:
    assert space_faults(said)  # type: ignore[arg-type]
    faults = layer_faults("x", 1, True, "", {"space": said}, (0, 22))  # type: ignore[dict-item]
    assert [field for field, _ in faults] == ["style"] * len(faults)
    assert faults


def test_a_flat_layer_stays_flat() -> None:
    assert space_of({"type": "line"}) is None
    assert layer_faults("x", 1, True, "", {"space": PIPE}, (0, 22)) == []  # type: ignore[dict-item]
