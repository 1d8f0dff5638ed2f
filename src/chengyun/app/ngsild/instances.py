"""Single instances of an entity's past: CIM 009 §6.22, §6.23."""

from django.http import HttpResponse

from chengyun.app.ngsild.bodies import instances_of
from chengyun.app.ngsild.contexts import terms_of_query
from chengyun.app.ngsild.doors import door, given, said_of
from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.temporal import check_free
from chengyun.app.ngsild.values import uri
from chengyun.app.ngsild.views import key_of
from chengyun.kernel.problems import NotFound
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.sensing import verbs
from chengyun.sensing.reads import context


def _remove(request: Request, name: str, attr: str) -> HttpResponse:
    said, terms = said_of(request), terms_of_query(request)
    every = said.get("deleteAll", "").lower() == "true"
    dataset = "*" if every else said.get("datasetId")
    return changed(request, name, terms.expand(attr), None, dataset, None)


def _patch_instance(request: Request, name: str, attr: str, instance: str) -> HttpResponse:
    body, terms = given(request)
    full = terms.expand(attr)
    inside = body.get(attr, body)
    said = instances_of(inside, terms, attr)
    if len(said) != 1:
        raise BadData(f"{attr}: is one instance.")
    return changed(request, name, full, instance, None, said[0])


def _delete_instance(request: Request, name: str, attr: str, instance: str) -> HttpResponse:
    terms = terms_of_query(request)
    return changed(request, name, terms.expand(attr), instance, None, None)


def changed(
    request: Request,
    name: str,
    attr: str,
    instance: str | None,
    dataset: str | None,
    said: JsonObject | None,
) -> HttpResponse:
    check_free(name)
    if context.entity(request.actor, uri(name, "id"), past=True) is None:
        raise NotFound(f"There is no entity {name[:200]}.", code="ResourceNotFound")
    verbs.change_past(
        request.actor,
        now=request.now,
        key=key_of(request, name),
        uri=name,
        attr=attr,
        instance=instance,
        dataset=dataset,
        said=said,
    )
    return HttpResponse(status=204)


attribute = door(delete=_remove)


instance = door(patch=_patch_instance, delete=_delete_instance)
