"""What renaming a street, splitting a lane or merging lanes does to each address, purely."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from chengyun.kernel.text import Json, JsonObject
from chengyun.places.decide.addressing import clean, written

WHERE = ("road", "lane", "sub_lane", "compound")


@dataclass(frozen=True, slots=True)
class Restructuring:
    """Addresses whose parts equal `where` (and whose number is among `numbers`, if any) get the
    parts of `becomes`; what they were called stays with them as an old name."""

    action: str
    where: Mapping[str, str]
    becomes: Mapping[str, str]
    numbers: Collection[str] = ()

    @classmethod
    def of(
        cls,
        action: str,
        where: Mapping[str, str],
        becomes: Mapping[str, str],
        numbers: Collection[str] = (),
    ) -> "Restructuring":
        """With every part as addresses keep it."""
        return cls(
            action,
            {part: clean(part, value) for part, value in where.items()},
            {part: clean(part, value) for part, value in becomes.items()},
            frozenset(clean("number", number) for number in numbers),
        )

    def change(self, target_id: str, state: Mapping[str, Json]) -> JsonObject | None:
        """The change of one address, None where it is not concerned."""
        if any(state.get(part) != value for part, value in self.where.items()):
            return None
        if self.numbers and state.get("number") not in self.numbers:
            return None
        after = {**state, **self.becomes}
        old = {"kind": "old_name", "name": written(state)}
        names = [*(state.get("names") or [])]
        if written(after) != written(state) and old not in names:
            names.append(old)
        return {
            "action": self.action,
            "target_id": target_id,
            "after": {**self.becomes, "names": names},
        }
