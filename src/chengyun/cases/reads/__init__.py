"""What screens and doors read of cases; everything is scoped and paged."""

from chengyun.cases.reads.board import board
from chengyun.cases.reads.detail import case_detail, photo_in_sight, timeline
from chengyun.cases.reads.history import histories, load_states
from chengyun.cases.reads.kinds import Kinds, forget_kinds, kind_list, kinds
from chengyun.cases.reads.live import live_rows
from chengyun.cases.reads.queue import Filters, case_map, counts, filtered, queue
from chengyun.cases.reads.rows import ROW_FIELDS, CaseRow, case_rows
from chengyun.cases.reads.rulebook import CityRules, Rulebook, forget_rules, rulebook
from chengyun.cases.reads.track import nearby, photo_of_track, promise, track
from chengyun.cases.reads.worst import worst

__all__ = [
    "ROW_FIELDS",
    "CaseRow",
    "CityRules",
    "Filters",
    "Kinds",
    "Rulebook",
    "board",
    "case_detail",
    "case_map",
    "case_rows",
    "counts",
    "filtered",
    "forget_kinds",
    "forget_rules",
    "histories",
    "kind_list",
    "kinds",
    "live_rows",
    "load_states",
    "nearby",
    "photo_in_sight",
    "photo_of_track",
    "promise",
    "queue",
    "rulebook",
    "timeline",
    "track",
    "worst",
]
