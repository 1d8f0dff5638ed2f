"""The scenario packs: their stories hold, and fail as soon as a figure is another one."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from chengyun.app.packs.examples import count
from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.app.packs.loading import default_roots, read_catalog
from chengyun.app.packs.stories import story_faults
from chengyun.sdk.kit import Story
from chengyun.sdk.rules import RulesFile

SCENARIOS = (
    "air",
    "crowds",
    "deep-pits",
    "elder-care",
    "flood",
    "gas",
    "lifts",
    "manholes",
    "noise",
    "site-dust",
    "surface-water",
    "waste",
)
FLAGS = {"surface-water.class.lake", "lifts.old-and-failing.old"}
"""Figures that only say yes or no: of the two changes one means the same."""
SMALL = 50
Change = tuple[str, str, list[str], float]


def test_there_are_twelve_and_these():
    catalog, _ = read_catalog(default_roots())
    found = sorted(pack.name for pack in catalog if pack.manifest.kind == "scenario")
    assert found == sorted(SCENARIOS)


def changes(pack: LoadedPack) -> Iterator[Change]:
    """(file, what, path, new value): every figure that has a value, once more and once less."""
    for name, file in pack.rules_files.items():
        for at, rule in enumerate(file.rules):
            for word, figure in rule.figures.items():
                path = ["rules", str(at), "figures", word]
                held = [([*path, "value"], figure.value)]
                for property_, values in figure.by.items():
                    held += [([*path, "by", property_, k], v) for k, v in values.items()]
                for where, value in held:
                    if value is None:
                        continue
                    what = f"{rule.id}.{word}"
                    small = figure.unit == "1" and value < SMALL
                    for more in (-1, 1):
                        new = value + more if small else value * (1 + 0.2 * more)
                        yield name, what, where, new


def changed(pack: LoadedPack, change: Change) -> LoadedPack:
    """The pack with one figure changed."""
    name, _, path, value = change
    content: Any = pack.rules_files[name].model_dump(mode="json")
    place = content
    for step in path[:-1]:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[path[-1]] = value
    file = RulesFile.model_validate_json(orjson.dumps(content))
    return replace(pack, rules_files={**pack.rules_files, name: file})


def noticed(catalog: Catalog, pack: LoadedPack) -> bool:
    """Whether any story of the pack fails; the short ones are asked first."""
    stories = [story for file in pack.examples for story in file.stories]
    stories.sort(key=minutes)
    return any(next(story_faults(catalog, pack, story), None) for story in stories)


def minutes(story: Story) -> float:
    """How long a story lasts."""
    ends = [one.since + one.every * len(one.values) * one.times for one in story.readings]
    return max(ends) if story.until is None else story.until


@pytest.mark.parametrize("name", SCENARIOS)
class TestScenario:
    def test_it_has_stories_and_a_scene(self, catalog: Catalog, name: str):
        pack = catalog.pack(name)
        assert sum(len(file.stories) for file in pack.examples) >= 3
        assert pack.scenes is not None
        assert pack.map_files
        assert pack.dashboard_files
        assert count(pack) >= 4

    def test_another_figure_is_another_story(self, catalog: Catalog, name: str):
        pack = catalog.pack(name)
        unseen: dict[str, list[float]] = {}
        for change in changes(pack):
            if not noticed(catalog, changed(pack, change)):
                unseen.setdefault(".".join([change[1], *change[2][4:]]), []).append(change[3])
        found = {
            what: values
            for what, values in unseen.items()
            if not (len(values) == 1 and what.startswith(tuple(FLAGS)))
        }
        assert found == {}

    def test_another_table_is_another_story(self, catalog: Catalog, name: str):
        pack = catalog.pack(name)
        for file_name, file in pack.rules_files.items():
            for table, versions in file.tables.items():
                for at, one in enumerate(versions):
                    points = tuple((x * 0.8, y) for x, y in one.points)
                    other = (*versions[:at], one.model_copy(update={"points": points}))
                    tables = {**file.tables, table: (*other, *versions[at + 1 :])}
                    changed_file = file.model_copy(update={"tables": tables})
                    files = {**pack.rules_files, file_name: changed_file}
                    assert noticed(catalog, replace(pack, rules_files=files)), (table, one.since)

    def test_another_time_to_hold_is_another_story(self, catalog: Catalog, name: str):
        pack = catalog.pack(name)
        for file_name, file in pack.rules_files.items():
            for at, rule in enumerate(file.rules):
                for hold in (rule.hold // 2, rule.hold * 2) if rule.hold else ():
                    other = rule.model_copy(update={"hold": hold})
                    rules = (*file.rules[:at], other, *file.rules[at + 1 :])
                    changed_file = file.model_copy(update={"rules": rules})
                    files = {**pack.rules_files, file_name: changed_file}
                    assert noticed(catalog, replace(pack, rules_files=files)), (rule.id, hold)
