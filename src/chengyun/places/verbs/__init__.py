"""What can be done to places. Import verbs from here."""

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
from chengyun.places.verbs.grids import assign_grid_owner, generate_grids, group_grids, import_grids
from chengyun.places.verbs.overlays import overlay_layers
from chengyun.places.verbs.regions import change_region, close_region, import_regions

__all__ = [
    "add_changes",
    "add_city",
    "apply_set",
    "approve_set",
    "assign_grid_owner",
    "change_region",
    "close_region",
    "generate_grids",
    "group_grids",
    "import_grids",
    "import_regions",
    "open_set",
    "overlay_layers",
    "propose_set",
    "reject_set",
    "replay_set",
    "roll_back_set",
]
