"""Batches (CIM 009 §6.14 to §6.17, §6.23): each entity stands for itself, in one answer."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from chengyun.app.ngsild.bodies import entity_of
from chengyun.app.ngsild.contexts import LD, Fetcher, content_type, terms_of_query
from chengyun.app.ngsild.doors import door, options_of, plain, said_of
from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.finding import one_entity
from chengyun.app.ngsild.terms import Terms, read_terms
from chengyun.app.ngsild.values import body_of, uri
from chengyun.app.ngsild.views import change, create, delete, error_of
from chengyun.kernel.problems import Problem, TooLarge
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.context import Mode

MOST = 1_000
Step = Callable[[Request, JsonObject, Terms], bool]


def _bodies(request: Request) -> list[tuple[Any, Terms]]:
    kind = content_type(request)
    body = body_of(request.body)
    if not isinstance(body, list) or not body:
        raise BadData("body: is a list of entities that is not empty.")
    if len(body) > MOST:
        raise TooLarge(f"A batch has at most {MOST:,} entities.")
    if kind != LD:
        terms = terms_of_query(request)
        return [(one, terms) for one in body]
    fetch = Fetcher(request)
    found = []
    for one in body:
        if not isinstance(one, dict) or "@context" not in one:
            raise BadData("@context: each entity of a JSON-LD batch carries one.")
        found.append((one, read_terms(one.pop("@context"), fetch)))
    return found


def _id_of(body: Any) -> Any:
    return body.get("id", body.get("@id")) if isinstance(body, dict) else None


def _each(request: Request, step: Step) -> tuple[list[str], list[str], list[JsonObject]]:
    """Names that went well, those of them that were made, and errors."""
    good, made, errors = [], [], []
    for body, terms in _bodies(request):
        name = str(_id_of(body) or "")
        try:
            fresh = step(request, body, terms)
            good.append(name)
            if fresh:
                made.append(name)
        except Problem as problem:
            errors.append(error_of(name, problem))
    return good, made, errors


def _told(good: list[str], errors: list[JsonObject], made: list[str] | None) -> HttpResponse:
    if errors:
        return plain({"success": good, "errors": errors}, 207)
    return plain(made, 201) if made else HttpResponse(status=204)


def _create(request: Request) -> HttpResponse:
    def step(request: Request, body: JsonObject, terms: Terms) -> bool:
        create(request, entity_of(body, terms))
        return True

    good, made, errors = _each(request, step)
    return _told(good, errors, made)


def _upsert(request: Request) -> HttpResponse:
    mode: Mode = "append" if "update" in options_of(said_of(request)) else "replace"

    def step(request: Request, body: JsonObject, terms: Terms) -> bool:
        name = uri(_id_of(body), "id")
        if one_entity(request.actor, name) is None:
            create(request, entity_of(body, terms))
            return True
        made = entity_of(body, terms, typed=False)
        _checked(change(request, name, made["attrs"], mode, made["types"], made["scopes"]))
        return False

    good, made, errors = _each(request, step)
    return _told(good, errors, made)


def _checked(done: Mapping[str, Any]) -> None:
    missed = done.get("missed")
    if missed:
        said = "; ".join(f"{name}: {why}" for name, why in missed.items())
        raise BadData(said)


def _changing(mode: Mode) -> Callable[[Request], HttpResponse]:
    def act(request: Request) -> HttpResponse:
        options = options_of(said_of(request))

        def step(request: Request, body: JsonObject, terms: Terms) -> bool:
            made = entity_of(body, terms, typed=False)
            how: Mode = "append_new" if "noOverwrite" in options and mode == "append" else mode
            done = change(request, made["id"], made["attrs"], how, made["types"], made["scopes"])
            _checked(done)
            return False

        good, _, errors = _each(request, step)
        return _told(good, errors, None)

    return act


def _delete(request: Request) -> HttpResponse:
    names = body_of(request.body)
    if not isinstance(names, list) or not names or len(names) > MOST:
        raise BadData(f"body: is a list of 1 to {MOST:,} ids.")
    good, errors = [], []
    for name in names:
        try:
            delete(request, uri(name, "id"))
            good.append(name)
        except Problem as problem:
            errors.append(error_of(str(name), problem))
    return _told(good, errors, None)


create_many = door(post=_create)
upsert_many = door(post=_upsert)
update_many = door(post=_changing("append"))
merge_many = door(post=_changing("merge"))
delete_many = door(post=_delete)
