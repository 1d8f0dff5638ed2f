"""What others ask of places. Import reads from here."""

from chengyun.places.reads.address_quality import address_quality
from chengyun.places.reads.address_rules import AddressLaw, address_rules
from chengyun.places.reads.address_tables import address_csv, in_wgs84
from chengyun.places.reads.addresses import (
    address,
    address_on,
    addresses,
    addresses_called,
    entities,
    find_address,
)
from chengyun.places.reads.atlas import (
    AreaInfo,
    CityInfo,
    CityMap,
    Spot,
    Spots,
    area,
    area_by_code,
    area_path,
    areas_named,
    cities,
    city,
    city_map,
    city_of,
    locate,
    locate_many,
)
from chengyun.places.reads.changes import change_set, change_sets, changes_of, own_area
from chengyun.places.reads.features import grid_features, region_features, revision
from chengyun.places.reads.geocoding import Geocoder, geocode, geocoder, public_places
from chengyun.places.reads.grids import (
    GridLine,
    OverLine,
    grid_codes,
    grid_sheet,
    grids,
    layers,
    owner_list,
)
from chengyun.places.reads.map_layers import (
    LayerLine,
    based,
    every_feature,
    layer,
    layer_features,
    layer_list,
    layer_versions,
)
from chengyun.places.reads.regions import RegionThen, boundary, region_on, regions
from chengyun.places.reads.reports import overlay_report
from chengyun.places.reads.standing import Standing, standing
from chengyun.places.reads.transforms import grid_list, grids_on, transform_uses

__all__ = [
    "AddressLaw",
    "AreaInfo",
    "CityInfo",
    "CityMap",
    "Geocoder",
    "GridLine",
    "LayerLine",
    "OverLine",
    "RegionThen",
    "Spot",
    "Spots",
    "Standing",
    "address",
    "address_csv",
    "address_on",
    "address_quality",
    "address_rules",
    "addresses",
    "addresses_called",
    "area",
    "area_by_code",
    "area_path",
    "areas_named",
    "based",
    "boundary",
    "change_set",
    "change_sets",
    "changes_of",
    "cities",
    "city",
    "city_map",
    "city_of",
    "entities",
    "every_feature",
    "find_address",
    "geocode",
    "geocoder",
    "grid_codes",
    "grid_features",
    "grid_list",
    "grid_sheet",
    "grids",
    "grids_on",
    "in_wgs84",
    "layer",
    "layer_features",
    "layer_list",
    "layer_versions",
    "layers",
    "locate",
    "locate_many",
    "overlay_report",
    "own_area",
    "owner_list",
    "public_places",
    "region_features",
    "region_on",
    "regions",
    "revision",
    "standing",
    "transform_uses",
]
