"""Entities and their attributes: CIM 009 §6.4 to §6.7."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpResponse

from chengyun.app.ngsild import register, writing
from chengyun.app.ngsild.bodies import Attributes, attributes_of, entity_of
from chengyun.app.ngsild.contexts import GEO_JSON, terms_of_query
from chengyun.app.ngsild.doors import (
    accepted,
    answer,
    door,
    form_of,
    given,
    options_of,
    plain,
    said_of,
)
from chengyun.app.ngsild.faults import BadData, as_error
from chengyun.app.ngsild.finding import Wanted, one_entity, paged, wanted_of
from chengyun.app.ngsild.pages import page_of, paging
from chengyun.app.ngsild.showing import Look
from chengyun.app.ngsild.terms import Terms
from chengyun.app.ngsild.values import scopes_of, types_of, uri
from chengyun.kernel.problems import Conflict, NotFound, Problem
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.sensing import verbs
from chengyun.sensing.decide.context import Mode


def key_of(request: Request, name: str) -> str | None:
    """The request's idempotency key for one entity of it: a batch has one for all."""
    key = idempotency_key(request)
    return key and uuid5(NAMESPACE_URL, f"{key} {name}").hex


def _list(request: Request) -> HttpResponse:
    said, terms = said_of(request), terms_of_query(request)
    return listed(request, wanted_of(said, terms), said, terms)


def listed(
    request: Request, wanted: Wanted, said: dict[str, str], terms: Terms, look: Look | None = None
) -> HttpResponse:
    """A page of the entities that are meant."""
    look = look or form_of(request, said, terms)
    limit, offset, count = page_of(said)
    page, more, total = paged(request.actor, wanted, limit, offset, count=count)
    headers = paging(request, limit, offset, more, total)
    if accepted(request) == GEO_JSON:
        return answer(request, look.features(page), terms, headers)
    return answer(request, [look.entity(one) for one in page], terms, headers)


def _create(request: Request) -> HttpResponse:
    body, terms = given(request)
    made = entity_of(body, terms)
    create(request, made)
    return HttpResponse(status=201, headers={"Location": f"/ngsi-ld/v1/entities/{made['id']}"})


def create(request: Request, made: JsonObject) -> None:
    """Take an entity on. Raises Conflict."""
    if made["id"].startswith(register.HEAD):
        if register.thing(request.actor, made["id"]) is not None:
            raise Conflict(f"There is an entity {made['id']} already.", code="AlreadyExists")
        raise BadData("id: things are registered in the register, by its own door.")
    verbs.make_context_entity(
        request.actor,
        now=request.now,
        key=key_of(request, made["id"]),
        uri=made["id"],
        types=tuple(made["types"]),
        scopes=tuple(made["scopes"] or ()),
        attrs=made["attrs"],
    )


def _one(request: Request, name: str) -> HttpResponse:
    said, terms = said_of(request), terms_of_query(request)
    look = form_of(request, said, terms)
    one = one_entity(request.actor, uri(name, "id"))
    if one is None or (look.attrs and not look.attrs & one["attrs"].keys()):
        raise missing(name)
    shown = look.feature(one) if accepted(request) == GEO_JSON else look.entity(one)
    return answer(request, shown, terms)


def missing(name: str) -> NotFound:
    """That there is no such entity."""
    return NotFound(f"There is no entity {name[:200]}.", code="ResourceNotFound")


def change(
    request: Request,
    name: str,
    said: Attributes,
    mode: Mode,
    types: list[str] | None = None,
    scopes: list[str] | None = None,
) -> JsonObject:
    """Change an entity, a thing's streams or another house's; what was updated and missed."""
    if name.startswith(register.HEAD):
        if register.thing(request.actor, name) is None:
            raise missing(name)
        key = key_of(request, name)
        return writing.write(request.actor, name, said, now=request.now, key=key)
    return verbs.change_context_entity(
        request.actor,
        now=request.now,
        key=key_of(request, name),
        uri=name,
        said=said,
        mode=mode,
        types=tuple(types or ()),
        scopes=tuple(scopes) if scopes is not None else None,
    )


def _fragment(body: Any, terms: Terms, *, nulls: bool) -> tuple[Attributes, list[str], Any]:
    types = types_of(body["type"], terms) if body.get("type") is not None else []
    scopes = scopes_of(body["scope"]) if body.get("scope") is not None else None
    return attributes_of(body, terms, nulls=nulls), types, scopes


def _changing(mode: Mode, *, nulls: bool = False, strict: bool = False) -> Any:
    def act(request: Request, name: str) -> HttpResponse:
        options = options_of(said_of(request))
        body, terms = given(request)
        if isinstance(body, dict) and body.get("id", name) != name:
            raise BadData("id: is not the one in the address.")
        attrs, types, scopes = _fragment(body, terms, nulls=nulls)
        if mode == "replace" and not types:
            raise BadData("type: must be given.")
        how: Mode = "append_new" if mode == "append" and "noOverwrite" in options else mode
        done = change(request, uri(name, "id"), attrs, how, types, scopes)
        return updated_answer(done, terms, strict=strict)

    return act


def updated_answer(done: JsonObject, terms: Terms, *, strict: bool) -> HttpResponse:
    missed = done.get("missed") or {}
    if not missed:
        return HttpResponse(status=204)
    if strict and not done.get("updated"):
        raise NotFound("; ".join(missed.values()), code="ResourceNotFound")
    said = {
        "updated": [terms.shrink(one) for one in done["updated"]],
        "notUpdated": [
            {"attributeName": terms.shrink(name), "reason": why} for name, why in missed.items()
        ],
    }
    return plain(said, 207)


def _delete(request: Request, name: str) -> HttpResponse:
    delete(request, uri(name, "id"))
    return HttpResponse(status=204)


def delete(request: Request, name: str) -> None:
    """Take an entity away; things are retired in the register. Raises NotFound, Conflict."""
    if name.startswith(register.HEAD) and register.thing(request.actor, name) is not None:
        raise Conflict(
            "A thing is retired in the register, never deleted.", code="OperationNotSupported"
        )
    verbs.delete_context_entity(request.actor, now=request.now, key=key_of(request, name), uri=name)


def error_of(name: str, problem: Problem) -> JsonObject:
    """What went wrong with one entity of several."""
    return {"entityId": name, "error": as_error(problem)}


entities = door(get=_list, post=_create)
entity = door(
    get=_one,
    delete=_delete,
    put=_changing("replace"),
    patch=_changing("merge", nulls=True),
)
attributes = door(post=_changing("append"), patch=_changing("update", nulls=True))
