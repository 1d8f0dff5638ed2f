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
from chengyun.places.reads.grids import GridLine, OverLine, grid_codes, grids, layers, owner_list
from chengyun.places.reads.regions import RegionThen, boundary, region_on, regions
from chengyun.places.reads.reports import overlay_report

__all__ = [
    "AddressLaw",
    "AreaInfo",
    "CityInfo",
    "CityMap",
    "Geocoder",
    "GridLine",
    "OverLine",
    "RegionThen",
    "Spot",
    "Spots",
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
    "boundary",
    "change_set",
    "change_sets",
    "changes_of",
    "cities",
    "city",
    "city_map",
    "city_of",
    "entities",
    "find_address",
    "geocode",
    "geocoder",
    "grid_codes",
    "grid_features",
    "grids",
    "in_wgs84",
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
]
