"""The base map: built from public layers with a role, served in ranges, rebuilt after a change."""

from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import shapely
from django.test import Client
from pmtiles.reader import MmapSource, Reader

from chengyun.app.base_map.building import build, path_of
from chengyun.kernel.actor import SYSTEM
from chengyun.places import verbs
from chengyun.places.decide.featuring import Chunk
from tests.places.test_verbs import NOW, add_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings: Any, tmp_path: Path) -> int:
    settings.DATA_DIR = tmp_path
    return add_city()


def road(city: int, code: str, **more: Any) -> None:
    done = verbs.put_layer(SYSTEM, now=NOW, city_no=city, code=code, source="OSM", **more)
    line = np.array([shapely.from_wkt("LINESTRING (121.4 31.2, 121.5 31.25)")], dtype=object)
    chunk = Chunk(line, [{"name": "南京路", "highway": "primary", "secret": "x"}], ["1"], 0.0)
    layer = UUID(str(done["id"]))
    verbs.import_layer(SYSTEM, now=NOW, layer_id=layer, chunks=[chunk], source="OSM")


def test_only_public_layers_with_a_role_are_drawn(city: int) -> None:
    road(city, "inner", role="road")
    assert build(city, "2026") == {}
    assert not path_of(city).exists()
    road(city, "open", role="road", public=True, grade=1, licence="ODbL")
    facts = build(city, "2026")
    assert facts["roles"] == {"road": 1}
    assert facts["attribution"] == "OSM (ODbL)"
    with path_of(city).open("rb") as file:
        held = Reader(MmapSource(file))
        layers = held.metadata()["vector_layers"]
        assert [one["id"] for one in layers] == ["road"]
        assert "secret" not in layers[0]["fields"]
        assert held.get(10, 857, 418) is not None
    assert not list(path_of(city).parent.glob("*.work"))


def test_ranges_are_answered_as_the_rules_say(city: int) -> None:
    client = Client()
    url = f"/maps/{city}.pmtiles"
    assert client.get(url).status_code == 404
    road(city, "open", role="road", public=True, grade=1)
    build(city, "2026")
    whole = path_of(city).read_bytes()

    def ask(wanted: str, **more: str) -> Any:
        return client.get(url, headers={"Range": wanted} | more)

    first = ask("bytes=0-126")
    assert (first.status_code, first.content) == (206, whole[:127])
    assert first["Content-Range"] == f"bytes 0-126/{len(whole)}"
    assert ask("bytes=-10").content == whole[-10:]
    assert ask("bytes=100-").content == whole[100:]
    assert ask(f"bytes={len(whole)}-").status_code == 416
    assert ask("bytes=5-2").status_code == 416
    assert b"".join(ask("bytes=0-1,5-6").streaming_content) == whole  # type: ignore[attr-defined]
    assert b"".join(ask("bytes=0-1", **{"If-Range": '"old"'}).streaming_content) == whole
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.head(url)["Content-Length"] == str(len(whole))
    assert client.post(url).status_code == 405
    told = client.get("/api/v1/basemap").json()
    assert (told["url"], told["bytes"]) == (url, len(whole))
