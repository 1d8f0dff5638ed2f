"""What the API's own description allows, and what it forbids, at every door: never a fault of ours.

Bounded: a few examples of each operation, the same ones in each run.
"""

import json
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from chengyun.app.api import api
from chengyun.kernel.scope import bind
from tests.cases.desk import CSRF, NOBODY, Desk

EXAMPLES = 3
DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1")))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
# Signing in and out would change who the tester is; argon2 alone would take the whole time.
LEFT_OUT = ("/session",)
OPERATIONS = [
    found.ok()
    for found in SCHEMA.get_all_operations()
    if not any(part in found.ok().path for part in LEFT_OUT)
]


def modes(operation: Any) -> list[GenerationMode]:
    """An operation that takes nothing cannot be asked wrongly."""
    takes = operation.body.items or operation.query.items or operation.path_parameters.items
    return [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if takes else [])]


def ask(desk: Desk, who: str | None, case: Any) -> Any:
    """One generated request."""
    client = desk.client(who)
    client.raise_request_exception = False
    path = case.formatted_path
    query = {name: value for name, value in (case.query or {}).items() if value is not None}
    if query:
        path += "?" + urlencode(query, doseq=True, errors="replace")
    kind = case.media_type or "application/json"
    body = b""
    if kind == "application/json" and type(case.body).__name__ != "NotSet":
        body = json.dumps(case.body, default=str).encode()
    elif isinstance(case.body, bytes):
        body = case.body
    bind(NOBODY)
    return client.generic(case.method, path, body, content_type=kind, headers={"X-CSRFToken": CSRF})


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}"[:60])
def test_no_request_is_a_fault_of_ours(
    desk: Desk, operation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("chengyun.cases.api.public"), "knock", lambda *_, **__: None)
    real = desk.new()
    known = {
        "case_id": real.id,
        "code": real.code,
        "user_id": str(desk.world.users["handler"].id),
        "org_id": str(desk.world.unit("310101-san")),
    }
    names = {one.name for one in operation.path_parameters}
    filled = {name: value for name, value in known.items() if name in names}
    who = None if "/public/" in operation.path else "acceptor"
    for mode in modes(operation):

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=filled or None))
        def every(case: Any) -> None:
            answer = ask(desk, who, case)
            assert answer.status_code < 500, (case.method, case.formatted_path, case.body)

        every()
