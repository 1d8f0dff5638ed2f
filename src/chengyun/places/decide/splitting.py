"""A standard address text into its parts: what registers write, not what people say.

Free text is the geocoder's work; this reads road, lane, number, estate, building, unit, floor and
room in that order, and refuses to guess at anything else.
"""

import re
import unicodedata

from chengyun.places.decide.addressing import PARTS

_N = r"[0-9A-Za-z甲乙丙丁一二三四五六七八九十百]+(?:-[0-9A-Za-z]+)?"
_ROAD = r"(?P<road>[^\s0-9]{1,30}?(?:大道|公路|大街|[路街道巷里]))"
_SHAPE = re.compile(
    rf"{_ROAD}?(?P<lane>{_N}弄)?(?P<sub_lane>{_N}支弄)?(?P<number>{_N}号(?!楼))?"
    rf"(?P<compound>[^\s0-9]{{2,30}}?(?:小区|苑|园|公寓|新村|里|村|大厦|广场|中心))?"
    rf"(?P<building>{_N}(?:幢|号楼|栋|座))?(?P<unit>{_N}单元)?(?P<floor>{_N}[层楼])?(?P<room>{_N}室)?"
)
_CROSS = re.compile(
    r"(?P<road>[^\s0-9]{2,20}?[路街道])(?:近|/)(?P<cross>[^\s0-9]{2,20}[路街道])(?:口)?"
)


def split_text(said: str) -> dict[str, str]:
    """The parts of a text; a text of another shape, or a mere name, is a landmark (`poi`)."""
    text = unicodedata.normalize("NFKC", said).replace(" ", "")
    if not text:
        return {}
    found = _CROSS.fullmatch(text) or _SHAPE.fullmatch(text)
    if found is None:
        return {"poi": text}
    if found.lastgroup == "compound" and found["compound"] == text:
        return {"poi": text}
    return {part: found.groupdict()[part] for part in PARTS if found.groupdict().get(part)}
