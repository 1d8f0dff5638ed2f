"""The API's description: the same as in the repository, unambiguous, and honest about doors.

`CHENGYUN_UPDATE_SNAPSHOTS=1 ./cy test tests/app/test_openapi.py` writes the snapshot anew.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern
from ninja.constants import NOT_SET
from ninja.openapi.schema import OpenAPISchema

from chengyun.app.api import api
from chengyun.app.public_routes import PUBLIC_ROUTES
from chengyun.app.urls import urlpatterns

UPDATE = os.environ.get("CHENGYUN_UPDATE_SNAPSHOTS") == "1"
METHODS = ("get", "post", "put", "patch", "delete")


def described() -> dict[str, Any]:
    """The description as a plain document."""
    found: dict[str, Any] = json.loads(
        json.dumps(api.get_openapi_schema(path_prefix="/api/v1"), sort_keys=True)
    )
    return found


def operations() -> Iterator[tuple[str, str, Any]]:
    """Method, route as the resolver calls it, and operation."""
    api._get_urls()
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, "/".join(part.strip("/") for part in (prefix, path)), operation


def routes() -> dict[str, URLPattern]:
    """Every address of the API by its route."""
    patterns = api._get_urls()
    return {str(one.pattern): one for one in patterns if isinstance(one, URLPattern)}


def test_the_snapshot_in_the_repository_is_the_api(tree: Path) -> None:
    path = tree / "docs" / "api" / "openapi.json"
    now = json.dumps(described(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if UPDATE:
        path.write_text(now)
    kept = json.loads(path.read_text())
    assert kept == described(), (
        "The API differs from docs/api/openapi.json. If that is wanted, run this test with"
        " CHENGYUN_UPDATE_SNAPSHOTS=1, then `npm run api` in web/."
    )


def test_no_operation_is_called_like_another() -> None:
    document = described()
    ids = Counter(
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    )
    assert [name for name, times in ids.items() if times > 1] == []


def test_no_two_shapes_share_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ninja lets the last shape of a name win; then one of two doors is described wrongly."""
    seen: dict[str, Any] = {}
    clashing: set[str] = set()
    add = OpenAPISchema.add_schema_definitions

    def adding(self: Any, definitions: dict[str, Any]) -> None:
        for name, shape in definitions.items():
            if seen.setdefault(name, shape) != shape:
                clashing.add(name)
        add(self, definitions)

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", adding)
    described()
    assert len(seen) > 50
    assert sorted(clashing) == []


def test_every_reference_leads_somewhere() -> None:
    document = described()
    wanted = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                wanted.add(value["$ref"].rpartition("/")[2])
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look(document)
    assert wanted - set(document["components"]["schemas"]) == set()


def test_a_door_without_auth_is_on_the_public_list_and_the_other_way_round() -> None:
    resolved = {_template(route): route for route in routes()}
    doors = {(method, resolved[_template(route)], one) for method, route, one in operations()}
    public = {
        (method, route.removeprefix("api/v1/"))
        for method, route in PUBLIC_ROUTES
        if route.startswith("api/")
    }
    open_doors = {(method, route) for method, route, one in doors if one.auth_param is None}
    assert open_doors <= public, "these let anybody in and are on no list"
    # By the letter: a route spelled otherwise than the resolver does would never be let in.
    assert public <= {(method, route) for method, route, _ in doors}, "no such door"


def test_every_other_door_asks_who_is_there() -> None:
    assert {"KeyAuth", "SessionAuth"} <= {type(one).__name__ for one in api.auth or ()}
    of_its_own = {(m, r) for m, r, one in operations() if one.auth_param not in (None, NOT_SET)}
    # Providers sign what they say; tests/notices/test_receipts.py tries to come in otherwise.
    # Devices and feeds show a secret of their own; tests/sensing/test_devices.py tries others.
    assert of_its_own == {
        ("POST", "/notices/receipts/{channel}"),
        ("POST", "/device/readings"),
        ("POST", "/feeds/{code}/messages"),
    }


def _template(route: str) -> str:
    """A route with nothing but the places of its parameters."""
    out, depth = [], 0
    for letter in route.strip("/"):
        if letter in "<{":
            depth += 1
            out.append("*")
        elif letter in ">}":
            depth -= 1
        elif depth == 0:
            out.append(letter)
    return "".join(out)


def test_nothing_else_answers_but_what_is_named_here() -> None:
    tops = sorted(str(one.pattern) for one in urlpatterns)
    assert [top for top in tops if not top.startswith("^")] == [
        "api/v1/",
        "feeds/<str:code>.atom",
        "healthz",
        "maps/<int:city_no>.pmtiles",
        "metrics",
        "ngsi-ld/v1/",
        "ogc",
        "open311/v2/",
        "readyz",
        "sta/v1.1",
    ]
