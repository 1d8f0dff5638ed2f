"""Moderation: what is hidden, corrected, covered or destroyed is so on every way out."""

import io
import json
import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from PIL import Image

from chengyun.app.exchange.exported import rows as exported
from chengyun.cases.decide.masking import Mask, covered, found_in
from chengyun.cases.models import Case, ModerationAct, Report
from chengyun.cases.reads import histories, live_rows, load_states, public_rules
from chengyun.kernel import crypto, uploads
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.models import Event
from chengyun.kernel.scope import bind
from tests.app.world import SPOT
from tests.cases.desk import NOBODY, Answer, Desk, OneCase, as_owner

SECRET = "找王小明要他的钥匙"
PHONE = "13912345678"


def moderate(desk: Desk, case: OneCase, who: str = "acceptor", **body: Any) -> Answer:
    return desk.ask(who, "POST", f"/moderation/{case.id}", body)


def erase(desk: Desk, case: OneCase, who: str = "shift_leader", **body: Any) -> Answer:
    asked = {"reason": "personal-data", **body}
    return desk.ask(who, "POST", f"/moderation/{case.id}/erase", asked)


def report_of(desk: Desk, case: OneCase, at: int = 0) -> str:
    found: str = case.detail()["report_list"][at]["id"]
    return found


def on_the_map(desk: Desk) -> list[str]:
    return [one["id"] for one in desk.get(None, "/public/map")["features"]]


def atom(path: str) -> str:
    bind(NOBODY)
    answer = Client().get(path)
    bind(NOBODY)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def every_way_out(desk: Desk, case: OneCase) -> str:
    """All that anybody can get of a case, as one text."""
    said = []
    for who in ("acceptor", "leader", "shift_leader"):
        for path in (f"/cases/{case.id}", f"/cases/{case.id}/timeline", "/cases"):
            said.append(json.dumps(desk.get(who, path).body, ensure_ascii=False, default=str))
    for view in ("new", "flagged", "photos", "hidden"):
        said.append(json.dumps(desk.get("acceptor", f"/moderation?view={view}").body, default=str))
    said.append(json.dumps(desk.get("acceptor", f"/moderation/{case.id}").body, default=str))
    for path in (
        f"/public/reports/{case.code}",
        f"/public/nearby?lon={SPOT[0]}&lat={SPOT[1]}",
        "/public/map?days=365",
    ):
        said.append(json.dumps(desk.get(None, path).body, ensure_ascii=False, default=str))
    said.append(atom("/feeds/310101.atom"))
    for path in (
        "/open311/v2/requests.json",
        f"/open311/v2/requests/{case.no}.json",
        f"/open311/v2/requests/{case.no}/updates.json",
    ):
        bind(NOBODY)
        said.append(Client().get(path + "?jurisdiction_id=310000").content.decode())
    with transaction.atomic():
        bind(SYSTEM.scope())
        said.append(str([dict(one) for one in exported(Case.objects.all())]))
        said.append(str([row.payload for row in live_rows([case.id]).values()]))  # type: ignore[list-item]
    return "\n".join(said)


def every_row() -> str:
    """Every text of every table of ours, as the owner of the database reads them."""
    found = []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names of ours
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


MASKS = (Mask("phone", r"(?<!\d)1[3-9]\d{9}(?!\d)", {"zh": "", "en": ""}),)


def test_what_a_mask_finds_is_covered_and_named() -> None:
    assert found_in(f"call {PHONE}", MASKS) == ("phone",)
    assert covered(f"call {PHONE} now", MASKS) == "call ＊＊＊ now"
    assert found_in("number 2026030200001234567", MASKS) == ()


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ("打我电话139 1234 5678", "phone"),
        ("打 +86-13912345678", "phone"),
        ("身份证310101199001011234", "id-card"),
        ("身份证31010119900101123X 他的", "id-card"),
        ("车牌沪A12345一直停着", "plate"),
        ("车牌沪AD12345停着", "plate"),
        ("座机021-63212345", "landline"),
        ("mail li.si@example.com", "email"),
        ("see https://evil.example/x?y=1", "link"),
    ],
)
def test_a_link_shows_no_number_that_leads_to_a_person(desk: Desk, said: str, flag: str) -> None:
    case = desk.new(text=said)
    with as_owner():
        assert Report.objects.get(track_code=case.code).flags[0] == flag
    shown = case.track()["text"]
    assert "＊＊＊" in shown
    assert not re.search(r"\d{5}|@|example", shown)
    assert desk.get("acceptor", f"/cases/{case.id}")["text"] == said, "staff read what was said"
    listed = desk.get("acceptor", "/moderation?view=flagged")["items"]
    assert listed[0]["reports"][0]["flags"][0]["zh"]


