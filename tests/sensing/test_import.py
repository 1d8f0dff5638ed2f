"""Files of readings in: long and wide, CSV and Parquet, restarted, with what is wrong by row."""

import csv
import os
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connection

from chengyun.app.exchange.readings.importing import Outcome, ReadingsImport
from chengyun.app.exchange.readings.mappings import load_readings_mapping
from chengyun.app.exchange.tables import Unreadable
from chengyun.app.exchange.user_mapping import BadMapping
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.sdk.readings import ReadingsMapping
from chengyun.sensing.models import Thing
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs.storing import forget_days
from tests.cases.conftest import city, world
from tests.sensing.senses import declare, gauges

__all__ = ["city", "world"]
Import = Callable[..., Outcome]
BASE: dict[str, Any] = {
    "id": "test",
    "name": {"zh": "测试", "en": "test"},
    "source": "test",
    "effective_from": "2026-01-01",
}
_BESIDE = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def importing(world, tmp_path) -> Iterator[Import]:
    forget_streams()
    forget_days()
    declare()
    gauges(2)

    def run(content: str | Path, mapping: dict[str, Any] | str = "plain", **more: Any) -> Outcome:
        path = content if isinstance(content, Path) else tmp_path / "given.csv"
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        rule = (
            load_readings_mapping(mapping, load_catalog(default_roots()))
            if isinstance(mapping, str)
            else ReadingsMapping.model_validate({**BASE, **mapping}, strict=False)
        )
        rejects = tmp_path / "rejects.csv"
        options = {"dry_run": False, "say": lambda _: None, **more}
        return ReadingsImport(rule, path, rejects=rejects, **options).run()

    yield run
    forget_streams()
    forget_days()


@pytest.fixture(scope="session")
def shared() -> Path | None:
    """The folder of public data, None if missing."""
    for folder in (Path(os.environ.get("CHENGYUN_DATA", _BESIDE)), _BESIDE):
        if (folder / "nab").is_dir():
            return folder
    return None


LONG = """thing,stream,at,value
g0,level,2020-05-01 08:00:00,1.5
g0,level,2020-05-01T00:05:00Z,1.75
g1,mode,2020-05-01 08:00:00,auto
"""


BAD = """none,level,2020-05-01 09:00:00,1
g0,none,2020-05-01 09:00:00,1
g0,level,yesterday,1
g0,level,2020-05-01 09:00:00,nan
g0,level,1999-05-01 09:00:00,1
g0,level,2999-05-01 09:00:00,1
g1,mode,2020-05-01 09:00:00,sideways
g0,level,2020-05-01 09:00:00,1,2,3
g0,level,2020-05-01 09:30:00,NA
"""


def stored() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.code, d.code, o.at, o.value, o.word FROM sensing_observation o"
            " JOIN sensing_datastream d ON d.no = o.stream"
            " JOIN sensing_thing t ON t.id = d.thing_id ORDER BY 1, 2, 3"
        )
        return [(a, b, at.isoformat(), value, word) for a, b, at, value, word in cursor.fetchall()]


def test_a_long_file_is_taken_once_however_often(importing):
    done = importing(LONG)
    assert (done.read, done.readings, done.stored, done.rejected) == (3, 3, 3, 0)
    assert stored() == [
        ("g0", "level", "2020-05-01T00:00:00+00:00", 1.5, None),
        ("g0", "level", "2020-05-01T00:05:00+00:00", 1.75, None),
        ("g1", "mode", "2020-05-01T00:00:00+00:00", None, "auto"),
    ]
    again = importing(LONG)
    assert (again.stored, again.duplicates, again.rejected) == (0, 3, 0)
    mended = importing(LONG.replace("1.75", "1.8"))
    assert (mended.stored, mended.duplicates, mended.corrected) == (0, 2, 1)


def test_what_is_wrong_is_told_row_by_row_and_can_be_mended(importing, tmp_path):
    bad = LONG + BAD
    done = importing(bad)
    assert (done.read, done.stored, done.missing, done.rejected) == (12, 3, 1, 8)
    assert done.codes == {
        "unknown_stream": 2,
        "bad_time": 1,
        "not_a_number": 1,
        "before_2000": 1,
        "in_the_future": 1,
        "unknown_word": 1,
        "too_long": 1,
    }
    with Path(done.rejects_file or "").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(one["reject_row"]) for one in rows] == [5, 6, 7, 8, 9, 10, 11, 12]
    rejects = Path(done.rejects_file or "").read_text(encoding="utf-8-sig")
    again = tmp_path / "mended.csv"
    again.write_text(rejects.replace("yesterday", "2020-05-01 09:10:00"), encoding="utf-8")
    assert importing(again).stored == 1


def test_a_dry_run_keeps_nothing(importing):
    done = importing(LONG, dry_run=True)
    assert (done.readings, done.stored) == (3, 0)
    assert stored() == []


WIDE: dict[str, Any] = {
    "time": {
        "columns": ("year", "month", "day", "hour"),
        "formats": ("%Y %m %d %H",),
        "zone": "Asia/Shanghai",
    },
    "columns": ({"column": "*", "thing": "w-{column}", "stream": "level", "factor": 0.01},),
    "registering": {"kind": "gauge", "name": "站 {thing}"},
}


