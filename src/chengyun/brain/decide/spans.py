"""Labels of tokens as spans, and how well one labelling agrees with another."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """Tokens `start` to `end` (exclusive) are one part."""

    start: int
    end: int
    label: str


def spans(labels: Sequence[str]) -> list[Span]:
    """The spans of B-/I- labels; an I- that continues nothing begins a span, as conlleval reads."""
    found: list[Span] = []
    start, label = 0, ""
    for at, tag in enumerate([*labels, "O"]):
        begins, _, name = tag.partition("-")
        if label and (begins != "I" or name != label):
            found.append(Span(start, at, label))
            label = ""
        if begins != "O" and not label:
            start, label = at, name
    return found


@dataclass(frozen=True, slots=True)
class Agreement:
    """Exact-span precision, recall and F1; the share of tokens and of whole texts that agree."""

    texts: int
    precision: float
    recall: float
    f1: float
    tokens: float
    whole: float

    def rounded(self) -> dict[str, float]:
        """For a file beside the model."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def agreement(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Agreement:
    """Compare (true, said) label sequences."""
    texts = hit = said = true = right = tokens = whole = 0
    for gold, found in pairs:
        a, b = set(spans(gold)), set(spans(found))
        texts += 1
        hit, said, true = hit + len(a & b), said + len(b), true + len(a)
        right += sum(x == y for x, y in zip(gold, found, strict=True))
        tokens += len(gold)
        whole += a == b
    return Agreement(
        texts,
        hit / said if said else 0.0,
        hit / true if true else 0.0,
        2 * hit / (said + true) if said + true else 0.0,
        right / tokens if tokens else 0.0,
        whole / texts if texts else 0.0,
    )
