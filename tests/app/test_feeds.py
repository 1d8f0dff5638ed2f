"""Atom by area: valid, escaped, in two languages, and nothing that is not public."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from chengyun.kernel.scope import bind
from chengyun.places.models import City, Region
from tests.app.world import World
from tests.cases.desk import NOBODY, Clock, Desk

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def desk(world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Desk:
    settings.DATA_DIR = tmp_path
    clock = Clock()
    monkeypatch.setattr("chengyun.app.middleware.system_clock", clock)
    return Desk(world, clock)


def get(path: str, **headers: str) -> Any:
    bind(NOBODY)
    return Client().get(path, headers=headers)


def entries(path: str) -> list[ET.Element]:
    answer = get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314 - our own


def test_a_feed_is_valid_and_follows_its_area(desk: Desk) -> None:
    case = desk.new(text="<b>words</b>", address="address")
    root = ET.fromstring(get("/feeds/310101.atom").content)  # noqa: S314
    for needed in ("title", "id", "updated"):
        assert root.findtext(f"{ATOM}{needed}"), "RFC 4287 asks for it"
    assert {link.get("rel") for link in root.findall(f"{ATOM}link")} == {"alternate", "self"}
    entry = root.findall(f"{ATOM}entry")[0]
    for needed in ("title", "id", "updated", "summary"):
        assert entry.findtext(f"{ATOM}{needed}")
    assert case.no in (entry.findtext(f"{ATOM}id") or "")
    assert "words" not in get("/feeds/310101.atom").content.decode()
    assert "address" not in get("/feeds/310101.atom").content.decode()
    assert len(entries("/feeds/310000.atom")) == 1
    assert len(entries("/feeds/310101001.atom")) == 1
    assert entries("/feeds/310104.atom") == []


def test_a_closed_case_is_news_in_both_languages(desk: Desk) -> None:
    desk.new().closed()
    zh = entries("/feeds/310101.atom")[0].findtext(f"{ATOM}title") or ""
    en = entries("/feeds/310101.atom?lang=en")[0].findtext(f"{ATOM}title") or ""
    assert "已办结" in zh
    assert "solved 2026-03-02" in en
    assert entries("/feeds/310101.atom?lang=<x>")


def test_names_are_escaped(desk: Desk) -> None:
    desk.new()
    Region.objects.filter(code="310101001").update(
        name_en="<script>alert(1)</script>&", name_zh="]]>"
    )
    City.objects.update(revision="00000000-0000-0000-0000-0000000000aa")
    answer = get("/feeds/310101001.atom?lang=en").content.decode()
    assert "<script>" not in answer
    ET.fromstring(answer)  # noqa: S314


def test_what_was_seen_is_not_sent_again(desk: Desk) -> None:
    for _ in range(2):
        first = get("/feeds/310101.atom")
        again = get("/feeds/310101.atom", **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        desk.clock.pass_(minutes=10)
        assert get("/feeds/310101.atom")["ETag"] == first["ETag"]
        desk.new()
    assert get("/feeds/310101.atom")["ETag"] != first["ETag"]


@pytest.mark.parametrize("code", ["999999", "<x>", "310101'--", "..", "310101.atom"])
def test_an_unknown_area_has_no_feed(desk: Desk, code: str) -> None:
    assert get(f"/feeds/{code}.atom").status_code == 404


def test_a_feed_that_is_asked_too_often_says_when_to_come_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chengyun.app.feeds.KNOCKS", 3)
    answers = [get("/feeds/310101.atom") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) > 0
