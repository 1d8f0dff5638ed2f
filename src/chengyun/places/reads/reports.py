"""Proofs about layers: does each cover its area once, and what is missing or claimed twice?"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.places.decide.overlaying import Area, Proof, prove
from chengyun.places.decide.stored import Blob, outlines
from chengyun.places.models import Grid, GridLayer, Region
from chengyun.places.reads.features import revision
from chengyun.places.reads.regions import boundary

MOST_FLAWS = 200
_KEPT = 32

_proved: OrderedDict[tuple[str, int], dict[str, Any]] = OrderedDict()
_lock = threading.Lock()


def overlay_report(area_no: int) -> dict[str, Any]:
    """Cells, gaps, overlaps and overreach of each grid layer and level of regions below an area.

    Sizes in m²; at most 200 flaws of each sort are listed, the sums are of all. Raises NotFound,
    or Invalid when the area has no outline to be covered.
    """
    key = (revision(areas.city_of(area_no)), area_no)
    with _lock:
        # One at a time: proving a whole city keeps a core busy for seconds, asking again must not.
        if key not in _proved:
            _proved[key] = _prove(area_no)
            while len(_proved) > _KEPT:
                _proved.popitem(last=False)
        return _proved[key]


def _prove(area_no: int) -> dict[str, Any]:
    outline = boundary(area_no)
    if outline is None:
        raise Invalid([FieldError("area", "has no outline, so nothing can cover it", "no_outline")])
    span = areas.span(area_no)
    proofs: list[Proof] = []
    below = areas.LEVELS[areas.depth(area_no) : 4]
    for level in below:
        rows = Region.objects.filter(area_no__range=span, level=level, valid_to=None)
        found = list(rows.exclude(boundary=None).order_by("code").values_list("code", "boundary"))
        if found:
            proofs.append(_proof(level, outline, found))
    for layer in GridLayer.objects.filter(city_id=areas.city_of(area_no)).order_by("code"):
        cells = Grid.objects.filter(layer=layer, area_no__range=span, valid_to=None)
        found = list(cells.order_by("code").values_list("code", "boundary"))
        proofs.append(_proof(f"grid:{layer.code}", outline, found))
    return {"area_no": area_no, "layers": [_document(proof) for proof in proofs]}


def _proof(name: str, area: Area, found: Sequence[tuple[str, Blob]]) -> Proof:
    shapes = outlines(wkb for _, wkb in found)
    return prove(name, area, [code for code, _ in found], shapes)


def _document(proof: Proof) -> dict[str, Any]:
    document = asdict(proof)
    for flaws in ("gaps", "overlaps", "outside"):
        document[flaws] = list(document[flaws][:MOST_FLAWS])
    return document | {"sound": proof.sound}
