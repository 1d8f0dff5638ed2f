"""Frames against two libraries nobody here wrote; engineering grids against their maths."""

import eviltransform
import numpy as np
import prcoords
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from chengyun.places.decide.engineering import BadFit, Plane, Shift, fit, seven
from chengyun.places.decide.frames import DEGREES, UnknownFrame, frame, move
from chengyun.places.decide.metric import metres_per_degree

MAINLAND = st.tuples(st.floats(73.5, 135.0), st.floats(18.0, 53.5))
SHANGHAI = st.tuples(st.floats(120.85, 122.2), st.floats(30.65, 31.9))


def one(lon: float, lat: float, source: str, target: str) -> tuple[float, float]:
    x, y = move(np.array([[lon, lat]]), source, target).points[0].tolist()
    return x, y


@given(MAINLAND)
@settings(max_examples=300)
def test_forward_shifts_agree_with_two_other_libraries(at: tuple[float, float]) -> None:
    lon, lat = at
    for target, theirs in (("GCJ02", "gcj"), ("BD09", "bd")):
        ours = one(lon, lat, "WGS84", target)
        other = getattr(prcoords, f"wgs_{theirs}")((lat, lon), False)
        third = getattr(eviltransform, f"wgs2{theirs}")(lat, lon)
        assert ours == pytest.approx((other.lon, other.lat), abs=1e-9)
        # Its axis is 6378137 where the others say 6378245: up to 1 cm.
        assert ours == pytest.approx((third[1], third[0]), abs=2e-7)


@given(MAINLAND)
@settings(max_examples=200)
def test_inverses_agree_with_their_exact_ones(at: tuple[float, float]) -> None:
    lon, lat = at
    ours = one(lon, lat, "GCJ02", "WGS84")
    bored = prcoords.gcj_wgs_bored((lat, lon), False)
    assert ours == pytest.approx((bored.lon, bored.lat), abs=1e-6)
    exact = eviltransform.gcj2wgs_exact(lat, lon)
    # It halves both axes apart and now and then strays: up to 1 m, by its own way forward.
    if eviltransform.wgs2gcj(*exact) == pytest.approx((lat, lon), abs=1e-6):
        assert ours == pytest.approx((exact[1], exact[0]), abs=2e-6)
    bored = prcoords.bd_wgs_bored((lat, lon), False)
    assert one(lon, lat, "BD09", "WGS84") == pytest.approx((bored.lon, bored.lat), abs=2e-5)


@given(MAINLAND, st.sampled_from(DEGREES), st.sampled_from(DEGREES))
@settings(max_examples=300)
def test_there_and_back_is_within_a_micro_degree(
    at: tuple[float, float], source: str, target: str
) -> None:
    there = one(*at, source, target)
    back = one(*there, target, source)
    assert back == pytest.approx(at, abs=1e-6)
    per_lon, per_lat = metres_per_degree(at[1])
    assert np.hypot((back[0] - at[0]) * per_lon, (back[1] - at[1]) * per_lat) < 0.5


@given(SHANGHAI)
def test_a_cgcs2000_plane_is_what_pyproj_says(at: tuple[float, float]) -> None:
    theirs = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True).transform(*at)
    assert one(*at, "CGCS2000", frame("epsg:4549")) == pytest.approx(theirs, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("gcj-02", "GCJ02"),
        (" bd09ll", "BD09"),
        ("EPSG:4326", "WGS84"),
        ("wgs 84", "WGS84"),
        ("epsg:4490", "CGCS2000"),
        ("grid:sh", "GRID:sh"),
        ("EPSG:4549", "EPSG:4549"),
    ],
)
def test_names_as_people_write_them(text: str, name: str) -> None:
    assert frame(text) == name


@pytest.mark.parametrize("text", ["", "mars", "EPSG:0", "EPSG:99999", "EPSG:4610", "EPSG:4978"])
def test_a_frame_without_a_stated_way_is_refused(text: str) -> None:
    with pytest.raises(UnknownFrame):
        frame(text)


def test_accuracy_is_told_and_bad_rows_are_named() -> None:
    points = np.array([[121.5, 31.2], [31.2, 121.5], [np.nan, 1.0], [500.0, 10.0]])
    moved = move(points, "BD09", "CGCS2000")
    assert moved.accuracy_m == 2.0
    assert set(moved.bad) == {1, 2, 3}
    assert "swapped" in moved.bad[1]
    assert np.isfinite(moved.points[0]).all()
    assert np.isnan(moved.points[1:]).all()


def control(noise: float, count: int = 12) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(4)
    degrees = draw.uniform((121.0, 31.0), (121.9, 31.6), (count, 2))
    plane = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
    east, north = plane.transform(degrees[:, 0], degrees[:, 1])
    turn, scale = np.radians(0.7), 1.00002
    spin = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    local = np.column_stack([east, north]) @ spin.T - (600_000, 3_450_000)
    return local + draw.normal(0, noise, local.shape), degrees


@pytest.mark.parametrize("method", ["similarity", "affine"])
def test_a_grid_is_found_again_from_its_control_points(method: str) -> None:
    local, degrees = control(0.0)
    tied = fit(local, degrees, Plane(120.0), method)  # type: ignore[arg-type]
    assert tied.rms_m < 1e-3
    assert tied.from_degrees(degrees) == pytest.approx(local, abs=1e-3)
    back = move(local, "GRID:x", "WGS84", {"x": tied})
    assert back.points == pytest.approx(degrees, abs=1e-8)


def test_residuals_tell_the_noise_and_a_wrong_point() -> None:
    local, degrees = control(0.02, 40)
    tied = fit(local, degrees, Plane(120.0))
    assert 0.01 < tied.rms_m < 0.05
    local[7] += 5.0
    wrong = fit(local, degrees, Plane(120.0))
    assert 7 in wrong.suspects
    assert wrong.worst_m > 3.0


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_points_tie_nothing(count: int) -> None:
    local, degrees = control(0.0)
    with pytest.raises(BadFit):
        fit(local[:count], degrees[:count], Plane(120.0))


def test_points_in_one_line_tie_nothing() -> None:
    degrees = np.array([[121.0 + i / 100, 31.0 + i / 100] for i in range(5)])
    with pytest.raises(BadFit):
        fit(degrees * 1e5, degrees, Plane(120.0))


def test_seven_parameters_there_and_back() -> None:
    tied = seven(
        Shift(12.5, -130.1, -81.9, 0.4, 0.2, -0.6, 1.3), Plane(120.0, ellipsoid="krass"), 1
    )
    points = np.array([[121.4737, 31.2304], [121.0, 31.6]])
    local = tied.from_degrees(points)
    assert tied.to_degrees(local) == pytest.approx(points, abs=1e-7)
    plain = seven(Shift(0, 0, 0, 0, 0, 0, 0), Plane(120.0), 1).from_degrees(points)
    assert 50 < np.abs(local - plain).max() < 500
