"""What is wrong in a pack, as sentences a person can act on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches


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


def unknown(file: str, where: str, said: str, noun: str, known: Collection[str]) -> PackFault:
    """A name that nobody knows, with the nearest one that somebody does."""
    return PackFault(file, where, f"{said!r} is no {noun}", meant(said, known))


def meant(said: str, known: Collection[str]) -> str:
    """What was probably meant, or what there is."""
    near = get_close_matches(said, list(known), 1)
    if near:
        return f"Did you mean {near[0]}?"
    some = sorted(known)
    return f"Use one of {', '.join(some[:20])}{' …' if len(some) > 20 else ''}"
