"""Where packs are in use, and at which version."""

from collections.abc import Sequence
from dataclasses import dataclass

from chengyun.rules.models import PackUse, RuleVersion


@dataclass(frozen=True, slots=True)
class Use:
    """What areas decided about a pack: those where it is off, and those kept at a version."""

    off: tuple[int, ...] = ()
    versions: tuple[tuple[int, str], ...] = ()

    def kept(
        self, versions: Sequence[RuleVersion], current: RuleVersion
    ) -> list[tuple[int, RuleVersion | None]]:
        """Areas with the version of a rule that holds there instead of the current one; None: the
        rule was not there yet. What a city wrote itself holds everywhere."""
        if not current.pack_version:
            return []
        found = []
        for area, wanted in self.versions:
            known = [one for one in versions if one.pack_version and _upto(one, wanted)]
            newest = max(known, key=lambda one: one.version) if known else None
            if newest is None or newest.version != current.version:
                found.append((area, newest))
        return found


def read_uses() -> dict[str, Use]:
    """Pack → what areas decided about it."""
    found: dict[str, Use] = {}
    for one in PackUse.objects.order_by("area_no"):
        use = found.get(one.pack, Use())
        if one.off:
            found[one.pack] = Use((*use.off, one.area_no), use.versions)
        else:
            found[one.pack] = Use(use.off, (*use.versions, (one.area_no, one.version)))
    return found


def number(version: str) -> tuple[int, ...]:
    """A version as numbers, to be compared; empty where it is none."""
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()


def _upto(one: RuleVersion, wanted: str) -> bool:
    return number(one.pack_version) <= number(wanted)
