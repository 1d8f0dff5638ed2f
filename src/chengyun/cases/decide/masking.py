"""Covering what may name a person in a text that others read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from chengyun.kernel.text import Text

COVER = "＊＊＊"


@dataclass(frozen=True, slots=True)
class Mask:
    """A pattern, its id and what it finds."""

    id: str
    pattern: str
    text: Text


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def found_in(said: str, masks: Sequence[Mask]) -> tuple[str, ...]:
    """The ids of the masks that find something, in their order."""
    return tuple(one.id for one in masks if _compiled(one.pattern).search(said))


def covered(said: str, masks: Sequence[Mask]) -> str:
    """The text with everything that a mask finds covered."""
    for one in masks:
        said = _compiled(one.pattern).sub(COVER, said)
    return said
