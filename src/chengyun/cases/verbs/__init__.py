"""What can be done with cases: one transaction each, the actor first."""

from chengyun.cases.verbs.arriving import SOURCES, Intake
from chengyun.cases.verbs.contact import Contact, erase_expired
from chengyun.cases.verbs.covering import open_original, redact_photo
from chengyun.cases.verbs.erasing import erase
from chengyun.cases.verbs.history import (
    HistoryRow,
    Refused,
    import_history,
    known_external,
    known_ids,
)
from chengyun.cases.verbs.intake import BATCH_MAX, report, report_batch
from chengyun.cases.verbs.joining import join_case
from chengyun.cases.verbs.moderating import moderate_part
from chengyun.cases.verbs.moves import BULK_MAX, move, move_many
from chengyun.cases.verbs.paper import ROWS_MAX, enter_paper
from chengyun.cases.verbs.printing import print_case, print_list
from chengyun.cases.verbs.public import rate, reopen, report_of, reveal_contact
from chengyun.cases.verbs.rules import load_kinds, load_rules
from chengyun.cases.verbs.sheets import PaperRow
from chengyun.cases.verbs.ticks import recompute_clocks, tick_due

__all__ = [
    "BATCH_MAX",
    "BULK_MAX",
    "ROWS_MAX",
    "SOURCES",
    "Contact",
    "HistoryRow",
    "Intake",
    "PaperRow",
    "Refused",
    "enter_paper",
    "erase",
    "erase_expired",
    "import_history",
    "join_case",
    "known_external",
    "known_ids",
    "load_kinds",
    "load_rules",
    "moderate_part",
    "move",
    "move_many",
    "open_original",
    "print_case",
    "print_list",
    "rate",
    "recompute_clocks",
    "redact_photo",
    "reopen",
    "report",
    "report_batch",
    "report_of",
    "reveal_contact",
    "tick_due",
]
