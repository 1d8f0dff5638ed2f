"""The screens' files: compressed when built, kept for a year, nothing else let out."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import Client

from chengyun.app.middleware import SmallText

SCRIPT = b"export const words = 1;\n" * 100


@pytest.fixture
def dist(settings, tmp_path):
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "index-A1.js").write_bytes(SCRIPT)
    (folder / "index-A1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret.txt").write_text("no")
    settings.WEB_DIST = tmp_path
    return tmp_path


def test_an_asset_comes_as_small_as_the_browser_takes_it(dist):
    small = Client().get("/assets/index-A1.js", headers={"Accept-Encoding": "gzip, br;q=1"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == SCRIPT
    assert "immutable" in small.headers["Cache-Control"]
    assert small.headers["Vary"] == "Accept-Encoding"
    plain = Client().get("/assets/index-A1.js")
    assert "Content-Encoding" not in plain.headers
    assert plain.content == SCRIPT


@pytest.mark.parametrize(
    "name", ["index-A1.js.gz", "../secret.txt", "%2e%2e/secret.txt", "none.js"]
)
def test_nothing_else_is_let_out(dist, name):
    assert Client().get(f"/assets/{name}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "smaller"),
    [("application/json", True), ("text/csv", True), ("image/jpeg", False), ("font/woff2", False)],
)
def test_long_text_is_compressed_and_photos_are_not(rf, kind, smaller):
    def answer(_request):
        return HttpResponse(b"1,2,3\n" * 500, content_type=kind)

    given = SmallText(answer)(rf.get("/", headers={"Accept-Encoding": "gzip"}))
    assert (given.headers.get("Content-Encoding") == "gzip") is smaller
    assert (len(given.content) < 3000) is smaller
