"""Photos at the public door: whatever is sent, a refusal or a clean picture, no 500."""

import io
import struct
import zlib
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from chengyun.kernel import uploads
from chengyun.kernel.scope import bind
from tests.cases.desk import API, NOBODY, Answer, Desk, picture

GPS = 0x8825


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, packed: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def jpeg(**save: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(out, "JPEG", **save)
    return out.getvalue()


def located() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 13.0, 48.0), 3: "E", 4: (121.0, 28.0, 25.0)})
    return jpeg(exif=exif.tobytes(), comment=b"SECRETPLACE")


def send(desk: Desk, content: bytes, name: str, kind: str) -> Answer:
    """As a browser would, or somebody who is none."""
    mark = b"--cut"
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {kind}'
    body = mark + b"\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n" + mark + b"--\r\n"
    return desk.ask(
        None, "POST", "/public/uploads", raw=body, kind="multipart/form-data; boundary=cut"
    )


EVIL = {
    "nothing": (b"", "a.jpg", "image/jpeg", "empty"),
    "svg": (
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "a.jpg",
        "image/jpeg",
        "",
    ),
    "html": (b"<!doctype html><script>alert(1)</script>", "a.png", "image/png", ""),
    "gif and html": (b"GIF89a/*<script>*/=1;alert(1)//", "a.gif", "image/gif", ""),
    "cut": (jpeg()[:4_000], "a.jpg", "image/jpeg", ""),
    "bomb": (
        png(40_000, 40_000, zlib.compress(b"\0" * 900_000)),
        "a.png",
        "image/png",
        "too_many_pixels",
    ),
    "endless side": (png(2**31 - 1, 2, b"x"), "a.png", "image/png", "too_many_pixels"),
    "inside a bomb": (
        png(4_000, 4_000, zlib.compress(b"\0" * 900_000)),
        "a.png",
        "image/png",
        "",
    ),
    "tiny": (png(1, 1, zlib.compress(b"\0" * 4)), "a.png", "image/png", "too_small"),
    "name": (b"MZ\x90", "../../x.exe\x00.jpg", "application/x-msdownload", ""),
}


@pytest.mark.parametrize("which", EVIL)
def test_what_is_no_photo_is_refused_by_field_and_reason(desk: Desk, which: str) -> None:
    content, name, kind, code = EVIL[which]
    answer = send(desk, content, name, kind)
    assert answer.status == 422, answer
    assert answer.fields == ["file"]
    (said,) = answer["errors"]
    assert said["reason"]
    assert said["code"] == (code or "not_a_photo")
    files = uploads.media_dir()
    assert not files.exists() or not [one for one in files.rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (jpeg() + b"PK\x03\x04<?php system($_GET[0]); ?>", "a.php.jpg", "image/jpeg"),
        (jpeg(comment=b"<script>alert(1)</script>"), "a.html", "text/html"),
        (located(), "../../../etc/passwd", "application/octet-stream"),
    ],
    ids=["two in one", "words inside", "where it was taken"],
)
def test_a_photo_is_only_its_pixels_whatever_it_was_called(
    desk: Desk, content: bytes, name: str, kind: str
) -> None:
    answer = send(desk, content, name, kind)
    assert answer.status == 201, answer
    code = desk.report(None, photos=[answer["id"]])["track_code"]
    for thumb in ("", "?thumb=1"):
        shown = desk.ask(None, "GET", f"/public/reports/{code}/photos/{answer['id']}{thumb}")
        assert shown.kind == "image/jpeg"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        for word in (b"php", b"script", b"SECRET", b"Exif", b"PK\x03"):
            assert word not in shown.body
        assert not dict(Image.open(io.BytesIO(shown.body)).getexif())


def test_no_file_two_files_and_another_field(desk: Desk) -> None:
    assert desk.ask(None, "POST", "/public/uploads").status == 422
    bind(NOBODY)
    client = Client(raise_request_exception=False)
    file = io.BytesIO(picture())
    file.name = "a.png"
    answer = client.post(API + "/public/uploads", {"photo": file})
    assert answer.status_code == 422
    assert [one["field"].split(".")[-1] for one in answer.json()["errors"]] == ["file"]


def test_fifty_photos_are_too_many_and_the_report_can_be_sent_with_fewer(desk: Desk) -> None:
    ids = [desk.photo(None) for _ in range(9)]
    many = desk.report(None, photos=ids)
    assert many.status == 422
    assert many.fields == ["photos"]
    foreign = desk.report(None, photos=["0195d2f2-0000-7000-8000-000000000000"])
    assert foreign.fields == ["photos"]
    sent = desk.report(None, photos=ids[:8])
    assert sent.status == 201, "what was good stays good"
    assert desk.report(None, photos=ids[:1]).fields == ["photos"], "a photo stands on one report"
