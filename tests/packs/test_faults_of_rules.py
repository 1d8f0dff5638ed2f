"""What is wrong with senses, rules and dashboards is told with place, reason and nearest name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chengyun.app.packs.checking import check
from chengyun.app.packs.examples import failures
from chengyun.app.packs.faults import PackFault
from chengyun.app.packs.loading import read_catalog
from chengyun.app.packs.scaffold import plan, write
from tests.packs.test_faults import one

Said = Callable[..., list[PackFault]]
NEAR = "Did you mean"


@pytest.fixture
def lake(room: Path) -> Path:
    """A scenario beside the fresh packs."""
    files = plan("lake", kind="scenario", today="2026-01-01", ordinal=301, roles="")
    write(room, "lake", files)
    return room


def test_the_fresh_scenario_is_right(lake: Path):
    catalog, faults = read_catalog([lake])
    assert [str(fault) for fault in (*faults, *check(catalog))] == []


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("senses", "unit: cm", "unit: CM", ("properties[0] (lake-level).unit", "did you mean cm")),
        ("senses", "unit: cm", "unit: metres", ("'metres' is no UCUM unit",)),
        (
            "senses",
            "property: lake-level",
            "property: lake-levl",
            ("streams[0]", NEAR, "lake-level"),
        ),
        ("senses", "low: 0", "low: 900", ("low", "not below high")),
        ("senses", "owner: drainage", "owner: drainagee", ("owner", NEAR, "drainage")),
        ("rules", "things: [lake-gauge]", "things: [lake-gage]", ("things.0", NEAR.lower()[4:])),
        (
            "rules",
            "{of: lake-level}",
            "{cases: [lake/event/0102], take: count, over: 3600, at: community}",
            ("inputs.level_cm.cases", "case kind", "event/0101"),
        ),
        ("rules", "of: lake-level", "of: lake-lvl", ("inputs.level_cm", "lake-level")),
        ("rules", "level_cm > most", "level_cm > mosst", ("levels.0.when", "mosst")),
        ("rules", "level_cm > most", "level_cm >", ("levels.0.when",)),
        ("rules", "level_cm > most", "level_cm + most", ("levels.0.when",)),
        ("rules", "level_cm > most", "curve('x', level_cm) > most", ("table", "x")),
        ("rules", "unit: cm", "unit: cmm", ("figures.most.unit", "UCUM")),
        ("rules", ', source: "an example, to be replaced"', "", ("figures.most", "no source")),
        ("rules", "event/0101", "event/0102", ("then.case.kind", NEAR, "event/0101")),
        ("rules", "condition: found", "condition: fond", ("then.case.condition", NEAR, "found")),
        ("rules", "is at {level_cm} cm", "is at {levl_cm} cm", ("placeholder", "level_cm")),
        ("rules", "is at {level_cm} cm", "is high", ("one language only",)),
        (
            "rules",
            "    then:\n",
            "    then:\n      tell: [{template: nobody, posts: [leader]}]\n",
            ("then.tell[0].template", "'nobody' is no template"),
        ),
        (
            "rules",
            "    then:\n",
            "    then:\n      tell: [{template: nobody, posts: [shift_leadr]}]\n",
            ("posts[0]", NEAR, "shift_leader"),
        ),
        ("dashboards", "lake.high", "lake.hihg", ("signals.rules", NEAR, "lake.high")),
        ("dashboards", "kind: lake-gauge", "kind: lake-gaug", ("streams.kind", NEAR)),
        ("dashboards", "show: chart", "show: map", ("a map is of one of layers",)),
        ("dashboards", "id: cases", "id: signals", ("used twice",)),
    ],
)
def test_every_fault_names_its_place(
    lake: Path, said: Said, path: str, old: str, new: str, words: tuple[str, ...]
):
    fault = one(said(f"lake/{path}/lake.yaml", old, new), *words)
    assert fault.file == f"lake/{path}/lake.yaml"


def test_a_story_says_what_came_out_otherwise(lake: Path, said: Said):
    assert said("lake/tests/stories.yaml", "by: 15", "by: 14.9") == []
    catalog, _ = read_catalog([lake])
    wrong = [str(fault) for fault in failures(catalog, catalog.pack("lake"), now=None)]  # type: ignore[arg-type]
    assert any("no case" in text and "after 15 min" in text for text in wrong)
    assert any("a case nobody expected" in text for text in wrong)


def test_a_scene_says_how_many_signals_it_opened(lake: Path, said: Said):
    said("lake/simulate.yaml", "least: 2, most: 2", "least: 3, most: 3")
    catalog, _ = read_catalog([lake])
    wrong = [str(fault) for fault in failures(catalog, catalog.pack("lake"), now=None)]  # type: ignore[arg-type]
    assert any("opens 2 signals, not 3 to 3" in text for text in wrong)


def test_two_packs_may_not_declare_one_rule(lake: Path):
    files = plan("pond", kind="scenario", today="2026-01-01", ordinal=302, roles="")
    files["rules/pond.yaml"] = files["rules/pond.yaml"].replace("id: pond.high", "id: lake.high")
    write(lake, "pond", files)
    catalog, _ = read_catalog([lake])
    one(check(catalog), "the rule 'lake.high' is declared by lake already")
