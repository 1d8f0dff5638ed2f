"""A book as files: written once, mapped by every process that answers."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from chengyun.places.decide.geocoding.book import Book, Place, Strings
from chengyun.places.decide.geocoding.naming import Names

FORMAT = 1
_HEAD = 256
_STRINGS = ("ids", "codes", "texts")


def save(book: Book, folder: Path) -> None:
    """Write a book; the folder appears whole or not at all. An older one there is replaced."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".book-") as made:
        new = Path(made) / "new"
        new.mkdir()
        for name, column in book.arrays.items():
            np.save(new / f"{name}.npy", column, allow_pickle=False)
        for name in _STRINGS:
            strings: Strings = getattr(book, name)
            np.save(new / f"{name}.npy", strings.body, allow_pickle=False)
            np.save(new / f"{name}.ends.npy", strings.ends, allow_pickle=False)
        words = {
            "format": FORMAT,
            "columns": sorted(book.arrays),
            "names": book.names.names,
            "paths": book.paths,
            "rests": book.rests,
            "crossings": book.crossings,
            "places": book.places,
            "towns": book.towns,
        }
        (new / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        if folder.exists():
            os.replace(folder, Path(made) / "old")
        os.replace(new, folder)


def load(folder: Path) -> Book:
    """Map a book. Raises ValueError for another format, FileNotFoundError for none."""
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    if words["format"] != FORMAT:
        raise ValueError(f"{folder} has format {words['format']}, not {FORMAT}: build it again")
    strings = {
        name: Strings(_mapped(folder / f"{name}.npy"), _mapped(folder / f"{name}.ends.npy"))
        for name in _STRINGS
    }
    return Book(
        **strings,
        arrays={name: _mapped(folder / f"{name}.npy") for name in words["columns"]},
        names=Names(words["names"]),
        paths=tuple(map(tuple, words["paths"])),
        rests=tuple(words["rests"]),
        crossings={key: tuple(rows) for key, rows in words["crossings"].items()},
        places=tuple(
            Place(code, tuple(path), lon, lat) for code, path, lon, lat in words["places"]
        ),
        towns={
            called: tuple((depth, name, cost) for depth, name, cost in meant)
            for called, meant in words["towns"].items()
        },
    )


def _mapped(path: Path) -> npt.NDArray[Any]:
    # An empty file cannot be mapped.
    mode: Literal["r"] | None = "r" if path.stat().st_size > _HEAD else None
    column: npt.NDArray[Any] = np.load(path, mmap_mode=mode, allow_pickle=False)
    return column
