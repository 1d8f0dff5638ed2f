"""What the map workbench asks beside the catalogue: declared layers and tools, addresses."""

from ninja import Router

from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.places import reads
from chengyun.places.api.areas import bbox_asked, city_asked
from chengyun.places.schemas.map_plugins import AddressFeatures, MapPluginsOut

router = Router()


@router.get("/map/plugins", response=MapPluginsOut)
def list_map_plugins(request: Request, city: int = 0) -> JsonObject:
    """Layers and tools of the map that packs declare, as far as the asker's posts see them."""
    return reads.map_plugins(request.actor, city_asked(None, city))


@router.get("/addresses.geojson", response=AddressFeatures, operation_id="address_features")
def address_points(request: Request, bbox: str) -> JsonObject:
    """Addresses of a box as points, at most 5,000."""
    return reads.address_features(request.actor, bbox_asked(bbox))
