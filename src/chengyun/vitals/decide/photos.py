"""The same photo on several cases: equal files, or pictures that look almost the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from chengyun.kernel.text import text
from chengyun.vitals.decide.suspicions import Suspicion, made


@dataclass(frozen=True, slots=True)
class Look:
    """One photo of a case: SHA-256 of what was received, and its difference hash (64 bits)."""

    case_id: UUID
    upload_id: UUID
    sha256: bytes
    dhash: int | None


def tells(dhash: int | None) -> bool:
    """Whether a difference hash says anything: flat pictures all look alike."""
    return dhash is not None and 8 <= (dhash & (2**64 - 1)).bit_count() <= 56


def same_photos(
    fresh: Sequence[Look], known: Sequence[Look], units: dict[UUID, UUID | None], distance: int
) -> list[Suspicion]:
    """Photos of the period that also stand on another case: equal bytes, or nearly equal looks.

    Args:
        fresh: photos of the period's cases.
        known: photos of earlier cases.
        distance: how many of 64 bits may differ.
    """
    found: list[Suspicion] = []
    taken: set[frozenset[UUID]] = set()
    everybody = [*known, *fresh]
    by_sum: dict[bytes, list[Look]] = defaultdict(list)
    for one in everybody:
        by_sum[one.sha256].append(one)
    looks = _Near(distance)
    for one in everybody:
        looks.add(one)
    for one in fresh:
        alike = [o for o in by_sum[one.sha256] if _other(one, o)]
        near = [o for o in looks.near(one) if _other(one, o) and o.sha256 != one.sha256]
        cases = frozenset({one.case_id, *(o.case_id for o in (*alike, *near))})
        if len(cases) < 2 or cases in taken:
            continue
        taken.add(cases)
        said = (
            text("照片文件完全相同", "the photo files are identical")
            if alike
            else text("照片画面几乎相同", "the photos look almost the same")
        )
        mark = str(min(cases))
        each = [(case, said) for case in cases]
        found.append(made("same_photo", units.get(one.case_id), said, each, mark))
    return found


def _other(one: Look, other: Look) -> bool:
    return one.case_id != other.case_id and one.upload_id != other.upload_id


class _Near:
    """Difference hashes by four slices of 16 bits: within 3 differing bits one slice is equal, and
    most pairs a little further apart share one too."""

    def __init__(self, distance: int) -> None:
        self.distance = distance
        self.slices: dict[tuple[int, int], list[Look]] = defaultdict(list)

    def _keys(self, dhash: int) -> Iterable[tuple[int, int]]:
        return ((at, (dhash >> (16 * at)) & 0xFFFF) for at in range(4))

    def add(self, one: Look) -> None:
        if one.dhash is not None and tells(one.dhash):
            for key in self._keys(one.dhash):
                self.slices[key].append(one)

    def near(self, one: Look) -> list[Look]:
        if one.dhash is None or not tells(one.dhash):
            return []
        met = {o.upload_id: o for key in self._keys(one.dhash) for o in self.slices[key]}
        mask = 2**64 - 1
        return [
            o
            for o in met.values()
            if o.dhash is not None and ((o.dhash ^ one.dhash) & mask).bit_count() <= self.distance
        ]