def test_plain_words_are_left_alone(desk: Desk) -> None:
    case = desk.new(text="路灯坏了3盏，编号2026-0012，2号楼旁")
    assert case.track()["text"] == "路灯坏了3盏，编号2026-0012，2号楼旁"
    assert desk.get("acceptor", "/moderation?view=flagged")["items"] == []


def test_a_hidden_case_is_nowhere_in_public_even_when_filed_anew(desk: Desk) -> None:
    case = desk.new(text=SECRET)
    assert on_the_map(desk) == [case.no]
    assert moderate(desk, case, act="hide", what="case").status == 422, "needs a reason"
    assert moderate(desk, case, act="hide", what="case", reason="insult").status == 200
    assert on_the_map(desk) == []
    near = f"/public/nearby?lon={SPOT[0]}&lat={SPOT[1]}"
    assert desk.get(None, near)["items"] == []
    assert case.no not in atom("/feeds/310101.atom")
    bind(NOBODY)
    path = f"/open311/v2/requests/{case.no}.json?jurisdiction_id=310000"
    assert Client().get(path).status_code == 404
    joins = {"text": "me too", "joins": case.no}
    assert desk.ask(None, "POST", "/public/reports", joins).fields == ["joins"]
    # FixMyStreet once told of hidden reports at an address of their moderation.
    for who in ("stranger", "auditor", None):
        for path in (f"/moderation/{case.id}", "/moderation?view=hidden"):
            answer = desk.ask(who, "GET", path)
            assert case.no not in json.dumps(answer.body, default=str)
    kind = case.detail()["kind"]["id"]
    condition = case.detail()["condition"]["id"]
    with transaction.atomic():
        bind(SYSTEM.scope())
        assert Case.objects.get(pk=case.id).hidden
    answer = case.try_("shift_leader", "file", kind_id=kind, condition_id=condition)
    assert answer.status in (200, 409)
    assert on_the_map(desk) == []
    assert moderate(desk, case, act="show", what="case").status == 200
    assert on_the_map(desk) == [case.no]


def test_refiling_does_not_undo_hiding(desk: Desk) -> None:
    case = desk.new(kind=None, text="x")
    case.does("acceptor", "accept")
    assert moderate(desk, case, act="hide", what="case", reason="security").status == 200
    kind = desk.get(None, "/public/kinds").body[0]
    case.does("shift_leader", "file", kind_id=kind["id"], condition_id=kind["conditions"][0]["id"])
    assert on_the_map(desk) == []


def test_hidden_and_corrected_words(desk: Desk) -> None:
    case = desk.new(text=SECRET)
    target = report_of(desk, case)
    assert (
        moderate(desk, case, act="hide", what="text", target=target, reason="insult").status == 200
    )
    told = case.track()
    assert told["text"] == ""
    assert "insult" in told["text_hidden"]["en"]
    assert any("no longer shown" in step["text"]["en"] for step in told["steps"])
    fixed = {"act": "correct", "what": "text", "target": target, "reason": "mistaken"}
    assert moderate(desk, case, **fixed).fields == ["text"]
    assert moderate(desk, case, **fixed, text="钥匙问题").status == 200
    assert case.track()["text"] == "钥匙问题"
    assert moderate(desk, case, act="show", what="text", target=target).status == 200
    acts = desk.get("acceptor", f"/moderation/{case.id}")["acts"]
    assert [one["act"] for one in acts] == ["show", "correct", "hide"]


