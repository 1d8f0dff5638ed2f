"""The ways out of the house, one file each; all pass the same test (tests/notices)."""

from typing import Protocol

from chengyun.kernel.registry import Registry
from chengyun.notices.decide.outgoing import Answer, Outgoing


class Channel(Protocol):
    """One way to tell somebody.

    `send` may be slow and may fail; it never touches the database, has time-outs, and answers
    instead of raising for anything the other side does. Called outside transactions, at least
    once; `out.key` tells the other side a second try.
    """

    # Whether it reaches people away from the screen, so that quiet hours hold it.
    outside: bool

    def send(self, out: Outgoing) -> Answer: ...


channels: Registry[Channel] = Registry("channel")
