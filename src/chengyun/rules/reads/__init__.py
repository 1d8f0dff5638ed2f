"""What others ask of rules. Import reads from here; `signals` is a module."""

from chengyun.rules.reads import signals
from chengyun.rules.reads.book import Book, Entry, read_book
from chengyun.rules.reads.measured import measured

__all__ = ["Book", "Entry", "measured", "read_book", "signals"]
