"""Clients that nobody here wrote, against a real server: GDAL's OAPIF driver and OWSLib."""

import json
import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID

import pyogrio
import pytest
from owslib.ogcapi.features import Features

from chengyun.cases.reads import forget_kinds, forget_rules
from chengyun.kernel.actor import SYSTEM
from chengyun.places import verbs
from tests.app.serving import serving
from tests.app.world import NOW, SPOT, build
from tests.places.test_layers import bring


@pytest.fixture
def served(transactional_db: None) -> Iterator[str]:
    """The address of a real server with a public layer of 250 points."""
    world = build()
    done = verbs.put_layer(
        SYSTEM, now=NOW, city_no=world.city_no, code="wells", public=True, grade=1
    )
    points = {f"k{n:03}": (SPOT[0] + n / 10_000, SPOT[1]) for n in range(250)}
    bring(UUID(str(done["id"])), points, NOW)
    with serving() as address:
        yield f"{address}/ogc"
    forget_kinds()
    forget_rules()


# In a process of its own: GDAL waits for the server without letting other threads run.
_GDAL = """
import json, sys
import pyogrio
source, west, south, east, north = "OAPIF:" + sys.argv[1], *map(float, sys.argv[2:])
read = pyogrio.raw.read
print(json.dumps({
    "names": [str(name) for name, _ in pyogrio.list_layers(source)],
    "all": len(set(read(source, layer="layers.wells", PAGE_SIZE="100")[3][0])),
    "box": len(read(source, layer="layers.wells", bbox=(west, south, east, north))[2]),
    "streets": len(read(source, layer="regions.street")[2]),
    "where": len(read(source, layer="layers.wells", where="n = 'k007'")[2]),
}))
"""


def test_gdal_lists_pages_boxes_and_filters(served: str) -> None:
    assert "OAPIF" in pyogrio.list_drivers()
    box = (SPOT[0] - 0.0001, SPOT[1] - 0.001, SPOT[0] + 0.00095, SPOT[1] + 0.001)
    done = subprocess.run(
        [sys.executable, "-c", _GDAL, served, *map(str, box)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"layers.wells", "regions.district", "regions.street"} <= set(found.pop("names"))
    # More than a page: GDAL follows `next`.
    assert found == {"all": 250, "box": 10, "streets": 4, "where": 1}


def test_owslib_reads_documents_and_features(served: str) -> None:
    client = Features(served)
    assert "Chengyun" in client.links[0]["title"] or client.response["title"].startswith("Cheng")
    assert client.conformance()["conformsTo"]
    assert client.api()["openapi"].startswith("3.0")
    assert "layers.wells" in client.feature_collections()
    assert client.collection("layers.wells")["id"] == "layers.wells"
    assert "n" in client.collection_queryables("layers.wells")["properties"]
    page = client.collection_items("layers.wells", limit=7)
    assert len(page["features"]) == 7
    found = client.collection_items("layers.wells", filter="n = 'k003'")
    assert [one["id"] for one in found["features"]] == ["k003"]
    assert client.collection_item("layers.wells", "k003")["properties"] == {"n": "k003"}
