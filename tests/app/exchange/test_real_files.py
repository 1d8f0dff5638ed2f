"""The three real data sets, whole: no row lost, counts add up, a second run doubles nothing."""

from pathlib import Path

import pytest
from django.db.models import Count

from chengyun.app.exchange.importing import MappedImport
from chengyun.app.packs.loaded import Catalog
from chengyun.cases.models import Case
from chengyun.cases.reads import forget_kinds, forget_rules
from chengyun.kernel.models import Event

FILES = [
    ("baltimore311", "baltimore311/baltimore311_10k.csv.gz", 10_000),
    ("la311", "la311/la_2020-01_head.csv.gz", 10_000),
    ("la311", "la311/la_2017-12-31_tail.csv.gz", 9_999),
    ("tainan1999", "tainan1999/cases_2015-04_2018-12.csv.gz", 91_252),
]


@pytest.mark.parametrize(("name", "file", "rows"), FILES)
def test_every_row_is_there(
    db: None,
    catalog: Catalog,
    shared_data: Path | None,
    tmp_path: Path,
    name: str,
    file: str,
    rows: int,
) -> None:
    if shared_data is None:
        print(f"{file}: not run, shared data is not on this machine")  # noqa: T201
        return
    forget_kinds()
    forget_rules()

    def run():
        rejects = tmp_path / "rejects.csv"
        path = shared_data / file
        return MappedImport(catalog, catalog.mappings[name], path, rejects=rejects).run()

    done = run()
    assert done.read == done.imported + done.rejected == rows
    assert done.rejected == 0
    cases = Case.objects.filter(external_source=catalog.mappings[name].external_source)
    assert cases.count() == done.imported
    assert cases.exclude(merged_into=None).count() == done.merged
    assert not cases.exclude(due_at=None).exists()
    events = Event.objects.filter(name__startswith="cases.")
    per_case = events.values("subject_id").annotate(n=Count("id")).exclude(n=2)
    assert events.count() == 2 * rows
    assert not per_case.exists()
    if rows < 20_000:
        again = run()
        assert (again.already, again.merged) == (rows, done.merged)
        assert cases.count() == rows
