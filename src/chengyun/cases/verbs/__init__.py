"""What can be done with cases: one transaction each, the actor first."""

from chengyun.cases.verbs.arriving import SOURCES, Intake
from chengyun.cases.verbs.batch import BULK_MAX, move_batch, move_many
from chengyun.cases.verbs.batched import BatchMove
from chengyun.cases.verbs.components import name_component
from chengyun.cases.verbs.contact import Contact, erase_expired
from chengyun.cases.verbs.covering import (
    bare_originals,
    expire_originals,
    open_original,
    redact_photo,
)
from chengyun.cases.verbs.erasing import erase
from chengyun.cases.verbs.filters import remove_filter, save_filter
from chengyun.cases.verbs.history import (
    HistoryRow,
    Refused,
    import_history,
    known_external,
    known_ids,
)
from chengyun.cases.verbs.intake import BATCH_MAX, Told, report, report_batch, report_told
from chengyun.cases.verbs.joining import join_case
from chengyun.cases.verbs.moderating import moderate_part
from chengyun.cases.verbs.moves import move
from chengyun.cases.verbs.paper import ROWS_MAX, enter_paper
from chengyun.cases.verbs.playing import AlreadyPlaying, own_time, playing
from chengyun.cases.verbs.presence import be_here, forget_gone, leave
from chengyun.cases.verbs.printing import print_case, print_list
from chengyun.cases.verbs.public import (
    rate,
    reopen,
    report_of,
    reporter_history,
    reveal_contact,
)
from chengyun.cases.verbs.rules import load_homes, load_kinds, load_rules, load_texts
from chengyun.cases.verbs.sheets import PaperRow
from chengyun.cases.verbs.texts import remove_text, write_text
from chengyun.cases.verbs.ticks import recompute_clocks, tick_due

__all__ = [
    "BATCH_MAX",
    "BULK_MAX",
    "ROWS_MAX",
    "SOURCES",
    "AlreadyPlaying",
    "BatchMove",
    "Contact",
    "HistoryRow",
    "Intake",
    "PaperRow",
    "Refused",
    "Told",
    "bare_originals",
    "be_here",
    "enter_paper",
    "erase",
    "erase_expired",
    "expire_originals",
    "forget_gone",
    "import_history",
    "join_case",
    "known_external",
    "known_ids",
    "leave",
    "load_homes",
    "load_kinds",
    "load_rules",
    "load_texts",
    "moderate_part",
    "move",
    "move_batch",
    "move_many",
    "name_component",
    "open_original",
    "own_time",
    "playing",
    "print_case",
    "print_list",
    "rate",
    "recompute_clocks",
    "redact_photo",
    "remove_filter",
    "remove_text",
    "reopen",
    "report",
    "report_batch",
    "report_of",
    "report_told",
    "reporter_history",
    "reveal_contact",
    "save_filter",
    "tick_due",
    "write_text",
]
