"""Labelled addresses from files: CoNLL (token and label a line), or CSV with a column per part."""

import csv
import io
from collections.abc import Iterator, Mapping

from chengyun.brain.decide.generating import Labelled
from chengyun.brain.decide.tokens import tokens

PARTS = (
    *("province", "city", "district", "town", "community", "road", "lane", "sub_lane", "number"),
    *("compound", "building", "unit", "floor", "room", "poi", "cross", "direction"),
)
TEXT_COLUMNS = ("text", "address", "地址")


class NotLabelled(ValueError):
    """The file holds no labelled addresses; the message says what was looked for."""


def read(content: str) -> list[Labelled]:
    """All labelled texts of a file. Raises NotLabelled."""
    head = content.lstrip("\ufeff").lstrip().partition("\n")[0]
    found = list(_csv(content) if "," in head else _conll(content))
    if not found:
        raise NotLabelled(
            "No labelled address was found: expected CoNLL (token, blank, label; an empty line "
            f"between texts) or CSV with an address column and some of {', '.join(PARTS)}."
        )
    return found


def _conll(content: str) -> Iterator[Labelled]:
    words: list[str] = []
    labels: list[str] = []
    for number, line in enumerate([*content.splitlines(), ""], start=1):
        cells = line.split()
        if not cells:
            if words:
                yield words, labels
            words, labels = [], []
            continue
        begins, dash, label = cells[-1].partition("-")
        if cells[-1] != "O" and (begins not in {"B", "I"} or not dash):
            raise NotLabelled(
                f"Line {number}: {cells[-1]!r} is no label such as B-road, I-road or O."
            )
        # A token that is a kind of white space is gone after splitting.
        words.append(cells[0] if len(cells) > 1 else "?")
        labels.append(f"{begins}-{label.lower()}" if dash else "O")


def _csv(content: str) -> Iterator[Labelled]:
    rows = csv.DictReader(io.StringIO(content.lstrip("\ufeff")))
    text = next((name for name in TEXT_COLUMNS if name in (rows.fieldnames or ())), None)
    for row in rows:
        said = {part: (row.get(part) or "").strip() for part in PARTS}
        if not any(said.values()):
            continue
        yield _row(row.get(text) or "" if text else "".join(said.values()), said)


def _row(text: str, said: Mapping[str, str]) -> Labelled:
    """The text's tokens, labelled where a part's tokens stand, in the order of the columns."""
    words = tokens(text)
    labels = ["O"] * len(words)
    at = 0
    for part, value in said.items():
        wanted = tokens(value)
        if not wanted:
            continue
        for start in range(at, len(words) - len(wanted) + 1):
            if words[start : start + len(wanted)] == wanted:
                at = start + len(wanted)
                labels[start:at] = [f"B-{part}", *[f"I-{part}"] * (len(wanted) - 1)]
                break
    return words, labels
