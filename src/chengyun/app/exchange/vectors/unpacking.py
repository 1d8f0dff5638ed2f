"""Packed files, opened only within bounds: a small file must not become a full disk."""

import gzip
import shutil
import zipfile
from pathlib import Path

from chengyun.app.exchange.tables import Unreadable

MOST_FILES = 200
MOST_BYTES = 4 * 1024**3
MOST_RATIO = 200
"""Unpacked to packed. Shapefiles and OSM XML pack 5 to 30 times."""
_FREE_BYTES = 16 * 1024**2
_PIECE = 1024**2


def unpack_zip(path: Path, into: Path) -> list[Path]:
    """The files of a zip, flat, under plain names. Raises Unreadable before anything is written
    if its list says too much, and while writing if the list lied."""
    try:
        with zipfile.ZipFile(path) as packed:
            members = [one for one in packed.infolist() if not one.is_dir()]
            _check(members, path.stat().st_size)
            left = MOST_BYTES
            found = []
            for one in members:
                target = into / Path(one.filename.replace("\\", "/")).name
                if target.exists():
                    raise Unreadable(f"holds two files called {target.name}", "zip_names")
                with packed.open(one) as source, target.open("wb") as out:
                    left = _pour(source, out, min(left, one.file_size), left)
                found.append(target)
            return found
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable(f"is no whole zip file: {error}", "bad_zip") from error


def unpack_gzip(path: Path, into: Path) -> Path:
    """The file inside a .gz. Raises Unreadable."""
    target = into / path.name.removesuffix(".gz")
    most = max(_FREE_BYTES, min(MOST_BYTES, path.stat().st_size * MOST_RATIO))
    try:
        with gzip.open(path) as source, target.open("wb") as out:
            _pour(source, out, most, most)
    except (EOFError, OSError) as error:
        raise Unreadable(f"is no whole gzip file: {error}", "bad_gzip") from error
    return target


def _check(members: list[zipfile.ZipInfo], packed: int) -> None:
    if len(members) > MOST_FILES:
        raise Unreadable(f"holds more than {MOST_FILES} files", "zip_files")
    total = sum(one.file_size for one in members)
    if total > MOST_BYTES:
        raise Unreadable(f"would unpack to {total:,} bytes, more than {MOST_BYTES:,}", "zip_bomb")
    if total > _FREE_BYTES and total > MOST_RATIO * packed:
        raise Unreadable(f"would unpack to {total // max(packed, 1):,} times its size", "zip_bomb")
    if any(one.flag_bits & 0x1 for one in members):
        raise Unreadable("is encrypted", "encrypted")


def _pour(source: object, out: object, most: int, left: int) -> int:
    """Copy at most `most` bytes; what is left of `left`. Raises Unreadable for more."""
    poured = 0
    while piece := source.read(_PIECE):  # type: ignore[attr-defined]
        poured += len(piece)
        if poured > most:
            raise Unreadable("unpacks to more than it says or may", "zip_bomb")
        out.write(piece)  # type: ignore[attr-defined]
    return left - poured


def remove(folder: Path) -> None:
    """Take an unpacking folder away."""
    shutil.rmtree(folder, ignore_errors=True)
