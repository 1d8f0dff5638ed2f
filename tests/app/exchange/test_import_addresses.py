"""`import places --kind addresses|entities`: bounded, told, and never doubled."""

import csv
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from chengyun.places import reads
from chengyun.places.models import Address, Entity
from tests.app.world import World

pytestmark = pytest.mark.django_db


def bring(path: Path, kind: str, capsys: Any, *more: str) -> dict[str, Any]:
    call_command("import_places", path, "--kind", kind, "--source", "list", "--json", *more)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_table_of_addresses_comes_in_once(world: World, tmp_path: Path, capsys: Any) -> None:
    path = table(
        tmp_path / "a.csv",
        "编号,地址,经度,纬度,别名",
        "1,鹤庆路358弄81号302室,121.005,31.005,老房子|old_name:旧路3号",
        "2,鹤庆路358弄82号,121.005,31.005,",
        "3,,121.005,31.005,",
        "4,甲路1号,abc,31.005,",
        "5,甲路2号,200,31.005,",
    )
    told = bring(path, "addresses", capsys)
    counts = {name: told[name] for name in ("read", "created", "changed", "unchanged", "rejected")}
    assert counts == {"read": 5, "created": 2, "changed": 0, "unchanged": 0, "rejected": 3}
    with open(told["rejects_file"], encoding="utf-8-sig") as file:
        refused = [(row["number"], row["field"]) for row in csv.DictReader(file)]
    assert refused == [("3", "address"), ("4", "lon"), ("5", "lon")]
    row = Address.objects.get(room="302室")
    assert (row.lane, row.state, row.source) == ("358弄", "published", "list")
    assert [one["kind"] for one in row.names] == ["alias", "old_name"]
    again = bring(path, "addresses", capsys)
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)


def test_what_is_exported_is_taken_back_unchanged(
    world: World, tmp_path: Path, capsys: Any
) -> None:
    path = table(tmp_path / "a.csv", "address,lon,lat", "甲路1号,121.005,31.005", "甲路2号,,")
    assert bring(path, "addresses", capsys)["created"] == 2
    out = tmp_path / "b.csv"
    out.write_text("".join(reads.address_csv(world.city_no)), encoding="utf-8")
    told = bring(out, "addresses", capsys)
    assert (told["read"], told["created"], told["rejected"]) == (2, 0, 0)
    assert Address.objects.count() == 2


def test_entities_find_their_address_by_text(world: World, tmp_path: Path, capsys: Any) -> None:
    path = table(tmp_path / "a.csv", "address,lon,lat", "甲路1号,121.005,31.005")
    bring(path, "addresses", capsys)
    path = table(
        tmp_path / "e.csv",
        "kind,name,code,count,address,楼层数",
        "house,一号楼,,,甲路1号,6",
        "unit,某公司,91330100799655058B,,甲路1号,",
        "unit,错码公司,91330100799655058C,,甲路1号,",
        "population,,,31,甲路1号,",
        "house,二号楼,,,甲路9号,",
    )
    told = bring(path, "entities", capsys)
    assert (told["read"], told["created"], told["rejected"]) == (5, 3, 2)
    assert Entity.objects.get(kind="house").attributes == {"楼层数": "6"}
    assert bring(path, "entities", capsys)["created"] == 0


def test_many_rows_need_no_more_memory(world: World, tmp_path: Path, capsys: Any) -> None:
    def size(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        lines = (f"{n},第{n // 100}路,{n % 100}号,121.005,31.005" for n in range(rows))
        table(path, "id,road,number,lon,lat", *lines)
        tracemalloc.start()
        told = bring(path, "addresses", capsys)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert told["created"] + told["unchanged"] == rows
        return peak

    small, large = size(2_000), size(6_000)
    assert large < small * 1.5


def test_a_kind_that_is_none_and_a_table_that_is_none(world: World, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "x,y", "1,2")
    with pytest.raises(CommandError, match="no column"):
        call_command("import_places", path, "--kind", "addresses")
    with pytest.raises(CommandError, match="none of"):
        call_command("import_places", path, "--kind", "stars")
