"""Hosted and kept @contexts: CIM 009 §6.25."""

from uuid import UUID

from django.http import HttpResponse

from chengyun.app.ngsild.contexts import HOSTED, Fetcher, fetched
from chengyun.app.ngsild.doors import door, plain, said_of
from chengyun.app.ngsild.faults import BadData, InvalidRequest, NotOffered
from chengyun.app.ngsild.terms import read_terms
from chengyun.app.ngsild.values import body_of
from chengyun.kernel.problems import NotFound
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.sensing import verbs
from chengyun.sensing.reads import ldcontexts

_KINDS = ("Hosted", "Cached", "ImplicitlyCreated")


def _post(request: Request) -> HttpResponse:
    body = body_of(request.body)
    if not isinstance(body, dict) or "@context" not in body:
        raise BadData("@context: must be given.")
    # That it can be read is found out now, not when somebody uses it.
    read_terms(body["@context"], Fetcher(request))
    done = verbs.keep_ldcontext(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        body={"@context": body["@context"]},
    )
    return HttpResponse(status=201, headers={"Location": f"{HOSTED}{done['id']}"})


def _list(request: Request) -> HttpResponse:
    said = said_of(request)
    kind = said.get("kind", "")
    if kind and kind not in _KINDS:
        raise BadData(f"kind: is one of {', '.join(_KINDS)}.")
    rows = ldcontexts.ldcontexts(kind)
    if said.get("details", "").lower() == "true":
        return plain([_details(request, one) for one in rows])
    return plain([_address(request, one) for one in rows])


def _address(request: Request, one: JsonObject) -> str:
    return str(one["address"] or request.build_absolute_uri(f"{HOSTED}{one['id']}"))


def _details(request: Request, one: JsonObject) -> JsonObject:
    local = str(one["id"])
    said = {"URL": _address(request, one), "localId": local, "kind": one["kind"]}
    return {**said, "timestamp": one["created_at"]}


def _found(name: str) -> JsonObject:
    one = ldcontexts.hosted(name)
    if one is None:
        raise NotFound("There is no such @context.", code="ResourceNotFound")
    return one


def _one(request: Request, name: str) -> HttpResponse:
    one = _found(name)
    if said_of(request).get("details", "").lower() == "true":
        return plain(_details(request, one))
    if one["kind"] == "Cached":
        raise NotOffered("A kept copy is not served; ask its own address.")
    return plain(one["body"])


def _delete(request: Request, name: str) -> HttpResponse:
    one = _found(name)
    if said_of(request).get("reload", "").lower() == "true":
        if one["kind"] != "Cached":
            raise InvalidRequest("reload: is of kept copies only.", code="BadRequestData")
        fetched(one["address"], request, anew=True)
        return HttpResponse(status=204)
    key = idempotency_key(request)
    verbs.drop_ldcontext(request.actor, now=request.now, key=key, context=UUID(str(one["id"])))
    return HttpResponse(status=204)


contexts = door(get=_list, post=_post)
context_ = door(get=_one, delete=_delete)
