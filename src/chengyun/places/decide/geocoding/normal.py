"""One way of writing: what two people write differently and mean alike becomes the same text.

Width and compatibility forms (NFKC), Traditional signs to Simplified one by one, numerals before a
unit to Arabic, one dash, one sign for number, no white space except between Latin words. Doing it
twice changes nothing more.
"""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

from chengyun.places.decide.geocoding.numerals import LETTERS, number

LONGEST = 2000
"""Characters read of a text: a complaint says where within that, and work stays bounded."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－~〜～﹘"), "-")
_SIGNS = {ord("衖"): "弄", ord("櫃"): "柜", ord("№"): "号", ord("\u3000"): " ", ord("\u00a0"): " "}
_UNITS = "支弄|弄|号|幢|栋|座|室|单元|楼|层|村|期|区|坊|街坊|小区|大队|队|组|委|米"
_NUMERAL = re.compile(f"[{LETTERS}]+(?=(?:{_UNITS}|#))")
_HASH_BEFORE = re.compile(r"#\s*([0-9]+)(?![0-9号弄室幢])")
_HASH_AFTER = re.compile(r"(?<=[0-9a-z甲乙丙丁])\s*#")
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r"(?<![0-9a-z]) | (?![0-9a-z])")
_TWICE = re.compile(r"号(?:号)+")


def _simplified() -> dict[int, str]:
    """Every Han sign whose Simplified form is another single one, followed to its end."""
    han = "".join(map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))))
    convert = OpenCC("t2s").convert
    # A line each: the converter may know pairs of signs as words.
    simple = convert("\n".join(han)).split("\n")
    table = {ord(a): b for a, b in zip(han, simple, strict=True) if a != b and len(b) == 1}
    # A sign whose simple form has a simpler one goes all the way, so that once is enough.
    for sign, form in table.items():
        simplest = form
        while table.get(ord(simplest), simplest) != simplest:
            simplest = table[ord(simplest)]
        table[sign] = simplest
    return table


_TABLE = _simplified() | _DASHES | _SIGNS


def _arabic(match: re.Match[str]) -> str:
    value = number(match.group())
    return match.group() if value is None else str(value)


def normal(text: str) -> str:
    """The text written the one way; at most LONGEST characters of it are read."""
    found = unicodedata.normalize("NFKC", text[:LONGEST]).lower().translate(_TABLE)
    found = _TIGHT.sub("", _SPACE.sub(" ", found))
    # Folding case and closing gaps may leave forms that compose.
    found = unicodedata.normalize("NFKC", found).translate(_TABLE)
    found = _NUMERAL.sub(_arabic, found)
    if "#" in found:
        found = _HASH_AFTER.sub("号", _HASH_BEFORE.sub(r"\1号", found))
        found = _TWICE.sub("号", found)
    return found[:LONGEST]


@lru_cache(maxsize=65_536)
def normal_name(text: str) -> str:
    """The same for the names of a book, which come again and again."""
    return normal(text)
