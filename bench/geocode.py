"""Noisy Chinese address → standard address over 1,000,000 generated addresses, one thread.

Product: addresses/s over texts in every sort of noise of `_address_noise`. Reference: a plain index
of sign pairs over the same texts (the rows that share most pairs with the question), as full-text
search without knowledge of addresses would do it. Limit: an exact look-up of the clean text in a
dictionary. Accuracy stands beside the speed, and the precision of answers called unique.
addok is no reference for such texts: see docs/why/0018.
"""

import random
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from _address_book import standards
from _address_noise import noisy
from chengyun.places.decide.geocoding.book import Book
from chengyun.places.decide.geocoding.building import build
from chengyun.places.decide.geocoding.finding import find
from chengyun.places.decide.geocoding.normal import normal
from chengyun.places.decide.geocoding.standard import Standard
from chengyun.places.reads import book_files

NAME = "geocode"
UNIT = "addresses/s"
NODE = False
ADDRESSES = 1_000_000
ASKED = 700
REFERENCE_ASKED = 60
CLEAN = {"clean", "no city"}

Question = tuple[str, str, str]
"""Sort of noise, text, id of the right address."""


def run(node: object | None) -> dict[str, object]:
    """Build, keep and map the book, then ask. Needs no database; about 3 minutes, 1.5 GB."""
    every = list(standards(ADDRESSES))
    questions = _questions(random.Random(5).sample(every, ASKED))
    exact = {"".join(one.areas) + one.text: one.id for one in every}
    keys = ["".join(one.areas) + one.text for one in random.Random(6).sample(every, 20_000)]
    started = time.perf_counter()
    book = build(every)
    build_s = time.perf_counter() - started
    del every
    with tempfile.TemporaryDirectory() as folder:
        book_files.save(book, Path(folder) / "book")
        started = time.perf_counter()
        mapped = book_files.load(Path(folder) / "book")
        find(mapped, questions[0][1])
        load_s = time.perf_counter() - started
        told = _asked(mapped, questions)
    reference, reference_right = _reference(book, questions)
    started = time.perf_counter()
    assert all(exact[key] for key in keys)
    limit = len(keys) / (time.perf_counter() - started)
    return {
        **told,
        "reference": round(reference, 1),
        "reference_name": f"index of sign pairs, top-1 {reference_right:.3f}",
        "limit": round(limit),
        "limit_name": "exact text in a dictionary",
        "addresses": len(book),
        "names": len(book.names.names),
        "build_s": round(build_s, 1),
        "load_s": round(load_s, 2),
        "columns_mb": round(book.bytes_held / 1e6),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _questions(chosen: list[Standard]) -> list[Question]:
    dice = random.Random(5)
    return [
        (sort, said, one.id)
        for one in chosen
        for sort, said in noisy(one.areas[1], one.areas[2], one.text, dice).items()
    ]


def _asked(book: Book, questions: list[Question]) -> dict[str, object]:
    for _, said, _ in questions[:300]:
        find(book, said)
    asked, right, sure, wrong = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    took = []
    for sort, said, wanted in questions:
        started = time.perf_counter()
        answer = find(book, said)
        took.append(time.perf_counter() - started)
        hit = bool(answer.candidates) and answer.candidates[0].id == wanted
        asked[sort] += 1
        right[sort] += hit
        sure[sort] += answer.verdict == "unique"
        wrong[sort] += answer.verdict == "unique" and not hit
    noise = [sort for sort in asked if sort not in CLEAN]
    p50, p99 = np.percentile(took, [50, 99]) * 1000
    return {
        "product": round(len(took) / sum(took)),
        "p50_ms": round(float(p50), 3),
        "p99_ms": round(float(p99), 2),
        "top1_clean": _share(right, asked, sorted(CLEAN)),
        "top1_noisy": _share(right, asked, noise),
        "top1_by_noise": {sort: _share(right, asked, [sort]) for sort in noise},
        "unique": _share(sure, asked, list(asked)),
        "precision_of_unique": round(1 - wrong.total() / max(1, sure.total()), 4),
    }


def _share(part: Counter[str], whole: Counter[str], sorts: list[str]) -> float:
    return round(sum(part[sort] for sort in sorts) / sum(whole[sort] for sort in sorts), 4)


def _reference(book: Book, questions: list[Question]) -> tuple[float, float]:
    """Questions a second, and the share of right first answers, of a plain index of sign pairs."""
    numbers: dict[str, int] = {}
    owners: list[np.ndarray] = []
    pairs: list[np.ndarray] = []
    for row in range(len(book)):
        text = normal("".join(book.paths[book.row_paths[row]]) + book.texts[row])
        own = {numbers.setdefault(text[at : at + 2], len(numbers)) for at in range(len(text) - 1)}
        pairs.append(np.fromiter(own, np.int32, len(own)))
        owners.append(np.full(len(own), row, np.int32))
    pair, owner = np.concatenate(pairs), np.concatenate(owners)
    del pairs, owners
    order = np.argsort(pair, kind="stable")
    owner = owner[order]
    starts = np.searchsorted(pair[order], np.arange(len(numbers) + 1))
    chosen = random.Random(8).sample(questions, REFERENCE_ASKED)
    right = 0
    started = time.perf_counter()
    for _, said, wanted in chosen:
        text = normal(said)
        own = {numbers[p] for at in range(len(text) - 1) if (p := text[at : at + 2]) in numbers}
        counts = np.zeros(len(book), np.int16)
        for one in own:
            counts[owner[starts[one] : starts[one + 1]]] += 1
        right += book.ids[int(counts.argmax())] == wanted
    return len(chosen) / (time.perf_counter() - started), right / len(chosen)
