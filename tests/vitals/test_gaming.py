"""Each check against gaming over the real loop: what it finds, and a clean twin it leaves alone."""

import io
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from PIL import Image, ImageEnhance

from tests.app.world import SPOT
from tests.cases.desk import Desk, OneCase

PERIOD = "2026-03"
Play = Callable[[Desk], tuple[list[OneCase], list[OneCase]]]


def case(desk: Desk, number: int) -> OneCase:
    """A case of the first street, away from all others."""
    return desk.new(lon=SPOT[0] + 0.002 * (number % 7), lat=SPOT[1] + 0.002 * (number // 7))


def scene(seed: int, quality: int = 95, light: float = 1.0) -> bytes:
    """A photo with something on it; the same seed shows the same."""
    random = Random(seed)
    rough = Image.new("RGB", (9, 8))
    rough.putdata([(random.randrange(256),) * 3 for _ in range(72)])
    large = rough.resize((640, 480), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    ImageEnhance.Brightness(large).enhance(light).save(out, "JPEG", quality=quality)
    return out.getvalue()


def handled(desk: Desk, one: OneCase, note: str, photo: bytes | None = None) -> OneCase:
    """Handled and fed back with these words and this photo, in good time."""
    one.does("department", "assign", handler_id=str(desk.world.users["handler"].id))
    one.does("handler", "start")
    brought = desk.photo("handler") if photo is None else desk.upload("handler", photo)["id"]
    one.does("handler", "handle", after=[brought], note=note)
    return one.does("department", "feedback")


def no_evidence(desk: Desk) -> tuple[list[OneCase], list[OneCase]]:
    """Closed by force with nothing brought, beside one closed with its photo."""
    bare = case(desk, 0).does("shift_leader", "force_close", reason="the house is gone")
    proven = handled(desk, case(desk, 1), "swept")
    return [bare], [proven.does("shift_leader", "force_close", reason="the house is gone")]


def forced_share(desk: Desk) -> tuple[list[OneCase], list[OneCase]]:
    """Three of four closings by force, each for a reason of its own."""
    forced = [
        case(desk, n).does("shift_leader", "force_close", reason=said)
        for n, said in enumerate(("the house is gone", "built over", "nobody lives there"))
    ]
    return forced, [case(desk, 3).closed()]


def split_deadline(desk: Desk) -> tuple[list[OneCase], list[OneCase]]:
    """Extended twice, and given back minutes before the end; once extended, given back early."""
    twice, once, late, early = (case(desk, n) for n in range(4))
    for one in (twice, twice, once):
        one.does("department", "request_extension", reason="rain")
        one.does("dispatcher", "approve_extension")
    early.does("department", "return_step", reason="not ours")
    # Four working hours are the limit; it is ten in the morning.
    due = late.detail()["due_at"]
    desk.clock.at = desk.clock.at.fromisoformat(due)
    desk.clock.pass_(minutes=-11)
    late.does("department", "return_step", reason="not ours")
    # Who gets it then is not who let the time run out.
    other = str(desk.world.unit("310101-san"))
    for one in (late, early):
        one.does("dispatcher", "redispatch", unit=other, reason="yours it is")
        one.handled("other_handler", "other_department").does("other_department", "feedback")
    handled(desk, once, "done in the end")
    handled(desk, twice, "done at last")
    return [twice, late], [once, early]


def same_file(desk: Desk) -> tuple[list[OneCase], list[OneCase]]:
    """One file for two places."""
    found = [handled(desk, case(desk, n), f"swept {n}", scene(1)) for n in range(2)]
    return found, [handled(desk, case(desk, 2), "and here", scene(2))]


def near_photo(desk: Desk) -> tuple[list[OneCase], list[OneCase]]:
    """One picture saved again, smaller and a little brighter: other bytes, the same look."""
    first = handled(desk, case(desk, 0), "swept", scene(3))
    again = handled(desk, case(desk, 1), "cleared", scene(3, quality=55, light=1.06))
    return [first, again], [handled(desk, case(desk, 2), "and here", scene(4))]


def too_fast(desk: Desk) -> tuple[list[OneCase], list[OneCase]]:
    """Handled and fed back in the minute of the dispatch; the twin takes a few minutes."""
    fast = case(desk, 0)
    photo = desk.photo("handler")
    handler = str(desk.world.users["handler"].id)
    for who, move, params in (
        ("department", "assign", {"handler_id": handler}),
        ("handler", "start", {}),
        ("handler", "handle", {"after": [photo], "note": "swept"}),
        ("department", "feedback", {}),
    ):
        body = {"move": move, "params": params}
        answer = desk.ask(who, "POST", f"/cases/{fast.id}/moves", body)
        assert answer.status == 200, answer
    return [fast], [handled(desk, case(desk, 1), "and here")]


def same_words(desk: Desk) -> tuple[list[OneCase], list[OneCase]]:
    """Five times the same words but for a full stop; four other ones, and one short “done”."""
    words = ("已清理完毕", "已清理完毕。", "已清理，完毕", " 已清理完毕 ", "已清理完毕！")
    copied = [handled(desk, case(desk, n), f"{said}恢复原状") for n, said in enumerate(words)]
    own = [handled(desk, case(desk, 5 + n), f"第{n}处垃圾已运走") for n in range(4)]
    return copied, own


CHECKS = {
    "no_evidence": ("no_evidence", no_evidence),
    "forced_share": ("forced_share", forced_share),
    "split_deadline": ("split_deadline", split_deadline),
    "same_file": ("same_photo", same_file),
    "near_photo": ("same_photo", near_photo),
    "too_fast": ("too_fast", too_fast),
    "same_words": ("same_words", same_words),
}


def search(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """What an evaluator's search puts on the page of findings, by check."""
    body = {"period": PERIOD}
    answer = desk.ask("evaluator", "POST", "/evaluation/findings/search", body)
    assert answer.status == 200, answer
    found: dict[str, list[dict[str, Any]]] = {}
    for one in desk.get("evaluator", f"/evaluation/findings?period={PERIOD}")["items"]:
        found.setdefault(one["what"], []).append(one)
    return found


@pytest.mark.parametrize(("what", "play"), CHECKS.values(), ids=CHECKS)
def test_a_check_finds_the_trick_and_not_its_clean_twin(
    desk: Desk, follow: Callable[[], None], what: str, play: Play
) -> None:
    gamed, clean = play(desk)
    follow()
    found = search(desk)
    # One finding, which names each case with its reason in both languages and opens it.
    [one] = found[what]
    assert {item["case_id"] for item in one["cases"]} == {case.id for case in gamed}
    assert {item["no"] for item in one["cases"]} == {case.no for case in gamed}
    assert one["count"] == len(gamed)
    assert all(item["reason"]["zh"] and item["reason"]["en"] for item in one["cases"])
    assert one["title"]["zh"] != one["title"]["en"]
    unit = desk.world.units["310101001-san"]
    assert one["unit"] == unit.name
    for other in found.values():
        named = {item["case_id"] for finding in other for item in finding["cases"]}
        assert not named & {case.id for case in clean}, other


def test_less_than_the_least_is_no_finding(desk: Desk, follow: Callable[[], None]) -> None:
    for n in range(2):
        case(desk, n).does("shift_leader", "force_close", reason=f"reason {n}")
    for n in range(4):
        handled(desk, case(desk, 2 + n), "已清理完毕恢复原状")
    follow()
    assert set(search(desk)) == {"no_evidence"}


def test_a_year_old_picture_is_not_looked_for(desk: Desk, follow: Callable[[], None]) -> None:
    handled(desk, case(desk, 0), "swept", scene(5))
    desk.clock.pass_(days=400)
    handled(desk, case(desk, 1), "cleared", scene(5))
    follow()
    later = f"{desk.clock.at:%Y-%m}"
    body = {"period": later}
    assert desk.ask("evaluator", "POST", "/evaluation/findings/search", body).status == 200
    path = f"/evaluation/findings?period={later}&what=same_photo"
    assert desk.get("evaluator", path)["items"] == []
