"""What places asks of whoever keeps a subject of change sets, inside this room or above it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chengyun.kernel.registry import Registry
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.changing import Changing, Head, Problem

__all__ = ["Applier", "Changing", "Head", "Problem", "appliers"]


class Applier(Protocol):
    """Keeps one subject: tells what its targets are like, and writes them. Database only.

    A target's state is a JSON object of what a change may change; bookkeeping (versions, dates of
    recording) is not in it, so that writing a state back gives the same state.
    """

    def current(self, head: Head, target_ids: Collection[str]) -> Mapping[str, JsonObject]:
        """The state of those targets that exist and are not retired."""
        ...

    def check(
        self, head: Head, changes: Sequence[Changing], now: datetime
    ) -> Mapping[int, Sequence[Problem]]:
        """What is wrong with changes, by their order; those without fault may be left out."""
        ...

    def apply(self, head: Head, changes: Sequence[Changing], now: datetime) -> None:
        """Bring every target from `before` to `after`, in the order given."""
        ...

    def undo(self, head: Head, changes: Sequence[Changing], now: datetime) -> None:
        """Bring every target back from `after` to `before`, in the order given (last first)."""
        ...


appliers: Registry[Applier] = Registry("applier of change sets")
"""By subject: "addresses", "components", "layer" …; registered in the room's or app's ready()."""
