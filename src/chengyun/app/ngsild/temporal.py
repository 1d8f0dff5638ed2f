"""Entities over time: CIM 009 §6.18 to §6.24."""

from typing import Any

from django.http import HttpResponse

from chengyun.app.ngsild import register
from chengyun.app.ngsild.bodies import (
    Attributes,
    attributes_of,
    entity_of,
    instance_of,
)
from chengyun.app.ngsild.contexts import terms_of_query
from chengyun.app.ngsild.doors import answer, door, form_of, given, options_of, said_of
from chengyun.app.ngsild.faults import BadData, wrong
from chengyun.app.ngsild.finding import Wanted, wanted_of
from chengyun.app.ngsild.pages import page_of, paging
from chengyun.app.ngsild.past import evolution, evolutions, shown
from chengyun.app.ngsild.queries import query_of
from chengyun.app.ngsild.showing import Look
from chengyun.app.ngsild.spans import Span, read_span
from chengyun.app.ngsild.terms import Terms
from chengyun.app.ngsild.values import uri
from chengyun.app.ngsild.views import key_of, missing
from chengyun.kernel.problems import Conflict
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.sensing import verbs
from chengyun.sensing.reads import context


def _span(said: dict[str, str], *, needed: bool) -> tuple[Span, bool]:
    options = options_of(said)
    values = bool(options & {"temporalValues", "simplified", "keyValues"})
    span = read_span(said, needed=needed, aggregated="aggregatedValues" in options)
    return span, values


def _list(request: Request) -> HttpResponse:
    said, terms = said_of(request), terms_of_query(request)
    return _listed(request, wanted_of(said, terms), said, form_of(request, said, terms), terms)


def _listed(
    request: Request, wanted: Wanted, said: dict[str, str], look: Look, terms: Terms
) -> HttpResponse:
    span, values = _span(said, needed=True)
    limit, offset, _ = page_of({**said, "count": ""})
    found, more = evolutions(request.actor, wanted, span, look.attrs, limit, offset)
    rows = [shown(one, look, span, values=values) for one in found]
    return answer(request, rows, terms, paging(request, limit, offset, more, None))


def _query(request: Request) -> HttpResponse:
    body, terms = given(request)
    wanted, asked = query_of(body, terms)
    time = body.get("temporalQ")
    if not isinstance(time, dict):
        raise BadData("temporalQ: must be given.")
    said = {**said_of(request), "attrs": asked["attrs"], "lang": asked.get("lang", "")}
    said |= {name: str(value) for name, value in time.items()}
    return _listed(request, wanted, said, form_of(request, said, terms), terms)


def _create(request: Request) -> HttpResponse:
    body, terms = given(request)
    made = entity_of({**body, **_lists(body)}, terms)
    check_free(made["id"])
    done = tell(request, made["id"], made["types"], _all(body, terms))
    if done["created"]:
        address = f"/ngsi-ld/v1/temporal/entities/{made['id']}"
        return HttpResponse(status=201, headers={"Location": address})
    return HttpResponse(status=204)


def _lists(body: Any) -> dict[str, Any]:
    """The first instance of each attribute, so that a whole entity can be read of it."""
    if not isinstance(body, dict):
        raise wrong("body", "must be an object")
    found = {}
    for name, value in body.items():
        if name not in ("id", "type", "scope", "@context") and isinstance(value, list) and value:
            found[name] = value[0]
    return found


def _all(body: dict[str, Any], terms: Terms) -> Attributes:
    """All instances of the attributes: over time, several share one datasetId."""
    found: Attributes = {}
    for name, value in body.items():
        if name in ("id", "type", "scope", "@context", "createdAt", "modifiedAt"):
            continue
        many = value if isinstance(value, list) else [value]
        found[terms.expand(name)] = [instance_of(one, terms, name) for one in many]
    return found


def tell(request: Request, name: str, types: list[str], attrs: Attributes) -> JsonObject:
    """Add to an entity's history."""
    return verbs.tell_past(
        request.actor,
        now=request.now,
        key=key_of(request, name),
        uri=name,
        types=tuple(types),
        attrs=attrs,
    )


def check_free(name: str) -> None:
    if name.startswith(register.HEAD):
        raise Conflict(
            "The history of a thing is its readings; write them as such.",
            code="OperationNotSupported",
        )


def _one(request: Request, name: str) -> HttpResponse:
    said, terms = said_of(request), terms_of_query(request)
    look = form_of(request, said, terms)
    span, values = _span(said, needed=False)
    one = register.thing(request.actor, uri(name, "id")) or context.entity(
        request.actor, name, past=True
    )
    found = evolution(request.actor, one, span, look.attrs) if one else None
    if found is None:
        raise missing(name)
    return answer(request, shown(found, look, span, values=values), terms)


def _delete(request: Request, name: str) -> HttpResponse:
    check_free(name)
    verbs.delete_context_entity(
        request.actor,
        now=request.now,
        key=key_of(request, name),
        uri=uri(name, "id"),
        past=True,
    )
    return HttpResponse(status=204)


def _add(request: Request, name: str) -> HttpResponse:
    body, terms = given(request)
    check_free(name)
    if context.entity(request.actor, uri(name, "id"), past=True) is None:
        raise missing(name)
    attributes_of({**body, **_lists(body)}, terms)
    tell(request, name, [], _all(body, terms))
    return HttpResponse(status=204)


entities = door(get=_list, post=_create)
entity = door(get=_one, delete=_delete)
attributes = door(post=_add)
query = door(post=_query)
