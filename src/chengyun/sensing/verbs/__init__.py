"""What can be done in sensing. Import verbs from here."""

from chengyun.sensing.verbs.caring import calibrate, end_maintenance, maintain
from chengyun.sensing.verbs.checking import check_drift, check_streams
from chengyun.sensing.verbs.days import (
    forget_batches,
    forget_hours,
    make_days,
    plant_trees,
    sweep,
)
from chengyun.sensing.verbs.declaring import load_senses
from chengyun.sensing.verbs.entities import Entity, post_entity
from chengyun.sensing.verbs.entity_changes import change_entity, delete_entity
from chengyun.sensing.verbs.hours import work_out
from chengyun.sensing.verbs.keeping import change_stream, change_thing
from chengyun.sensing.verbs.naming import take_named
from chengyun.sensing.verbs.observing import NewObservation, post_observations
from chengyun.sensing.verbs.registering import NewThing, register_things
from chengyun.sensing.verbs.sharing import ask_share, decide_share, end_share, expire_shares
from chengyun.sensing.verbs.taking import take

__all__ = [
    "Entity",
    "NewObservation",
    "NewThing",
    "ask_share",
    "calibrate",
    "change_entity",
    "change_stream",
    "change_thing",
    "check_drift",
    "check_streams",
    "decide_share",
    "delete_entity",
    "end_maintenance",
    "end_share",
    "expire_shares",
    "forget_batches",
    "forget_hours",
    "load_senses",
    "maintain",
    "make_days",
    "plant_trees",
    "post_entity",
    "post_observations",
    "register_things",
    "sweep",
    "take",
    "take_named",
    "work_out",
]
