"""Giving addresses their area-style codes: the numbers of streets, buildings and rooms are kept."""

from collections.abc import Mapping, Sequence

from chengyun.kernel.copy import insert_rows
from chengyun.kernel.text import Json
from chengyun.places.decide.coding import AREA_DIGITS, CodeRules, segment, segment_names
from chengyun.places.models import AddressOrdinal

_COLUMNS = {"city_no": "bigint", "above": "text", "name": "text", "ordinal": "int"}


def area_style_codes(
    rules: CodeRules | None, city_no: int, states: Sequence[tuple[str, Mapping[str, Json]]]
) -> list[str]:
    """The code of each (area code, state); "" without rules, without a 12-digit area, or where a
    number outgrew its digits. Callers hold the city, so that no number is given twice."""
    if rules is None:
        return [""] * len(states)
    named = [segment_names(state) for _, state in states]
    usable = [len(area) == AREA_DIGITS and area.isdigit() for area, _ in states]
    codes = [area if right else "" for (area, _), right in zip(states, usable, strict=True)]
    for depth, width in enumerate(rules.widths):
        wanted = {
            (code, names[depth])
            for code, names in zip(codes, named, strict=True)
            if code and names[depth]
        }
        ordinals = _ordinals(city_no, wanted)
        codes = [
            _longer(code, ordinals.get((code, names[depth]), 0), width)
            for code, names in zip(codes, named, strict=True)
        ]
    return codes


def _longer(code: str, ordinal: int, width: int) -> str:
    digits = segment(ordinal, width)
    return code + digits if code and digits else ""


def _ordinals(city_no: int, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The ordinal of each (above, name); new names get the next free ones, in order of name."""
    aboves = {above for above, _ in wanted}
    rows = AddressOrdinal.objects.filter(city_no=city_no, above__in=list(aboves))
    held: dict[tuple[str, str], int] = {}
    last: dict[str, int] = {}
    for above, name, ordinal in rows.values_list("above", "name", "ordinal"):
        held[above, name] = ordinal
        last[above] = max(last.get(above, 0), ordinal)
    fresh = []
    for above, name in sorted(wanted - held.keys()):
        last[above] = last.get(above, 0) + 1
        held[above, name] = last[above]
        fresh.append((city_no, above, name, last[above]))
    insert_rows("places_addressordinal", _COLUMNS, fresh)
    return held
