"""18-088 §9.3.3.5: every operation and function of $filter, on things and observations."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.app.sensorthings.faults import BadRequest
from chengyun.app.sensorthings.grammar import parsed
from tests.app.sensorthings.conftest import Sta, place, stream, thing


@pytest.fixture
def three(sta: Sta) -> Sta:
    for n, name in enumerate(("Alpha", "beta", "gamma'd")):
        sta.post(
            "/Things",
            thing(
                name,
                properties={"n": n, "odd": n % 2 == 1, "tag": f"x{n}", "in": {"a": [1]}},
                Locations=[
                    place(
                        f"p{n}",
                        location={"type": "Point", "coordinates": [121.005 + n / 1000, 31.005]},
                    )
                ],
                Datastreams=[
                    stream(
                        f"s{n}",
                        Observations=[
                            {
                                "phenomenonTime": f"2026-03-01T{10 + n}:30:15.5Z",
                                "result": 2.5 * n - 1,
                            }
                        ],
                    )
                ],
            ),
        )
    return sta


THINGS = [
    ("name eq 'Alpha'", [0]),
    ("name ne 'Alpha'", [1, 2]),
    ("name eq 'gamma''d'", [2]),
    ("'beta' eq name", [1]),
    ("properties/n gt 0", [1, 2]),
    ("properties/n ge 1 and properties/n lt 2", [1]),
    ("properties/n le 0 or properties/odd eq true", [0, 1]),
    ("properties/odd", [1]),
    ("not (properties/n eq 0)", [1, 2]),
    ("not startswith(name,'b')", [0, 2]),
    ("properties/tag eq 'x2'", [2]),
    ("properties/none eq null", [0, 1, 2]),
    ("properties/n ne null", [0, 1, 2]),
    ("properties/in/a/0 eq 1", [0, 1, 2]),
    ("properties/n add 2 eq 3", [1]),
    ("properties/n sub 1 eq -1", [0]),
    ("properties/n mul 2 eq 4", [2]),
    ("properties/n div 2 eq 0.5", [1]),
    ("1 div properties/n gt 0", [1, 2]),
    ("properties/n mod 2 eq 0", [0, 2]),
    ("-properties/n lt -1", [2]),
    ("substringof('amm',name)", [2]),
    ("contains(name,'et')", [1]),
    ("endswith(name,'a')", [0, 1]),
    ("startswith(tolower(name),'a')", [0]),
    ("toupper(name) eq 'BETA'", [1]),
    ("length(name) eq 4", [1]),
    ("indexof(name,'e') eq 1", [1]),
    ("substring(name,1) eq 'eta'", [1]),
    ("substring(name,1,2) eq 'et'", [1]),
    ("trim(concat(' ',name)) eq 'beta'", [1]),
    ("Datastreams/name eq 's1'", [1]),
    ("Datastreams/ObservedProperty/name eq 'temperature' and Datastreams/name ne 's0'", [1, 2]),
    ("Datastreams/Observations/result gt 0", [1, 2]),
    ("Locations/name eq 'p0' or Datastreams/unitOfMeasurement/symbol eq 'x'", [0]),
    (
        (
            "st_within(Locations/location,geography'POLYGON((121.0055 31,121.0065 31,121.0065 31.1,"
            "121.0055 31.1,121.0055 31))')"
        ),
        [1],
    ),
    ("st_intersects(Locations/location,geography'POINT(121.005 31.005)')", [0]),
    ("geo.intersects(Locations/location,geography'LINESTRING(121.0065 31.005,122 31.005)')", [2]),
    ("st_equals(Locations/location,geography'POINT(121.005 31.005)')", [0]),
    ("st_disjoint(Locations/location,geography'POINT(121.005 31.005)')", [1, 2]),
    (
        (
            "st_touches(Locations/location,geography'POLYGON((121.005 31,121.0065 31,121.0065 31.1,"
            "121.005 31.1,121.005 31))')"
        ),
        [0],
    ),
    (
        (
            "st_contains(geography'POLYGON((121 31,121.0055 31,121.0055 31.1,121 31.1,121 31))',"
            "Locations/location)"
        ),
        [0],
    ),
    ("st_crosses(Locations/location,geography'LINESTRING(1 1,2 2)')", []),
    ("st_overlaps(Locations/location,geography'POINT(121.005 31.005)')", []),
    ("st_relate(Locations/location,geography'POINT(121.005 31.005)','T********')", [0]),
    ("geo.distance(Locations/location,geography'POINT(121.005 31.005)') lt 0.0005", [0]),
    ("geo.length(geography'LINESTRING(0 0,3 4)') eq 5", [0, 1, 2]),
]


def test_filters_of_things(three: Sta) -> None:
    numbers = {"Alpha": 0, "beta": 1, "gamma'd": 2}
    for said, wanted in THINGS:
        answer = three.ask("GET", "/Things", **{"$filter": said})
        assert answer.status == 200, (said, answer.body)
        assert sorted(numbers[one["name"]] for one in answer["value"]) == wanted, said


OBSERVED = [
    ("result gt 0", [1, 2]),
    ("result lt 0 or result eq 4", [0, 2]),
    ("round(result) eq 2", [1]),
    ("floor(result) eq 1", [1]),
    ("ceiling(result) eq 2", [1]),
    ("phenomenonTime gt 2026-03-01T11:00:00Z", [1, 2]),
    ("phenomenonTime le 2026-03-01T18:30:15.5+08:00", [0]),
    ("phenomenonTime lt 2026-03-01T11:00:00Z/2026-03-01T12:00:00Z", [0]),
    ("hour(phenomenonTime) eq 11", [1]),
    ("minute(phenomenonTime) eq 30 and second(phenomenonTime) eq 15", [0, 1, 2]),
    ("fractionalseconds(phenomenonTime) eq 0.5", [0, 1, 2]),
    ("year(phenomenonTime) eq 2026 and month(phenomenonTime) eq 3", [0, 1, 2]),
    ("day(phenomenonTime) ne 1", []),
    ("date(phenomenonTime) eq 2026-03-01", [0, 1, 2]),
    ("time(phenomenonTime) gt 11:00:00", [1, 2]),
    ("totaloffsetminutes(phenomenonTime) eq 0", [0, 1, 2]),
    ("phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime()", [0, 1, 2]),
    ("phenomenonTime lt now() sub duration'P1D'", [0, 1, 2]),
    ("resultTime eq null", [0, 1, 2]),
    ("Datastream/name eq 's2'", [2]),
    ("Datastream/Thing/properties/n eq 1", [1]),
    ("FeatureOfInterest/name eq 'p0'", [0]),
    ("st_equals(FeatureOfInterest/feature,geography'POINT(121.006 31.005)')", [1]),
]


def test_filters_of_observations(three: Sta) -> None:
    numbers = {-1: 0, 1.5: 1, 4: 2}
    for said, wanted in OBSERVED:
        answer = three.ask("GET", "/Observations", **{"$filter": said})
        assert answer.status == 200, (said, answer.body)
        assert sorted(numbers[one["result"]] for one in answer["value"]) == wanted, said
    order = three.values("/Observations", **{"$orderby": "Datastream/name desc,result"})
    assert [one["result"] for one in order] == [4, 1.5, -1]


@pytest.mark.parametrize(
    "said",
    [
        *("name", "name eq", "eq 'x'", "name eq 'x", "(name eq 'x'", "name eq 'x')", "1 eq 'x'"),
        *("name gt 1", "nothing eq 1", "Datastreams eq 1", "nofunc(name)", "length(name,1) eq 1"),
        *("name eq 'x' and", "not", "name like 'x'", "Datastreams/nothing eq 1", "name/x eq 1"),
        *("st_within(name,geography'POINT(1 1)')", "st_within(Locations/location,'POINT(1 1)')"),
        *("st_within(Locations/location,geography'POINT(x)')", "null lt 1", "name eq null or null"),
        *("Locations/location eq 1", "1e999 eq 1", "2026-13-01T00:00:00Z eq now()"),
        *("st_relate(Locations/location,geography'POINT(1 1)','x')", "properties/n eq 2026-02-30"),
        *("1 mul 1e308 mul 10 eq 1", "(" * 60 + "true" + ")" * 60, "not " * 60 + "true"),
        *("name eq 'a\x00b'", "{} eq 1", "length(1) eq 1", "now() sub duration'P1Y' lt now()"),
    ],
)
def test_wrong_filters_are_400(sta: Sta, said: str) -> None:
    answer = sta.ask("GET", "/Things", **{"$filter": said})
    assert answer.status == 400, answer
    assert len(answer["detail"]) > 10


@given(st.text(alphabet="nameq()', 10.-/andortsub\u5c71$'", max_size=60))
def test_whatever_is_said_is_read_or_refused(said: str) -> None:
    with contextlib.suppress(BadRequest):
        parsed(said)


def test_filters_are_values_never_text(three: Sta) -> None:
    nasty: Any = "x'' OR 1=1; DROP TABLE sensing_thing; --%s {} %"
    assert three.values("/Things", **{"$filter": f"name eq '{nasty}'"}) == []
    assert len(three.values("/Things")) == 3
