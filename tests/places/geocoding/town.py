"""A small book: a street with lanes, two roads of one name, a tower, a crossing, an old house."""

from chengyun.places.decide.geocoding.book import Book
from chengyun.places.decide.geocoding.building import build
from chengyun.places.decide.geocoding.standard import Area, Parts, Standard

CITY, MINHANG, PUDONG, TOWN = "上海市", "闵行区", "浦东新区", "江川路街道"
AREAS = [
    Area("310000", (CITY,), (), 121.47, 31.23),
    Area("310112", (CITY, MINHANG), ("Minhang District",), 121.4, 31.1),
    Area("310115", (CITY, PUDONG), (), 121.5, 31.2),
    Area("310112001", (CITY, MINHANG, TOWN), (), 121.4, 31.0),
]
HERE = (CITY, MINHANG, TOWN)
STANDARDS = [
    Standard("81", "c81", "鹤庆路358弄81号", HERE, lon=121.41, lat=31.01),
    Standard("82", "c82", "鹤庆路358弄82号", HERE, lon=121.4101, lat=31.01),
    Standard("9", "", "鹤庆路9号", HERE, lon=121.4102, lat=31.01),
    Standard("b", "", "碧江路12号", HERE, lon=121.4105, lat=31.0102),
    Standard(
        "tower",
        "",
        "世纪大道100号",
        (CITY, PUDONG),
        Parts(road="世纪大道", number="100号", poi="环球金融中心"),
        aliases=("环球中心", "旧世纪路5号"),
        lon=121.5,
        lat=31.23,
    ),
    Standard("cross", "", "航三路航吉路交界口", (CITY, PUDONG), lon=121.6, lat=31.1),
    Standard("p", "", "人民路100号", (CITY, PUDONG)),
    Standard("m", "", "人民路100号", (CITY, MINHANG)),
    Standard(
        "estate",
        "",
        "华宁路8弄3号",
        HERE,
        Parts(road="华宁路", lane="8弄", number="3号", compound="红旗新村"),
    ),
    Standard("gone", "", "旧路9号", HERE, state="retired"),
]


def town() -> Book:
    """The book of the small town."""
    return build(STANDARDS, AREAS)
