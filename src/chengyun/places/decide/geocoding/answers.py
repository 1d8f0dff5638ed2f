"""What the geocoder answers: candidates with score, level and reasons in words, and a verdict."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from chengyun.kernel.text import Text, text

Level = Literal["building", "lane", "place", "crossing", "road", "area"]
"""How finely the answer tells: a numbered house (or what hangs on it), a lane (弄), an estate,
village or landmark, a crossing, a road, an area."""

Verdict = Literal["unique", "candidates", "none"]


class Reason(NamedTuple):
    """Why, as a code with what it speaks of."""

    code: str
    about: str = ""


_WORDS: dict[str, tuple[str, str]] = {
    "exact": ("与标准地址“{}”一致", "is the standard address “{}”"),
    "alias": ("按又名或旧名找到“{}”", "found by another name, “{}”"),
    "nearly": ("原文疑有错字，按“{}”查找", "read as “{}”, one sign differs"),
    "perhaps": ("或为“{}”，也可能是另一处", "perhaps “{}”, perhaps another place"),
    "area": ("辖区相符：{}", "the area fits: {}"),
    "area_differs": ("原文辖区与之不符：{}", "the text names another area: {}"),
    "no_area": ("原文未写明辖区", "the text names no area"),
    "number_missing": ("库中没有这个号：{}", "this number is not in the register: {}"),
    "finer": ("原文写得更细，库中只到这里", "the text is finer than the register"),
    "near_number": ("邻近的号", "a neighbouring number"),
    "read_otherwise": ("号码单位按“{}”理解", "the numbers are understood as “{}”"),
    "group": ("库中只有更细的地址，取其中心", "only finer addresses are known; their centre"),
    "crossing": ("两路交叉：{}", "crossing of {}"),
    "crossing_guess": ("两路最近处：{}", "where the two roads are nearest: {}"),
    "inside": (
        "地名前后还有相连的字，可能是别的地名",
        "signs before or after may belong to the name",
    ),
    "unread": ("原文还有未认出的号码", "a number in the text was not understood"),
    "only_area": ("只认出辖区", "only the area was recognised"),
    "many": ("有多个相近的答案", "several answers are alike"),
}


def words(reasons: tuple[Reason, ...]) -> Text:
    """Reasons as one sentence in both languages."""
    zh, en = [], []
    for reason in reasons:
        said = _WORDS[reason.code]
        zh.append(said[0].format(reason.about))
        en.append(said[1].format(reason.about))
    return text("；".join(zh), "; ".join(en))


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer.

    `id` and `code` are empty where the answer is no single standard address (a lane of which only
    houses are known, a road); the point is then the centre. `score` is 0 to 1.
    """

    id: str
    code: str
    text: str
    level: Level
    score: float
    areas: tuple[str, ...]
    lon: float | None
    lat: float | None
    reasons: tuple[Reason, ...] = ()
    rank: float = field(default=0.0, repr=False)
    """The score before it was cut to 0 to 1; the order of answers."""
    same: tuple[object, ...] = field(default=(), repr=False)
    """Equal for rows of one house: name and numbers."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; `unique` means the first may be used without asking."""

    verdict: Verdict
    candidates: tuple[Candidate, ...]
