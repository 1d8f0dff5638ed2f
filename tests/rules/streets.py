"""Things without a database, and rules drawn by chance."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from chengyun.kernel.areas import pack
from chengyun.rules.decide.declared import RULE, Rule
from chengyun.rules.decide.ground import Subject

START = 1_772_000_000_000_000
SECOND = 1_000_000
NAME = {"zh": "规则", "en": "rule"}
PROPERTIES = ("level", "rain")


def things(count: int = 4) -> dict[str, list[Subject]]:
    """Gauges some 100 m apart in two streets, each with a level and a rain stream."""
    return {
        "gauge": [
            Subject(
                id=UUID(int=n + 1),
                code=f"g{n}",
                name=f"g{n}",
                kind="gauge",
                area_no=pack(1, 1, 1 + n % 2),
                lon=121.47 + n * 0.001,
                lat=31.23,
                properties={"class": str(n % 2)},
                private=False,
                unit_ids=(),
                streams={name: 10 * n + at + 1 for at, name in enumerate(PROPERTIES)},
            )
            for n in range(count)
        ]
    }


def rule(**parts: Any) -> Rule:
    """A rule over gauges."""
    plain = {"id": "flood", "name": NAME, "things": ["gauge"]}
    return RULE.validate_python({**plain, **parts})


_small = st.sampled_from(["0", "1", "2.5", "-1", "4"])
_take = st.sampled_from(
    ["value", "min", "max", "mean", "sum", "count", "rate", "change", "percentile", "age"]
)


@st.composite
def inputs(draw: Any) -> dict[str, Any]:
    """What a word stands for."""
    if draw(st.integers(0, 5)) == 0:
        at, over = draw(st.sampled_from(["street", "district"])), draw(st.sampled_from([5, 20]))
        return {"cases": ("ponding",), "take": "count", "over": over, "at": at}
    take = draw(_take)
    over = 0 if take == "age" else draw(st.sampled_from([5, 8, 20]))
    if take == "value":
        over = draw(st.sampled_from([0, 0, 8]))
    pooled = take not in ("rate", "change", "value") and over
    at = draw(st.sampled_from(["thing", "thing", "near", "street"])) if pooled else "thing"
    return {
        "of": draw(st.sampled_from(PROPERTIES)),
        "take": take,
        "over": over,
        "percent": 50.0 if take == "percentile" else None,
        "at": at,
        "near_m": 120.0 if at == "near" else None,
        "where": {"class": ("1",)} if draw(st.integers(0, 5)) == 0 else {},
        "only": draw(st.sampled_from([None, None, "value > 0", "value <= 2 && value != 1"])),
        "aligned": draw(st.booleans()) if over else False,
    }


def _number(words: list[str]) -> st.SearchStrategy[str]:
    leaf = st.one_of(st.sampled_from(words), _small)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda p: f"({' '.join(p)})"),
            inner.map(lambda one: f"abs({one})"),
            st.tuples(inner, inner).map(lambda p: f"max({p[0]}, {p[1]})"),
            inner.map(lambda one: f'curve("shape", {one})'),
            inner.map(lambda one: f'band("shape", {one})'),
        ),
        max_leaves=3,
    )


def conditions(words: list[str]) -> st.SearchStrategy[str]:
    """Conditions over some words."""
    numbers = _number(words)
    compared = st.tuples(numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers).map(
        " ".join
    )
    return st.recursive(
        compared,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
                lambda p: f"({p[0]} {p[1]} {p[2]})"
            ),
            inner.map(lambda one: f"!({one})"),
            st.tuples(inner, inner, inner).map(lambda p: f"(({p[0]}) ? ({p[1]}) : ({p[2]}))"),
        ),
        max_leaves=3,
    )


@st.composite
def rules(draw: Any) -> Rule:
    """A rule of one to three levels."""
    words = {name: draw(inputs()) for name in ("a", "b")[: draw(st.integers(1, 2))]}
    names = [*words, "most"]
    severities = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True))
    spans = [{"since": "00:00", "until": "23:59", "days": ["1", "3", "workday"]}]
    return rule(
        inputs=words,
        figures={
            "most": {
                "value": 2.0,
                "by": draw(st.sampled_from([{}, {"class": {"1": 3.0}}])),
                "areas": draw(st.sampled_from([{}, {}, {pack(1, 1): 1.0, pack(1, 1, 2): 0.5}])),
            }
        },
        off=draw(st.sampled_from([(), (), (pack(1, 1, 1),)])),
        levels=[
            {
                "severity": one,
                "when": draw(conditions(names)),
                "until": draw(st.one_of(st.none(), conditions(names))),
            }
            for one in severities
        ],
        hold=draw(st.sampled_from([0, 0, 4])),
        settle=draw(st.sampled_from([0, 0, 6])),
        schedule=draw(st.sampled_from([[], [], spans])),
        tables={
            "shape": [
                {"since": "2020-01-01", "points": [(0, 0), (2, 4), (4, 1)]},
                {"since": "2026-02-25", "points": [(0, 1), (1, 2)]},
            ]
        },
    )


@st.composite
def batches(draw: Any) -> list[list[tuple[int, int, float]] | int]:
    """Batches of readings, some late, and ticks between them."""
    found: list[list[tuple[int, int, float]] | int] = []
    now = 0
    # Below zero: the areas that count cases, where a rule does.
    streams = [-1, -2, *(10 * n + at + 1 for n in range(4) for at in range(2))]
    for _ in range(draw(st.integers(1, 6))):
        now += draw(st.integers(0, 9))
        if draw(st.integers(0, 3)) == 0:
            found.append(START + now * SECOND)
            continue
        rows = draw(
            st.dictionaries(
                st.tuples(st.sampled_from(streams), st.integers(-12, 3)),
                st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.5, -2.0]),
                min_size=1,
                max_size=10,
            )
        )
        once = {(no, START + max(now + late, 0) * SECOND): v for (no, late), v in rows.items()}
        found.append([(no, at, v) for (no, at), v in once.items()])
    return found