def test_who_may_moderate(desk: Desk) -> None:
    case = desk.new()
    for who in ("dispatcher", "department", "handler", "leader", "auditor", "collector"):
        answer = moderate(desk, case, who, act="hide", what="case", reason="insult")
        assert answer.status in (403, 404), who
    assert moderate(desk, case, "stranger", act="approve", what="case").status == 404
    target = report_of(desk, case)
    refused = erase(desk, case, "acceptor", what="text", target=target)
    assert (refused.status, refused["code"]) == (403, "not_yours")
    assert erase(desk, case, "stranger", what="text", target=target).status in (403, 404)
    unknown = moderate(desk, case, act="hide", what="case", reason="because")
    assert unknown.fields == ["reason"]


def test_the_list_forgets_what_was_looked_at(desk: Desk) -> None:
    case, other = desk.new(), desk.new()
    listed = desk.get("acceptor", "/moderation?limit=1")
    assert [one["row"]["no"] for one in listed["items"]] == [other.no]
    after = desk.get("acceptor", f"/moderation?limit=1&cursor={listed['next']}")
    assert [one["row"]["no"] for one in after["items"]] == [case.no]
    assert moderate(desk, other, act="approve", what="case").status == 200
    assert [one["row"]["no"] for one in desk.get("acceptor", "/moderation")["items"]] == [case.no]
    assert desk.ask("acceptor", "GET", "/moderation?view=x").status == 422


def test_only_approved_results_are_public(desk: Desk) -> None:
    case = desk.new()
    case.closed()
    feature = desk.get(None, "/public/map")["features"][0]["properties"]
    assert feature["state"] == "closed"
    assert feature["photos"] == []
    photo = next(one for one in case.detail()["photos"] if one["role"] == "after")["id"]
    path = f"/public/cases/{case.no}/photos/{photo}"
    assert desk.ask(None, "GET", path).status == 404
    assert moderate(desk, case, act="approve", what="photo", target=photo).status == 200
    assert desk.get(None, "/public/map")["features"][0]["properties"]["photos"] == [
        f"/api/v1{path}"
    ]
    assert desk.ask(None, "GET", path).kind == "image/jpeg"
    hidden = {"act": "hide", "what": "photo", "target": photo, "reason": "person-visible"}
    assert moderate(desk, case, **hidden).status == 200
    assert desk.ask(None, "GET", path).status == 404
    told = [one for one in case.track()["photos"] if one["role"] == "after"]
    assert told[0]["url"] == ""
    assert "recognised" in told[0]["hidden"]["en"]
    assert desk.ask(None, "GET", f"/public/reports/{case.code}/photos/{photo}").status == 404


def chequered() -> bytes:
    out = io.BytesIO()
    image = Image.effect_noise((200, 100), 80).convert("RGB")
    image.save(out, "PNG")
    return out.getvalue()


def test_a_covered_photo_is_covered_for_everybody(desk: Desk) -> None:
    upload: str = desk.upload("acceptor", chequered())["id"]
    case = desk.new(photos=[upload])
    path = f"/cases/{case.id}/photos/{upload}"
    before = desk.ask("acceptor", "GET", path).body
    boxes = [{"x": 0.25, "y": 0.1, "width": 0.5, "height": 0.5}]
    door = f"/moderation/{case.id}/photos/{upload}"
    bad = {"boxes": [{"x": 2, "y": 0, "width": 1, "height": 1}], "reason": "person-visible"}
    assert desk.ask("acceptor", "POST", f"{door}/redact", bad).status == 422
    body = {"boxes": boxes, "reason": "person-visible"}
    assert desk.ask("acceptor", "POST", f"{door}/redact", body).status == 200
    for one in (path, f"/public/reports/{case.code}/photos/{upload}"):
        shown = desk.ask("acceptor", "GET", one).body
        assert shown != before
        image = Image.open(io.BytesIO(shown))
        # JPEG rings a pixel or two around; inside the box nothing is left.
        inside = image.crop((56, 16, 144, 54))
        assert all(high - low < 12 for low, high in inside.getextrema())
        assert image.crop((152, 64, 200, 100)).getextrema()[0][1] > 120
    small = desk.ask("acceptor", "GET", f"{path}?thumb=1").body
    assert (
        max(high for _, high in Image.open(io.BytesIO(small)).crop((60, 20, 140, 50)).getextrema())
        < 60
    )
    reason = {"reason": "personal-data"}
    assert desk.ask("acceptor", "POST", f"{door}/original", reason).status == 403
    assert desk.ask("shift_leader", "POST", f"{door}/original", reason).body == before
    assert "ContentModerated" in case.told()


