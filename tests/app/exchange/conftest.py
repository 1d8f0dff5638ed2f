"""A mapping and a city small enough to see through."""

import csv
import gzip
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml

from chengyun.app.exchange.importing import MappedImport, Outcome
from chengyun.app.exchange.user_mapping import read_mapping
from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.cases.reads import forget_kinds, forget_rules
from chengyun.cases.verbs import load_kinds
from chengyun.kernel.actor import SYSTEM
from chengyun.sdk.mappings import CaseMapping
from tests.app.world import NOW

HEADER = ["id", "at", "closed", "district", "what", "status", "words", "address", "lat", "lon"]
LITTER = "GBT30428.2/event/0110"
MAPPING = {
    "name": "mini",
    "title": {"zh": "小", "en": "Mini"},
    "external_source": "mini",
    "source": "made up for a test",
    "effective_from": "2020-01-01",
    "verified": False,
    "city": {
        "code": "mini",
        "ordinal": 900,
        "name": {"zh": "小城", "en": "Mini City"},
        "time_zone": "Asia/Shanghai",
        "calendar": "cn",
        "language": "zh",
        "center": [10.5, 50.5],
        "bounds": [10.0, 50.0, 11.0, 51.0],
    },
    "id": "id",
    "times": {
        "reported": {"columns": ["at"], "formats": ["%Y-%m-%d %H:%M:%S"]},
        "closed": {"columns": ["closed"], "formats": ["%Y-%m-%d %H:%M:%S"]},
    },
    "state": {
        "column": "status",
        "values": {"done": {"state": "closed"}, "open": {"state": "pending_handle"}},
        "other": {"state": "pending_accept"},
    },
    "kind": {
        "scheme": "GBT30428.2",
        "type": "event",
        "unknown": "0110",
        "by": [{"columns": ["what"], "values": {"litter": "0110"}}],
    },
    "areas": [{"level": "district", "column": "district"}],
    "location": {"latitude": "lat", "longitude": "lon", "default_points": [[50.25, 10.25]]},
    "text": ["words"],
    "address": ["address"],
    "channel": {"other": "hotline"},
    "merge": {"same": ["address", "kind"], "hours": 24},
}


def row(ident: str, **more: str) -> list[str]:
    """A good row, changed where told."""
    values = {
        "id": ident,
        "at": "2024-05-01 08:00:00",
        "closed": "",
        "district": "North",
        "what": "litter",
        "status": "open",
        "words": "垃圾",
        "address": f"{ident} Road",
        "lat": "50.5",
        "lon": "10.5",
    }
    return list((values | more).values())


def text_of(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


@pytest.fixture(scope="session")
def shared_data(tree: Path) -> Path | None:
    """The folder of real data, None on a machine without it."""
    beside = tree.parent / "shared" / "data"
    for folder in (Path(os.environ.get("CHENGYUN_DATA", beside)), beside):
        if (folder / "la311").is_dir():
            return folder
    return None


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Every pack, read once."""
    return load_catalog(default_roots())


@pytest.fixture
def packs(db: None, catalog: Catalog) -> Catalog:
    """The packs; of their kinds one is installed, the rest takes long."""
    forget_kinds()
    forget_rules()
    load_kinds(SYSTEM, now=NOW, kinds=(catalog.kinds[LITTER],))
    return catalog


@pytest.fixture
def mapping(tmp_path: Path) -> CaseMapping:
    """The mapping above, from a user's own file."""
    path = tmp_path / "mini.yaml"
    path.write_text(yaml.safe_dump(MAPPING), encoding="utf-8")
    return read_mapping(path)


Bring = Callable[..., Outcome]


@pytest.fixture
def bring(packs: Catalog, mapping: CaseMapping, tmp_path: Path) -> Bring:
    """Import rows, text or bytes; the outcome."""

    def run(given: object, *, dry_run: bool = False, name: str = "cases.csv") -> Outcome:
        path = tmp_path / name
        if isinstance(given, Path):
            path = given
        elif isinstance(given, bytes):
            path.write_bytes(given)
        else:
            text = given if isinstance(given, str) else text_of(given)  # type: ignore[arg-type]
            content = text.encode()
            path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        rejects = tmp_path / "rejects.csv"
        return MappedImport(packs, mapping, path, rejects=rejects, dry_run=dry_run).run()

    return run
