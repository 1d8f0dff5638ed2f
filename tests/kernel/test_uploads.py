"""Photos: whatever comes in, what lies on disk is our own clean JPEG, or a precise refusal."""

import io
import struct
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from chengyun.kernel.actor import PUBLIC, Actor
from chengyun.kernel.models import Upload
from chengyun.kernel.problems import Invalid, TooLarge
from chengyun.kernel.uploads import (
    LONG_SIDE,
    THUMB_SIDE,
    media_dir,
    path_of,
    store_photo,
    write_durably,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def photo(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **save: Any
) -> bytes:
    image = Image.new(mode, size)
    image.paste({"RGB": (200, 10, 10)}.get(mode, 0), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def kept(upload: Upload, thumb: bool = False) -> Image.Image:
    return Image.open(path_of(upload.id, thumb=thumb))


def refusal(raw: bytes, now: datetime) -> str:
    with pytest.raises(Invalid) as caught:
        store_photo(PUBLIC, raw, now=now)
    assert not Upload.objects.exists()
    assert not media_dir().exists() or not list(media_dir().rglob("*.*"))
    (error,) = caught.value.errors
    assert error.field == "file"
    return error.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_jpeg_with_a_thumbnail(
    now: datetime, kind: str, somebody: Callable[..., Actor]
) -> None:
    owner = somebody()
    upload = store_photo(owner, photo(kind, (3000, 1500)), now=now)
    stored = Upload.objects.get()
    assert (stored.width, stored.height) == (LONG_SIDE, LONG_SIDE // 2)
    assert (stored.owner_id, stored.created_at, stored.used_at) == (owner.id, now, None)
    assert stored.size == path_of(upload.id).stat().st_size
    assert kept(upload).format == kept(upload, thumb=True).format == "JPEG"
    assert kept(upload).size == (LONG_SIDE, LONG_SIDE // 2)
    assert kept(upload, thumb=True).size == (THUMB_SIDE, THUMB_SIDE // 2)
    assert not list(media_dir().rglob("*.part"))


def test_a_small_photo_is_not_blown_up(now: datetime) -> None:
    assert kept(store_photo(PUBLIC, photo(size=(64, 48)), now=now)).size == (64, 48)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "CMYK", "I;16"])
def test_every_colour_mode(now: datetime, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert kept(store_photo(PUBLIC, photo(kind, mode=mode), now=now)).mode == "RGB"


def test_what_is_transparent_becomes_white(now: datetime) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, "PNG")
    stored = kept(store_photo(PUBLIC, out.getvalue(), now=now)).convert("RGB")
    assert min(stored.getpixel((32, 32))) > 250  # type: ignore[type-var, arg-type]


def test_where_it_was_taken_is_gone(now: datetime) -> None:
    exif = Image.Exif()
    exif[MAKER] = "SECRETPHONE"
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 13.0, 48.0), 3: "E", 4: (121.0, 28.0, 25.0)})
    raw = photo(exif=exif.tobytes(), comment=b"SECRETCOMMENT")
    assert b"SECRETPHONE" in raw
    assert b"SECRETCOMMENT" in raw
    upload = store_photo(PUBLIC, raw, now=now)
    for thumb in (False, True):
        content = path_of(upload.id, thumb=thumb).read_bytes()
        assert b"SECRET" not in content
        assert b"Exif" not in content
        assert not dict(kept(upload, thumb=thumb).getexif())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(now: datetime, orientation: int) -> None:
    """The left half is red; after turning it lies where the camera says."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = kept(store_photo(PUBLIC, photo(size=(64, 32), exif=exif.tobytes()), now=now))
    assert stored.size == ((64, 32) if orientation < 5 else (32, 64))
    red = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "low", 8: "low"}
    wide, high = stored.size
    points = {
        "left": (2, high // 2),
        "right": (wide - 3, high // 2),
        "top": (wide // 2, 2),
        "low": (wide // 2, high - 3),
    }
    pixel = stored.convert("RGB").getpixel(points[red[orientation]])
    assert isinstance(pixel, tuple)
    assert pixel[0] > 150


def test_a_polyglot_keeps_only_its_picture(now: datetime) -> None:
    raw = photo(comment=b"<script>alert(1)</script>") + b"PK\x03\x04<?php system($_GET[0]); ?>"
    upload = store_photo(PUBLIC, raw, now=now)
    content = path_of(upload.id).read_bytes()
    assert b"script" not in content
    assert b"php" not in content
    assert content.endswith(b"\xff\xd9")


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(60_000, 60_000), (10_000, 5_001), (2**31 - 1, 1)])
def test_a_bomb_is_refused_before_it_is_opened(now: datetime, size: tuple[int, int]) -> None:
    assert refusal(png_of(*size), now) == "too_many_pixels"


def test_a_picture_with_less_in_it_than_it_says(now: datetime) -> None:
    assert refusal(png_of(5_000, 5_000), now) == "not_a_photo"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b"just words, named photo.jpg", "not_a_photo"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not_a_photo"),
        (b"\xff\xd8\xff\xe0", "not_a_photo"),
        (photo("GIF"), "not_a_photo"),
        (photo("BMP"), "not_a_photo"),
        (photo("TIFF"), "not_a_photo"),
        (photo("PDF"), "not_a_photo"),
        (photo("ICO"), "not_a_photo"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not_a_photo"),
        (photo(size=(4, 400)), "too_small"),
    ],
)
def test_what_is_no_photo_is_refused(now: datetime, raw: bytes, code: str) -> None:
    assert refusal(raw, now) == code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
def test_a_photo_cut_short_is_refused(now: datetime, kind: str, part: float) -> None:
    raw = Image.effect_noise((400, 300), 60).convert("RGB")
    out = io.BytesIO()
    raw.save(out, kind)
    whole = out.getvalue()
    assert refusal(whole[: int(len(whole) * part)], now) == "not_a_photo"


def test_too_many_bytes_are_refused_without_looking(now: datetime, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 2**20
    with pytest.raises(TooLarge, match="at most 1 MiB"):
        store_photo(PUBLIC, b"\xff" * (2**20 + 1), now=now)


def test_the_same_photo_shows_as_the_same(now: datetime) -> None:
    raw = photo()
    one, other = store_photo(PUBLIC, raw, now=now), store_photo(PUBLIC, raw, now=now)
    assert one.id != other.id
    assert bytes(one.sha256) == bytes(other.sha256)


SEEDS = [photo(kind, (40, 30)) for kind in ("JPEG", "PNG", "WEBP")]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=4)
)
def test_a_damaged_photo_is_kept_or_refused_never_a_crash(
    now: datetime, raw: bytes, damage: list[tuple[float, bytes]]
) -> None:
    for where, what in damage:
        at = int(where * len(raw))
        raw = raw[:at] + what + raw[at + len(what) // 2 :]
    try:
        upload = store_photo(PUBLIC, raw, now=now)
    except Invalid:
        return
    assert kept(upload).format == "JPEG"


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a" / "b.jpg"
    write_durably(target, b"first")
    with monkeypatch.context() as full:
        full.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("no space left")))
        with pytest.raises(OSError, match="no space"):
            write_durably(target, b"second")
    assert target.read_bytes() == b"first"
