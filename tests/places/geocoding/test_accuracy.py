"""Accuracy on real Shanghai address texts under noise; floors lie below what was measured."""

import csv
import gzip
import random
from collections import Counter
from pathlib import Path
from zlib import crc32

from bench._address_noise import noisy
from chengyun.places.decide.geocoding.building import build
from chengyun.places.decide.geocoding.finding import find
from chengyun.places.decide.geocoding.normal import normal
from chengyun.places.decide.geocoding.tables import Fault, standards

EVERY = 7
CLEAN = ("clean", "no city")


def test_real_addresses_are_found_under_noise(shared_data: Path | None) -> None:
    if shared_data is None:
        print("not measured: shared data is not on this machine")  # noqa: T201
        return
    with gzip.open(
        shared_data / "sh-addresses" / "addresses.csv.gz", "rt", encoding="utf-8"
    ) as file:
        head, *rows = csv.reader(file)
    # Half was looked at while tuning; the other half decides.
    held_out = [tuple(row) for row in rows if crc32((row[0] + row[1]).encode()) % 2]
    found = standards(head, held_out, "上海市")
    book = build(one for one in found if not isinstance(one, Fault))
    asked, right, sure, wrong = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    dice = random.Random(11)
    for district, address, *_ in held_out[::EVERY]:
        for sort, said in noisy(district, "", address, dice).items():
            answer = find(book, said)
            best = answer.candidates[0] if answer.candidates else None
            # One house may stand in the list twice, with and without its town.
            same = best is not None and district in best.areas and _same(best.text, address)
            asked[sort] += 1
            right[sort] += same
            sure[sort] += answer.verdict == "unique"
            wrong[sort] += answer.verdict == "unique" and not same
    clean = sum(right[sort] for sort in CLEAN) / sum(asked[sort] for sort in CLEAN)
    noise = [sort for sort in asked if sort not in CLEAN]
    noisy_share = sum(right[sort] for sort in noise) / sum(asked[sort] for sort in noise)
    precision = 1 - wrong.total() / sure.total()
    print(f"clean {clean:.4f} noisy {noisy_share:.4f} sure {sure.total() / asked.total():.3f}")  # noqa: T201
    print(f"precision of sure {precision:.4f}")  # noqa: T201
    assert clean >= 0.99
    assert noisy_share >= 0.97
    assert right["misspelt"] / asked["misspelt"] >= 0.93
    assert precision >= 0.995


def _same(one: str, other: str) -> bool:
    a, b = normal(one), normal(other)
    return a.endswith(b) or b.endswith(a)
