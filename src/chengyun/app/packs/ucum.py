"""Whether a text is a unit as UCUM writes it (case sensitive): enough of its grammar and units."""

import re
from difflib import get_close_matches

PREFIXES = frozenset(("Y", "Z", "E", "P", "T", "G", "M", "k", "h", "da", *"dcmunpfazy"))
METRIC = frozenset(
    (
        *("m", "s", "g", "rad", "K", "C", "cd", "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V"),
        *("F", "Ohm", "S", "Wb", "Cel", "T", "H", "lm", "lx", "Bq", "Gy", "Sv", "L", "l", "ar"),
        *("t", "bar", "u", "eV", "cal", "B", "B[SPL]", "B[A]", "B[V]", "eq", "U", "kat", "[iU]"),
        *("mho", "bit", "By"),
    )
)
"""Units that take a prefix. UCUM has no A-weighted level: `B[A]` is written like its `B[SPL]`."""
PLAIN = frozenset(
    (
        *("min", "h", "d", "wk", "mo", "a", "deg", "'", "''", "%", "[ppth]", "[ppm]", "[ppb]"),
        *("[pH]", "[degF]", "[in_i]", "[ft_i]", "[mi_i]", "[kn_i]", "[nmi_i]", "har", "atm"),
        *("mbar", "10*", "10^", "circ", "gon", "[NTU]", "[FNU]", "[CFU]"),
    )
)
COMMON = (
    *("m", "cm", "mm", "km", "m2", "m3", "L", "m/s", "km/h", "mm/h", "mm/d", "L/s", "m3/s", "m3/h"),
    *("Cel", "K", "%", "1", "Pa", "hPa", "kPa", "MPa", "bar", "ug/m3", "mg/m3", "mg/L", "[ppm]"),
    *("s", "ms", "min", "h", "d", "V", "A", "W", "kW.h", "deg", "rad", "kg", "g", "t", "Hz", "N"),
    *("kN", "dB", "dB[A]", "dB[SPL]", "lx", "1/m2", "[pH]", "[NTU]", "uS/cm", "ug/L"),
)
_TERM = re.compile(r"(\{[^{}]*\}|[^./{}]+?)([+-]?\d+)?(\{[^{}]*\})?")


def fault(unit: str) -> str | None:
    """What is wrong with a unit, with the nearest one that is right; None: nothing."""
    wrong = next((part for part in re.split(r"[./]", unit) if part and not _known(part)), None)
    if wrong is None and not re.search(r"[./]{2}|[.]$|/$|^[.]", unit):
        return None
    near = get_close_matches(unit, COMMON, 1, 0.5) or [
        one for one in COMMON if one.lower() == unit.lower()
    ]
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"{unit!r} is no UCUM unit{meant}"


def _known(part: str) -> bool:
    if part.isdecimal():
        return True
    found = _TERM.fullmatch(part)
    if found is None:
        return False
    atom = found[1]
    if atom.startswith("{"):
        return True
    if atom in METRIC or atom in PLAIN:
        return True
    return any(atom.startswith(one) and atom[len(one) :] in METRIC for one in PREFIXES)
