"""`import regions`: what is good is kept, what is not is told in a file."""

import csv
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chengyun.places.models import Region, RegionHistory
from tests.app.world import World


def _file(folder: Path, **changed: object) -> Path:
    ring = [[121.0, 31.0], [121.04, 31.0], [121.04, 31.04], [121.0, 31.04], [121.0, 31.0]]
    good = {"code": "310101", "name": "黄浦区"} | changed
    features = [
        {
            "type": "Feature",
            "properties": good,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        },
        {"type": "Feature", "properties": {"name": "no code"}, "geometry": None},
    ]
    path = folder / "regions.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_good_rows_are_kept_and_bad_ones_told(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _file(tmp_path)
    call_command(
        "import_places",
        path,
        "--kind",
        "regions",
        "--city",
        "310000",
        "--source",
        "survey",
        "--json",
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["read"], told["changed"], told["rejected"]) == (2, 1, 1)
    assert Region.objects.get(code="310101", city_id=world.city_no).name_zh == "黄浦区"
    assert RegionHistory.objects.filter(code="310101", change="changed").exists()
    with open(told["rejects_file"], encoding="utf-8-sig") as file:
        assert [row["field"] for row in csv.DictReader(file)] == ["code"]


def test_a_city_nobody_knows_is_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="999"):
        call_command(
            "import_places",
            _file(tmp_path),
            "--kind",
            "regions",
            "--city",
            "999",
            "--source",
            "survey",
        )
