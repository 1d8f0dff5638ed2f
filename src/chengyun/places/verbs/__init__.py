"""What can be done to places. Import verbs from here."""

from chengyun.places.verbs.addresses import (
    import_addresses,
    load_address_rules,
    move_address,
    propose_address,
    restructure_addresses,
)
from chengyun.places.verbs.census import draft_census, record_finding
from chengyun.places.verbs.changes import (
    add_changes,
    apply_set,
    approve_set,
    open_set,
    propose_set,
    reject_set,
    replay_set,
    roll_back_set,
)
from chengyun.places.verbs.cities import add_city
from chengyun.places.verbs.components import import_components, load_component_kinds
from chengyun.places.verbs.entities import (
    change_entity,
    end_entity,
    import_entities,
    save_entity,
)
from chengyun.places.verbs.grids import assign_grid_owner, generate_grids, group_grids, import_grids
from chengyun.places.verbs.layers import import_layer, put_layer
from chengyun.places.verbs.map_plugins import load_map_plugins
from chengyun.places.verbs.overlays import overlay_layers
from chengyun.places.verbs.regions import change_region, close_region, import_regions
from chengyun.places.verbs.transforms import log_use, tie_grid, transform

__all__ = [
    "add_changes",
    "add_city",
    "apply_set",
    "approve_set",
    "assign_grid_owner",
    "change_entity",
    "change_region",
    "close_region",
    "draft_census",
    "end_entity",
    "generate_grids",
    "group_grids",
    "import_addresses",
    "import_components",
    "import_entities",
    "import_grids",
    "import_layer",
    "import_regions",
    "load_address_rules",
    "load_component_kinds",
    "load_map_plugins",
    "log_use",
    "move_address",
    "open_set",
    "overlay_layers",
    "propose_address",
    "propose_set",
    "put_layer",
    "record_finding",
    "reject_set",
    "replay_set",
    "restructure_addresses",
    "roll_back_set",
    "save_entity",
    "tie_grid",
    "transform",
]
