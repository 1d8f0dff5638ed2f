"""What can be done with duty lists and skills; one transaction each."""

from chengyun.dispatch.verbs.activating import activate_list, install_pack_list, retire_list
from chengyun.dispatch.verbs.drafting import Head, import_list, save_draft
from chengyun.dispatch.verbs.skills import record_skill, remove_skill

__all__ = [
    "Head",
    "activate_list",
    "import_list",
    "install_pack_list",
    "record_skill",
    "remove_skill",
    "retire_list",
    "save_draft",
]
