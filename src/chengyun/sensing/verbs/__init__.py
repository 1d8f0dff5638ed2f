"""What can be done in sensing. Import verbs from here."""

from chengyun.sensing.verbs.caring import calibrate, end_maintenance, maintain
from chengyun.sensing.verbs.checking import check_drift, check_streams
from chengyun.sensing.verbs.context import (
    change_context_entity,
    delete_context_entity,
    make_context_entity,
    remove_context_attribute,
)
from chengyun.sensing.verbs.context_past import change_past, tell_past
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
from chengyun.sensing.verbs.ldcontexts import drop_ldcontext, keep_ldcontext
from chengyun.sensing.verbs.naming import take_named
from chengyun.sensing.verbs.observing import NewObservation, post_observations
from chengyun.sensing.verbs.registering import NewThing, register_things
from chengyun.sensing.verbs.sharing import ask_share, decide_share, end_share, expire_shares
from chengyun.sensing.verbs.subscribing import change_subscription, subscribe, unsubscribe
from chengyun.sensing.verbs.taking import take

__all__ = [
    "Entity",
    "NewObservation",
    "NewThing",
    "ask_share",
    "calibrate",
    "change_context_entity",
    "change_entity",
    "change_past",
    "change_stream",
    "change_subscription",
    "change_thing",
    "check_drift",
    "check_streams",
    "decide_share",
    "delete_context_entity",
    "delete_entity",
    "drop_ldcontext",
    "end_maintenance",
    "end_share",
    "expire_shares",
    "forget_batches",
    "forget_hours",
    "keep_ldcontext",
    "load_senses",
    "maintain",
    "make_context_entity",
    "make_days",
    "plant_trees",
    "post_entity",
    "post_observations",
    "register_things",
    "remove_context_attribute",
    "subscribe",
    "sweep",
    "take",
    "take_named",
    "tell_past",
    "unsubscribe",
    "work_out",
]
