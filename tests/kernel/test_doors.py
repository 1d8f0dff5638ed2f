"""What doors use: problem documents, cursors, idempotency headers, registries."""

import base64
import json
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.testing import TestClient

from chengyun.kernel import paging, problems
from chengyun.kernel.problems import FieldError, Invalid, TooMany, Unauthenticated
from chengyun.kernel.registry import Registry, RegistryError
from chengyun.kernel.request import idempotency_key


class Nobody(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> None:
        return None


class Body(Schema):
    number: int
    inner: dict[str, int] = {}


def door() -> TestClient:
    api = NinjaAPI(urls_namespace=f"doors-{id(object())}")
    problems.install(api)

    @api.get("/raise/{kind}")
    def raises(request: HttpRequest, kind: str) -> None:
        raise {
            "missing": Http404(),
            "http": HttpError(405, "Not that way."),
            "many": TooMany(7),
            "signed": Unauthenticated(),
            "fields": Invalid([FieldError("lon", "must lie in the city", "outside")]),
        }[kind]

    @api.post("/body")
    def body(request: HttpRequest, data: Body) -> dict[str, int]:
        return {"number": data.number}

    @api.get("/closed", auth=Nobody())
    def closed(request: HttpRequest) -> None:
        return None

    return TestClient(api)


CLIENT = door()


def document(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == status
    assert {"type", "title", "detail", "code"} <= set(body)
    assert body["type"] == f"urn:chengyun:problem:{body['code']}"
    return body


def test_every_error_is_a_problem_document() -> None:
    assert document(CLIENT.get("/raise/missing"), 404)["code"] == "not_found"
    assert document(CLIENT.get("/raise/http"), 405)["code"] == "method_not_allowed"
    assert document(CLIENT.get("/closed"), 401)["code"] == "unauthenticated"
    fields = document(CLIENT.get("/raise/fields"), 422)
    assert fields["errors"] == [
        {"field": "lon", "reason": "must lie in the city", "code": "outside"}
    ]
    assert fields["detail"] == "lon: must lie in the city"


def test_refusals_say_how_to_go_on() -> None:
    many = CLIENT.get("/raise/many")
    document(many, 429)
    assert many["Retry-After"] == "7"
    assert CLIENT.get("/raise/signed")["WWW-Authenticate"] == "Bearer"


def test_wrong_input_names_the_field_as_the_caller_wrote_it() -> None:
    missing = document(CLIENT.post("/body", json={}), 422)
    assert [e["field"] for e in missing["errors"]] == ["number"]
    wrong = document(CLIENT.post("/body", json={"number": "x", "inner": {"a": "y"}}), 422)
    assert [e["field"] for e in wrong["errors"]] == ["number", "inner.a"]


def test_what_is_no_json_is_refused() -> None:
    answer = CLIENT.post("/body", data=b"{", content_type="application/json")
    assert document(answer, 400)["code"] == "bad_request"


def test_extra_members_travel_along() -> None:
    body = Invalid([], "No.", row=7).as_dict()
    assert body["row"] == 7
    assert "errors" not in body


scalars = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20)


@given(st.lists(scalars, min_size=1, max_size=4))
def test_a_cursor_gives_back_what_it_was_made_of(parts: list[Any]) -> None:
    cursor = paging.encode(parts)
    assert paging.decode(cursor, len(parts)) == parts
    assert cursor.isascii()
    assert "=" not in cursor


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda b: base64.b64encode(b).decode()))
def test_any_other_cursor_is_invalid_never_a_crash(cursor: str) -> None:
    try:
        said: object = len(paging.decode(cursor, 2))
    except Invalid as problem:
        said = [(e.field, e.code) for e in problem.errors]
    assert said in (2, [("cursor", "bad_cursor")])


def hostile(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "=" * 50,
        "井盖",
        hostile({}),
        hostile([1]),
        hostile([1, 2, 3]),
        hostile([1, 2]) * 200,
        base64.urlsafe_b64encode(b"[" * 600).decode(),
        base64.urlsafe_b64encode(b'["\\ud800", 1]').decode(),
    ],
)
def test_hostile_cursors(cursor: str) -> None:
    with pytest.raises(Invalid, match="not a cursor of this list"):
        paging.decode(cursor, 2)


@pytest.mark.parametrize(
    "parts",
    [
        ["2026-11-22T00:00:00+00:00", "no id"],
        ["yesterday", str(UUID(int=1))],
        [5, str(UUID(int=1))],
        ["2026-11-22T00:00:00+00:00", 5],
        [None, None],
        [["2026-11-22"], {"a": 1}],
    ],
)
def test_parts_of_another_kind_make_a_foreign_cursor(parts: list[Any]) -> None:
    kinds = (datetime.fromisoformat, UUID)
    good = ["2026-11-22T00:00:00+00:00", str(UUID(int=1))]
    assert paging.decode(hostile(good), 2, kinds)[1] == UUID(int=1)
    with pytest.raises(Invalid, match="not a cursor"):
        paging.decode(hostile(parts), 2, kinds)


@pytest.mark.parametrize(
    ("asked", "given_size"), [(None, 50), (0, 1), (-5, 1), (7, 7), (200, 200), (10**9, 200)]
)
def test_page_sizes_are_bounded(asked: int | None, given_size: int) -> None:
    assert paging.clamp(asked) == given_size


@pytest.mark.parametrize(("sent", "read"), [(None, None), ("", None), ("draft-7", "draft-7")])
def test_idempotency_keys(sent: str | None, read: str | None) -> None:
    headers = {} if sent is None else {"Idempotency-Key": sent}
    assert idempotency_key(RequestFactory().post("/", headers=headers)) == read


@pytest.mark.parametrize("sent", ["x" * 201, "a\tb", "a\x00b"])
def test_bad_idempotency_keys(sent: str) -> None:
    with pytest.raises(Invalid, match="printable"):
        idempotency_key(RequestFactory().post("/", headers={"Idempotency-Key": sent}))


def test_a_registry_refuses_doubles_late_comers_and_nameless_kinds() -> None:
    kinds: Registry[int] = Registry("colour")
    assert kinds.register("red", 1) == 1
    with pytest.raises(RegistryError, match="colour 'red' is registered twice"):
        kinds.register("red", 2)
    with pytest.raises(RegistryError, match="A colour needs an id"):
        kinds.register("", 2)
    kinds.close()
    with pytest.raises(RegistryError, match="came too late"):
        kinds.register("blue", 3)
    assert (kinds["red"], kinds.get("blue"), "red" in kinds) == (1, None, True)
    assert (list(kinds), len(kinds)) == (["red"], 1)


def test_a_registry_that_does_not_pass_its_check_says_all_that_is_wrong() -> None:
    kinds: Registry[int] = Registry(
        "colour", lambda key, kind: [f"{key}: {kind} is below 0: raise it"] if kind < 0 else []
    )
    kinds.register("a", -1)
    kinds.register("b", 1)
    kinds.register("c", -2)
    assert kinds.problems() == ["a: -1 is below 0: raise it", "c: -2 is below 0: raise it"]
    with pytest.raises(RegistryError, match=r"(?s)a: -1.*c: -2"):
        kinds.close()
