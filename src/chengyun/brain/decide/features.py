"""What the address model sees of a token: itself, its neighbours, its number, the units around it.

Features are strings, as linear-chain models take them. Digits count by how many there are, so that
a house number never seen is as good as one that was.
"""

from collections.abc import Sequence

UNITS = frozenset(
    "省市区县旗州盟镇乡街路道巷弄里村社组园苑城庄坊号栋幢座楼层室户单元铺厦场院店厂司校"
)
_BEGIN, _END = "<", ">"
_FAR = 7


def features(words: Sequence[str]) -> list[list[str]]:
    """The features of every token, in order."""
    seen = [_shape(word) for word in words]
    left, right = _units_before(seen), _units_after(seen)
    padded = [_BEGIN * 3, _BEGIN * 2, _BEGIN, *seen, _END, _END * 2, _END * 3]
    last = len(words) - 1
    return [
        [
            *_at(padded, at + 3),
            left[at],
            right[at],
            f"i={min(at, 6)}",
            f"j={min(last - at, 4)}",
            *_number(words[at]),
        ]
        for at in range(len(words))
    ]


def _at(s: list[str], i: int) -> list[str]:
    a, b, c, d, e, f, g = s[i - 3 : i + 4]
    return [
        "a" + a,
        "b" + b,
        "c" + c,
        "d" + d,
        "e" + e,
        "f" + f,
        "g" + g,
        "bc" + b + c,
        "cd" + c + d,
        "de" + d + e,
        "ef" + e + f,
        "ce" + c + "|" + e,
        "abc" + a + b + c,
        "bcd" + b + c + d,
        "cde" + c + d + e,
        "def" + d + e + f,
        "efg" + e + f + g,
    ]


def _shape(word: str) -> str:
    if word.isdigit():
        return "9" * min(len(word), 6)
    if len(word) > 1:
        return word.lower() if len(word) < 4 else "Aa"
    return word.lower()


def _number(word: str) -> list[str]:
    if not word.isdigit():
        return []
    return ["n=" + (word if len(word) < 3 else word[0] + "." * (len(word) - 1))]


def _units_before(seen: list[str]) -> list[str]:
    """The nearest unit before each token and how far, and the one before that."""
    found, unit, before, at = [], _BEGIN, _BEGIN, -1
    for i, word in enumerate(seen):
        found.append(f"L{unit}{before}{min(i - at, _FAR)}")
        if word in UNITS:
            unit, before, at = word, unit, i
    return found


def _units_after(seen: list[str]) -> list[str]:
    """The nearest unit at or after each token and how far."""
    found, unit, at = [], _END, len(seen)
    for i in range(len(seen) - 1, -1, -1):
        if seen[i] in UNITS:
            unit, at = seen[i], i
        found.append(f"R{unit}{min(at - i, _FAR)}")
    return found[::-1]
