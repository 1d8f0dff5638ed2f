"""One attribute of an entity: CIM 009 §6.7."""

from typing import Any

from django.http import HttpResponse

from chengyun.app.ngsild import register
from chengyun.app.ngsild.bodies import instance_of, instances_of
from chengyun.app.ngsild.contexts import terms_of_query
from chengyun.app.ngsild.doors import door, given, said_of
from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.finding import one_entity
from chengyun.app.ngsild.values import uri
from chengyun.app.ngsild.views import change, key_of, missing, updated_answer
from chengyun.kernel.problems import Conflict, NotFound
from chengyun.kernel.request import Request
from chengyun.sensing import verbs
from chengyun.sensing.decide.context import Mode


def _attribute(request: Request, name: str, attr: str, *, whole: bool) -> HttpResponse:
    body, terms = given(request)
    full = terms.expand(attr)
    one = one_entity(request.actor, uri(name, "id"))
    if one is None:
        raise missing(name)
    if full not in one["attrs"]:
        raise NotFound(f"The entity has no such attribute: {attr[:200]}", code="ResourceNotFound")
    if whole or isinstance(body, list):
        said = instances_of(body, terms, attr, nulls=not whole)
    else:
        said = [instance_of(body, terms, attr, nulls=True, whole=_bare(body))]
        held = one["attrs"][full]
        same = [each for each in held if each.get("datasetId") == said[0].get("datasetId")]
        if not same:
            raise NotFound("The attribute has no such instance.", code="ResourceNotFound")
        if said[0].get("type", same[0]["type"]) != same[0]["type"]:
            raise BadData("type: of an attribute stays what it is.")
        if name.startswith(register.HEAD):
            said = [{"type": "Property", "value": same[0]["value"], **said[0]}]
    mode: Mode = "update" if whole else "merge"
    return updated_answer(change(request, name, {full: said}, mode), terms, strict=True)


def _bare(body: Any) -> bool:
    return not isinstance(body, dict)


def _patch_attribute(request: Request, name: str, attr: str) -> HttpResponse:
    return _attribute(request, name, attr, whole=False)


def _put_attribute(request: Request, name: str, attr: str) -> HttpResponse:
    return _attribute(request, name, attr, whole=True)


def _delete_attribute(request: Request, name: str, attr: str) -> HttpResponse:
    said, terms = said_of(request), terms_of_query(request)
    full = terms.expand(attr)
    if name.startswith(register.HEAD):
        if register.thing(request.actor, name) is None:
            raise missing(name)
        raise Conflict(
            "What a thing measures is kept by the register.", code="OperationNotSupported"
        )
    verbs.remove_context_attribute(
        request.actor,
        now=request.now,
        key=key_of(request, name),
        uri=uri(name, "id"),
        attr=full,
        dataset=uri(said["datasetId"], "datasetId") if said.get("datasetId") else None,
        every=said.get("deleteAll", "").lower() == "true",
    )
    return HttpResponse(status=204)


attribute = door(patch=_patch_attribute, put=_put_attribute, delete=_delete_attribute)