def test_a_wide_file_registers_its_things_and_brings_units_over(importing):
    done = importing("year,month,day,hour,a,b\n2021,1,2,3,150,NA\n2021,1,2,4,160,20\n", WIDE)
    assert (done.things, done.stored, done.missing, done.rejected) == (2, 3, 1, 0)
    assert [row[:1] + row[2:4] for row in stored()] == [
        ("w-a", "2021-01-01T19:00:00+00:00", 1.5),
        ("w-a", "2021-01-01T20:00:00+00:00", 1.6),
        ("w-b", "2021-01-01T20:00:00+00:00", 0.2),
    ]
    assert Thing.objects.get(code="w-a").name == "站 w-a"


def test_parquet_is_read_like_csv(importing, tmp_path):
    path = tmp_path / "given.parquet"
    with duckdb.connect() as line:
        rows = (
            "SELECT 'g0' AS thing, 'level' AS stream,"
            " TIMESTAMP '2020-05-01 08:00:00' + INTERVAL 1 MINUTE * n AS at,"
            " CASE WHEN n % 10 = 3 THEN NULL ELSE n / 10.0 END AS value FROM range(1000) t(n)"
        )
        line.sql(rows).write_parquet(str(path))
    done = importing(path)
    assert (done.read, done.stored, done.missing, done.rejected) == (1_000, 900, 100, 0)
    assert importing(path).duplicates == 900
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(Unreadable):
        importing(path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"long": {"thing": "thing", "stream": "stream", "value": "value"}},
        {"columns": ()},
        {"time": {"columns": ("nothing",), "formats": ("iso",), "zone": "UTC"}},
        {"time": {"start": "2020-01-01", "zone": "UTC"}},
        {"time": {"start": "2020-01-01", "every": 60, "zone": "Nowhere/Land"}},
        {"columns": ({"column": "thing", "stream": "level"},)},
    ],
)
def test_a_mapping_that_does_not_fit_says_so(importing, wrong):
    with pytest.raises(BadMapping):
        importing(LONG, {**WIDE, **wrong})


def test_a_mapping_nobody_knows_is_refused():
    with pytest.raises(BadMapping, match="plain"):
        load_readings_mapping("nothing", load_catalog(default_roots()))


REAL: dict[str, tuple[str, dict[str, Any], tuple[int, int, int]]] = {
    "rain": (
        "rain-flow-hourly/hourly_2004_2007.csv.gz",
        {
            "time": {
                "columns": ("DatesR",),
                "formats": ("iso",),
                "zone": "UTC",
            },
            "thing": "basin",
            "columns": (
                {"column": "P", "stream": "rain"},
                {"column": "T", "stream": "level"},
                {"column": "Qmm", "stream": "meter"},
            ),
            "registering": {"kind": "gauge"},
        },
        (35_064, 70_128, 35_064),
    ),
    "speeds": (
        "traffic-speed-la/speed_days1-5.csv.gz",
        {
            "time": {"start": "2012-03-01T00:00:00-08:00", "every": 300, "zone": "UTC"},
            "columns": ({"column": "*", "thing": "la-{column}", "stream": "rain"},),
            "registering": {"kind": "gauge"},
        },
        (1_440, 298_080, 0),
    ),
    "air": (
        "air-weather-5cities/ShanghaiPM20100101_20151231.csv.gz",
        {
            "time": {
                "columns": ("year", "month", "day", "hour"),
                "formats": ("%Y %m %d %H",),
                "zone": "Asia/Shanghai",
            },
            "thing": "{column}",
            "columns": (
                {"column": "PM_Jingan", "thing": "jingan", "stream": "rain"},
                {"column": "PM_Xuhui", "thing": "xuhui", "stream": "rain"},
                {"column": "HUMI", "thing": "xuhui", "stream": "meter", "missing": ("-9999",)},
            ),
            "registering": {"kind": "gauge"},
        },
        (52_584, 102_460, 55_292),
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files_come_in_whole(importing, shared, name):
    path, mapping, (rows, readings, missing) = REAL[name]
    if shared is None:
        print(f"{path}: not run, shared data is not on this machine")  # noqa: T201
        return
    done = importing(shared / path, mapping)
    assert (done.read, done.missing, done.rejected) == (rows, missing, 0)
    assert done.readings == done.stored == readings
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT (stream, at)) FROM sensing_observation")
        assert cursor.fetchone() == (readings, readings)


def test_a_labelled_series_comes_in_and_again_doubles_nothing(importing, shared, tmp_path):
    if shared is None:
        print("nab: not run, shared data is not on this machine")  # noqa: T201
        return
    with tarfile.open(shared / "nab" / "nab_handout.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    path = tmp_path / "data" / "artificialNoAnomaly" / "art_daily_no_noise.csv"
    mapping = {
        "time": {"columns": ("timestamp",), "formats": ("iso",), "zone": "UTC"},
        "thing": "g0",
        "columns": ({"column": "value", "stream": "rain"},),
    }
    done = importing(path, mapping)
    assert done.stored == done.read == 4_032
    assert importing(path, mapping).duplicates == 4_032
