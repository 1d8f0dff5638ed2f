"""Coordinates from one reference to another over HTTP, for who is signed in."""

from ninja import Router

from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.places import reads, verbs
from chengyun.places.api.areas import city_asked
from chengyun.places.schemas.layers import (
    EngineeringGridsOut,
    TransformIn,
    TransformOut,
    UsesOut,
)

router = Router()


@router.post("/transforms", response=TransformOut)
def transform(request: Request, data: TransformIn, city: int = 0) -> JsonObject:
    """Take points between WGS84, CGCS2000, GCJ02, BD09, EPSG:n and GRID:code; it is logged."""
    held = city if city or not _names_grid(data) else city_asked(None, 0)
    return verbs.transform(
        request.actor,
        now=request.now,
        city_no=city_asked(None, held) if held else None,
        points=data.points,
        source=data.source,
        target=data.target,
        purpose=data.purpose,
    )


@router.get("/transforms/uses", response=UsesOut)
def list_uses(request: Request) -> JsonObject:
    """Who moved how many coordinates from what to what; one's own, or all for who audits."""
    return {"items": reads.transform_uses(request.actor)}


@router.get("/engineering-grids", response=EngineeringGridsOut)
def list_engineering_grids(request: Request, city: int = 0) -> JsonObject:
    """The city's engineering grids with their fits and residuals."""
    return {"items": reads.grid_list(city_asked(None, city))}


def _names_grid(data: TransformIn) -> bool:
    return any(name.upper().startswith("GRID:") for name in (data.source, data.target))