def test_an_original_is_destroyed_by_choice(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    upload: str = desk.upload("acceptor", chequered())["id"]
    case = desk.new(photos=[upload])
    door = f"/moderation/{case.id}/photos/{upload}"
    with as_owner():
        path = uploads.path_of(Report.objects.model._meta.pk.to_python(upload))
    assert path.is_file()
    body = {
        "boxes": [{"x": 0, "y": 0, "width": 1, "height": 1}],
        "reason": "person-visible",
        "destroy_original": True,
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.ask("acceptor", "POST", f"{door}/redact", body).status == 200
    assert not path.is_file()
    reason = {"reason": "personal-data"}
    assert desk.ask("shift_leader", "POST", f"{door}/original", reason).status == 404
    assert desk.ask("acceptor", "GET", f"/cases/{case.id}/photos/{upload}").kind == "image/jpeg"


def test_erased_words_are_gone_on_every_way_out_and_from_every_table(desk: Desk) -> None:
    answer = desk.report(None, text=SECRET, address="钥匙弄七号")
    code, no = answer["track_code"], answer["no"]
    with as_owner():
        bind(SYSTEM.scope())
        case_id = str(Case.objects.get(no=no).id)
    case = OneCase(desk, case_id, no, code, "")
    assert SECRET in every_way_out(desk, case)
    done = erase(desk, case, what="text", target=report_of(desk, case))
    assert done.status == 200, done
    assert erase(desk, case, what="address").status == 200
    for way in (every_way_out(desk, case), every_row()):
        assert SECRET not in way
        assert "钥匙弄" not in way
    assert desk.get("acceptor", f"/cases?q={SECRET}")["items"] == []
    told = case.track()
    assert told["text"] == ""
    assert "personal data" in told["text_hidden"]["en"]
    assert erase(desk, case, what="address").status == 404, "nothing is there twice"
    with as_owner():
        act = ModerationAct.objects.filter(what="text").get()
        kept = crypto.commitment(SECRET.encode(), bytes(act.salt))
        assert bytes(act.commitment) == kept, "this installation can say what it was"
        assert bytes(act.commitment) != crypto.commitment(b"guess", bytes(act.salt))


def test_erased_words_of_the_history_still_add_up(desk: Desk) -> None:
    case = desk.new(text="x")
    case.closed()
    case.does("shift_leader", "reopen", reason=SECRET)
    with as_owner():
        bind(SYSTEM.scope())
        before = load_states([case_uuid(case)])[case_uuid(case)]
        event = Event.objects.get(subject_id=case.id, name="cases.CaseReopened")
        others = list(Event.objects.exclude(pk=event.pk).order_by("seq").values())
    assert SECRET in every_way_out(desk, case)
    done = erase(desk, case, what="words", target=str(event.subject_version))
    assert done.status == 200, done
    for way in (every_way_out(desk, case), every_row()):
        assert SECRET not in way
    with as_owner():
        bind(SYSTEM.scope())
        marker = Event.objects.get(pk=event.pk).data["reason"]
        assert set(marker) == {"removed", "reason", "at", "sha256", "salt"}
        history = histories([case_uuid(case)])[case_uuid(case)]
        assert "removed" in next(e for e, _ in history if e.version == event.subject_version).reason  # type: ignore[attr-defined]
        after = load_states([case_uuid(case)])[case_uuid(case)]
        # All but what the last event itself changes.
        assert after.to_data() | {"version": 0, "updated_at": ""} == before.to_data() | {
            "version": 0,
            "updated_at": "",
        }
        same = Event.objects.filter(pk__in=[one["id"] for one in others]).order_by("seq")
        assert list(same.values()) == others
    assert erase(desk, case, what="words", target=str(event.subject_version)).status == 404
    assert erase(desk, case, what="words", target="1").status == 404


def case_uuid(case: OneCase) -> Any:
    return Case._meta.pk.to_python(case.id)


def test_the_narrow_way_lets_nothing_but_a_marker_through(desk: Desk) -> None:
    case = desk.new()
    case.closed()
    case.does("shift_leader", "reopen", reason=SECRET)
    bind(SYSTEM.scope())
    version = Event.objects.get(subject_id=case.id, name="cases.CaseReopened").subject_version
    marker = json.dumps({"removed": True, "reason": "x", "at": "", "sha256": ""})

    def call(field: str, value: str) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT cases_erase_words(%s, %s, %s, %s::jsonb)",
                [case.id, version, field, value],
            )
            return bool(cursor.fetchone()[0])

    for field, value in (
        ("stamp", marker),
        ("to_state", marker),
        ("reason", '"another word"'),
        ("reason", '{"removed": false, "reason": "", "at": "", "sha256": ""}'),
    ):
        with pytest.raises(Exception, match="only a marker"):
            call(field, value)
    assert not call("note", marker), "there is no such text"
    bind(desk.world.actor("stranger").scope())
    assert not call("reason", marker), "another area's history"
    bind(SYSTEM.scope())
    assert call("reason", marker)


def test_an_erased_photo_is_gone_and_stays_in_the_account(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    upload: str = desk.upload(None, chequered())["id"]
    answer = desk.report(None, photos=[upload])
    with as_owner():
        bind(SYSTEM.scope())
        case_id = str(Case.objects.get(no=answer["no"]).id)
    case = OneCase(desk, case_id, answer["no"], answer["track_code"], "")
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(desk, case, what="photo", target=upload).status == 200
    for path in (
        f"/cases/{case.id}/photos/{upload}",
        f"/cases/{case.id}/photos/{upload}?thumb=1",
        f"/public/reports/{case.code}/photos/{upload}",
        f"/public/cases/{case.no}/photos/{upload}",
        f"/uploads/{upload}",
    ):
        assert desk.ask("acceptor", "GET", path).status == 404, path
    files = list(uploads.media_dir().rglob(f"{upload.replace('-', '')}*"))
    assert files == []
    shown = case.detail()["photos"]
    assert shown[0]["removed"]["en"] == "It shows somebody's personal data"
    told = case.track()["photos"]
    assert told[0]["hidden"]["zh"] == "含有他人个人信息"
    with as_owner():
        bind(SYSTEM.scope())
        assert load_states([case_uuid(case)])[case_uuid(case)].photos_of("scene") == 1
    again = desk.report(None, photos=[upload])
    assert again.fields == ["photos"], "it cannot be brought back under its id"


def test_a_repeated_command_does_not_bring_words_back(desk: Desk) -> None:
    body = {"kind": None, "text": SECRET, "lon": SPOT[0], "lat": SPOT[1], "photos": []}
    first = desk.ask(None, "POST", "/public/reports", body, key="offline-1")
    assert first.status == 201
    with as_owner():
        bind(SYSTEM.scope())
        case_id = str(Case.objects.get(no=first["no"]).id)
    case = OneCase(desk, case_id, first["no"], first["track_code"], "")
    assert erase(desk, case, what="text", target=report_of(desk, case)).status == 200
    again = desk.ask(None, "POST", "/public/reports", body, key="offline-1")
    assert (again.status, again["code"]) == (409, "key_reused")
    assert SECRET not in every_row()


def test_merged_and_split_cases_lose_the_words_too(desk: Desk) -> None:
    case, other = desk.new(text=SECRET), desk.new(text="other")
    case.does("shift_leader", "merge", into=other.id, reason="same")
    target = next(one["id"] for one in other.detail()["report_list"] if one["text"] == SECRET)
    assert erase(desk, other, what="text", target=target).status == 200
    assert SECRET not in every_row()


def test_the_reasons_come_from_the_packs(desk: Desk) -> None:
    listed = desk.get("acceptor", "/moderation/reasons")["items"]
    assert {one["id"] for one in listed} == set(public_rules().reasons)
    assert all(one["text"]["zh"] and one["text"]["en"] for one in listed)
