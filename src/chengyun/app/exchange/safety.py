"""Cells that a spreadsheet would run as a formula are written so that it does not, reversibly."""

_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def escape(text: str) -> str:
    """The text with an apostrophe in front where it begins like a formula (or an apostrophe)."""
    return f"'{text}" if text.startswith(_ACTIVE) else text


def unescape(text: str) -> str:
    """What `escape` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_ACTIVE) else text
