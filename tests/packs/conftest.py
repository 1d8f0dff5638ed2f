"""Packs of the checkout, packs made for a test, and the folder of shared data."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chengyun.app.packs.checking import check
from chengyun.app.packs.faults import PackFault
from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.loading import default_roots, load_catalog, read_catalog
from chengyun.app.packs.scaffold import plan, write

ROLES = (
    "sanitation, landscaping, municipal_works, drainage, water_supply, gas_heat, urban_enforcement,"
    " subdistrict, traffic_police, power, telecom, river_water, housing_construction, ecology"
)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Every pack of the checkout."""
    return load_catalog(default_roots())


@pytest.fixture(scope="session")
def shared_data(tree: Path) -> Path | None:
    """The folder of real data, None on a machine without it."""
    beside = tree.parent / "shared" / "data"
    for folder in (Path(os.environ.get("CHENGYUN_DATA", beside)), beside):
        if (folder / "case-standards").is_dir():
            return folder
    return None


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A folder with two fresh packs: `base` (standard) and `town` (a city on it)."""
    for name, kind in (("base", "standard"), ("town", "city")):
        files = plan(name, kind=kind, today="2026-01-01", ordinal=300, roles=ROLES)
        if name == "base":
            files["pack.toml"] = files["pack.toml"].replace('requires = ["base"]', "requires = []")
            files["calendars/cn-2026.yaml"] = (
                "id: cn\ntime_zone: Asia/Shanghai\nsource: test\neffective_from: 2026-01-01\n"
                "work_periods:\n  - {start: '08:00', end: '12:00'}\n"
                "known_from: 2026-01-01\nknown_until: 2026-12-31\n"
                "holidays:\n  - {date: 2026-01-01, name: {zh: 元旦, en: New Year}}\n"
                "makeup_days:\n  - {date: 2026-01-04, name: {zh: 上班, en: Work}}\n"
            )
        write(tmp_path, name, files)
    return tmp_path


@pytest.fixture
def said(room: Path) -> Callable[..., list[PackFault]]:
    """Change one file of the packs in `room` and get what the checker says.

    `said("town/pack.toml", "old", "new")` replaces text; `said("town/x.yaml", content)` writes it.
    """

    def change(path: str, *texts: str | bytes) -> list[PackFault]:
        target = room / path
        if len(texts) == 2:
            old, new = texts
            before = target.read_text(encoding="utf-8")
            assert isinstance(old, str)
            assert isinstance(new, str)
            assert old in before
            target.write_text(before.replace(old, new), encoding="utf-8")
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            content = texts[0]
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        catalog, faults = read_catalog([room])
        return [*faults, *check(catalog)]

    return change
