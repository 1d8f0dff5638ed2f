"""Homes by post, tier and city, and the requests that wait for somebody's yes or no."""

from datetime import timedelta

from chengyun.cases import verbs as cases
from chengyun.cases.models import RuleDocument
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM
from tests.app.world import SPOT
from tests.cases.desk import NOW, Desk, as_owner


def cards(desk: Desk, who: str) -> list[str]:
    return [one["card"] for one in desk.get(who, "/homes/mine")["items"]]


def test_homes_are_what_the_packs_say(desk: Desk) -> None:
    assert cards(desk, "leader") == ["now", "board"]
    assert cards(desk, "handler") == ["route"]
    assert "board" not in cards(desk, "acceptor")
    one = desk.get("leader", "/homes/mine")["items"][0]
    assert (one["post"], one["tier"], one["pack"]) == ("leader", "city", "base")
    assert desk.ask(None, "GET", "/homes/mine").status == 401


def test_a_city_says_its_own_and_other_cities_keep_theirs(desk: Desk) -> None:
    own = {"post": "leader", "tiers": ["city"], "cards": ["board", "arrivals"]}
    city = areas.unpack(desk.world.city_no)[0]
    for cities, wanted in ([city + 1], ["now", "board"]), ([city], ["board", "arrivals"]):
        content = {"rank": 99, "cities": cities, "homes": [own]}
        with as_owner():
            cases.load_homes(
                SYSTEM, now=NOW, pack="own-town", pack_version="1.0.0", content=content
            )
        assert cards(desk, "leader") == wanted
    # What the city does not say stays as the base says it.
    assert cards(desk, "handler") == ["route"]


def test_without_packs_a_home_shows_what_needs_one(desk: Desk) -> None:
    with as_owner():
        RuleDocument.objects.filter(what="homes").delete()
    assert cards(desk, "leader") == ["now"]


def waiting(desk: Desk, who: str) -> list[list[str]]:
    return [one["asks"] for one in desk.get(who, "/cases?asked=true")["items"]]


def test_a_request_waits_for_the_one_who_is_next(desk: Desk) -> None:
    case = desk.new(lon=SPOT[0] + 0.001)
    desk.new(lon=SPOT[0] + 0.002)
    case.does("department", "request_extension", reason="rain")
    assert waiting(desk, "dispatcher") == [["extension:dispatcher"]]
    assert waiting(desk, "department") == []
    assert waiting(desk, "leader") == []
    case.does("dispatcher", "approve_extension")
    assert waiting(desk, "dispatcher") == []
    until = (desk.clock.at + timedelta(days=5)).isoformat()
    case.does("department", "request_suspension", reason="no road", until=until)
    assert waiting(desk, "dispatcher") == [["suspension:dispatcher"]]
    case.does("dispatcher", "refuse_suspension", reason="there is a way")
    assert waiting(desk, "dispatcher") == []


def test_a_handlers_request_waits_for_the_department_first(desk: Desk) -> None:
    case = desk.new(lon=SPOT[0] + 0.001)
    case.does("department", "assign", handler_id=str(desk.world.users["handler"].id))
    case.does("handler", "start").does("handler", "request_extension", reason="parts")
    assert waiting(desk, "department") == [["extension:department"]]
    assert waiting(desk, "dispatcher") == []
    case.does("department", "approve_extension")
    assert waiting(desk, "dispatcher") == [["extension:dispatcher"]]
