"""The parts of an address as a model found them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chengyun.brain.decide.spans import spans

# Labels of a published corpus (NAACL 2019) beside ours; a number is a lane by its unit.
_SAME = {
    "prov": "province",
    "devzone": "community",
    "subroad": "road",
    "roadno": "number",
    "subroadno": "number",
    "poi": "compound",
    "subpoi": "poi",
    "houseno": "building",
    "cellno": "unit",
    "floorno": "floor",
    "roomno": "room",
    "assist": "direction",
}
_LANE = re.compile(r"(?<!支)弄$")
# Labels that tell nothing about where.
_SILENT = {"redundant", "otherinfo", "person", "country"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what it is, as it was written, how sure the model is (0 to 1)."""

    part: str
    text: str
    confidence: float


def parts(words: Sequence[str], labels: Sequence[str], sure: Sequence[float]) -> list[Part]:
    """Parts of labelled tokens; the confidence of a part is that of its least sure token."""
    found = []
    for span in spans(labels):
        if span.label in _SILENT:
            continue
        said = "".join(words[span.start : span.end])
        name = _SAME.get(span.label, span.label)
        if name == "number" and _LANE.search(said):
            name = "lane"
        found.append(Part(name, said, round(min(sure[span.start : span.end]), 3)))
    return found
