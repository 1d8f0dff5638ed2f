"""The models a node has, and what the one in use says of a text."""

import hashlib
import json
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pycrfsuite

from chengyun.brain.decide.features import features
from chengyun.brain.decide.parts import Part, parts
from chengyun.brain.decide.tokens import tokens

ADDRESSES = "addresses"
SHIPPED = Path(__file__).parent / "models"
FILE, ABOUT = "model.crfsuite", "about.json"
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the registry.

    `measured` tells how: on which texts, exact-span F1, tokens, whole texts. `sound` = the file is
    the one that was registered.
    """

    name: str
    version: str
    hash: str
    trained_at: str
    trained_on: str
    measured: dict[str, Any]
    shipped: bool
    sound: bool
    path: Path


def models(folder: Path | None) -> list[Model]:
    """Every registered model, the one in use first of its name; `folder` = the node's data."""
    own = [(path, False) for path in (folder / "models").glob(f"*/*/{ABOUT}")] if folder else []
    shipped = [(path, True) for path in SHIPPED.glob(f"*/*/{ABOUT}")]
    found = [_model(path, shipped=ships) for path, ships in (*own, *shipped)]
    # A city's own come before what ships; the newest of them first.
    found.sort(key=lambda one: one.trained_at, reverse=True)
    return sorted(found, key=lambda one: (one.name, one.shipped))


def current(name: str, folder: Path | None) -> Model | None:
    """The model in use: the newest sound one of the city, else the one that ships."""
    return next((one for one in models(folder) if one.name == name and one.sound), None)


def parse_address(text: str, folder: Path | None) -> list[Part]:
    """The parts of an address, also inside a longer text; empty without a model."""
    model = _in_use(ADDRESSES, folder)
    words = tokens(text[:_LONGEST])
    if model is None or not words:
        return []
    tagger, lock = _tagger(str(model.path), model.hash)
    with lock:
        labels = tagger.tag(features(words))
        sure = [tagger.marginal(label, at) for at, label in enumerate(labels)]
    return parts(words, labels, sure)


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _model(about: Path, *, shipped: bool) -> Model:
    said = json.loads(about.read_text(encoding="utf-8"))
    path = about.with_name(FILE)
    return Model(
        name=said["name"],
        version=said["version"],
        hash=said["hash"],
        trained_at=said["trained_at"],
        trained_on=said["trained_on"],
        measured=said["measured"],
        shipped=shipped,
        sound=path.is_file() and file_hash(path) == said["hash"],
        path=path,
    )


def _in_use(name: str, folder: Path | None) -> Model | None:
    """`current`, looked up again when a model was added."""
    seen = folder / "models" / name if folder else None
    stamp = seen.stat().st_mtime_ns if seen is not None and seen.is_dir() else 0
    return _looked_up(name, folder, stamp)


@lru_cache(maxsize=8)
def _looked_up(name: str, folder: Path | None, _stamp: int) -> Model | None:
    return current(name, folder)


@lru_cache(maxsize=4)
def _tagger(path: str, _hash: str) -> tuple[Any, threading.Lock]:
    """An open tagger; it keeps the text it reads, so threads take turns."""
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    return tagger, threading.Lock()
