"""The address model on a public corpus (8,957 addresses to learn from, 2,985 to measure on).

Product: exact-span F1 on the dev part by what `./cy brain train addresses` fits on the train part
alone; tokens, whole addresses and speed beside it. Reference: 0.8993, published for a neural model
(NAACL 2019, on the test part, which is not in the folder). Reads $CHENGYUN_DATA; nothing is kept.
"""

import gzip
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from chengyun.brain.decide.labelled import read
from chengyun.brain.reads import parse_address
from chengyun.brain.verbs import train

NAME = "address-model"
UNIT = "exact-span F1"
NODE = False
PUBLISHED = 0.8993
_BESIDE = Path(__file__).parents[2] / "shared" / "data"


def run(node: object | None) -> dict[str, object]:
    """Train and measure; about two minutes."""
    folder = Path(os.environ.get("CHENGYUN_DATA", _BESIDE)) / "address-parsing-zh"
    if not folder.is_dir():
        raise SystemExit(f"{folder} is not there: name the data folder in $CHENGYUN_DATA")
    learnt, held_out = (
        read(gzip.decompress((folder / f"{part}.conll.gz").read_bytes()).decode())
        for part in ("train", "dev")
    )
    with tempfile.TemporaryDirectory() as kept:
        started = time.perf_counter()
        model = train(
            learnt,
            folder=Path(kept),
            trained_on="train part",
            now=datetime.now(UTC),
            held_out=held_out,
        )
        train_s = time.perf_counter() - started
        texts = ["".join(words) for words, _ in held_out]
        started = time.perf_counter()
        for text in texts:
            parse_address(text, Path(kept))
        rate = len(texts) / (time.perf_counter() - started)
    return {
        "product": model.measured["f1"],
        "reference": PUBLISHED,
        "reference_name": "published neural model, test part",
        "tokens": model.measured["tokens"],
        "whole": model.measured["whole"],
        "train_s": round(train_s),
        "parsed_per_s": round(rate),
        "learnt_from": len(learnt),
        "measured_on": len(held_out),
    }
