"""Questions about notices, answered to whom they belong."""

from chengyun.notices.reads.book import book, forget_book
from chengyun.notices.reads.log import log
from chengyun.notices.reads.own import notices, unread
from chengyun.notices.reads.preferences import preferences, preferences_view

__all__ = [
    "book",
    "forget_book",
    "log",
    "notices",
    "preferences",
    "preferences_view",
    "unread",
]
