"""Proofs about layers: does each cover its area once, and what is missing or claimed twice?"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.places.decide.overlaying import Area, Proof, prove
from chengyun.places.decide.stored import Blob, outlines
from chengyun.places.models import Grid, GridLayer, Region
from chengyun.places.reads.regions import boundary

MOST_FLAWS = 200


def overlay_report(area_no: int) -> dict[str, Any]:
    """Cells, gaps, overlaps and overreach of each grid layer and level of regions below an area.

    Sizes in m²; at most 200 flaws of each sort are listed, the sums are of all. Raises NotFound,
    or Invalid when the area has no outline to be covered.
    """
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
