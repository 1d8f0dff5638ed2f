"""Training a model and entering it in the registry, which is a folder of files."""

import json
import os
import random
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pycrfsuite

from chengyun.brain.decide.features import features
from chengyun.brain.decide.generating import Labelled
from chengyun.brain.decide.spans import Agreement, agreement
from chengyun.brain.reads import ABOUT, ADDRESSES, FILE, Model, file_hash, models

# A small model for what ships, a full one for a city's own texts.
SMALL = {"c1": 1.0, "c2": 0.05, "max_iterations": 70, "feature.minfreq": 2}
FULL = {"c1": 0.1, "c2": 0.02, "max_iterations": 120, "feature.minfreq": 0}
_HELD_OUT = 10


def train(
    texts: Sequence[Labelled],
    *,
    folder: Path,
    trained_on: str,
    now: datetime,
    held_out: Sequence[Labelled] = (),
    small: bool = False,
) -> Model:
    """Fit the address model, measure it on texts it did not see, register it.

    Without `held_out`, every tenth text is kept aside for measuring. The version is the moment of
    training; the folder appears whole or not at all. 9,000 addresses take some 90 s on one core.
    """
    learnt = list(texts)
    if not held_out:
        dice = random.Random(1)  # noqa: S311 - the same split each time
        dice.shuffle(learnt)
        aside = max(1, len(learnt) // _HELD_OUT)
        held_out, learnt = learnt[:aside], learnt[aside:] or learnt
    version = now.strftime("%Y%m%dT%H%M%SZ")
    home = folder / "models" / ADDRESSES
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=".new-") as made:
        path = Path(made) / "held" / FILE
        path.parent.mkdir()
        _fit(learnt, path, SMALL if small else FULL)
        about = {
            "name": ADDRESSES,
            "version": version,
            "hash": file_hash(path),
            "trained_at": now.isoformat(timespec="seconds"),
            "trained_on": trained_on,
            "measured": {"on": "texts kept aside", **measure(path, held_out).rounded()},
        }
        said = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
        (path.parent / ABOUT).write_text(said, encoding="utf-8")
        os.replace(path.parent, home / version)
    return next(one for one in models(folder) if not one.shipped and one.version == version)


def measure(path: Path, texts: Sequence[Labelled]) -> Agreement:
    """How well a model file labels texts."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    return agreement((labels, tagger.tag(features(words))) for words, labels in texts)


def _fit(texts: Sequence[Labelled], path: Path, settings: dict[str, float]) -> None:
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for words, labels in texts:
        trainer.append(features(words), labels)
    trainer.set_params({**settings, "feature.possible_transitions": True})
    trainer.train(str(path))
