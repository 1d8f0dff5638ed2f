"""What is wrong in a pack, as sentences a person can act on."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PackFault:
    """One fault: the file (pack/path), the place inside it, what is wrong and what to do."""

    file: str
    where: str
    wrong: str
    todo: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.where}" if self.where else self.file
        return f"{place}: {self.wrong}. {self.todo}" if self.todo else f"{place}: {self.wrong}."


class PackError(Exception):
    """Packs cannot be used; `faults` lists everything found."""

    def __init__(self, faults: Iterable[PackFault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in the packs:\n{lines}")
