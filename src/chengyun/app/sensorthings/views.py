"""The doors of /sta/v1.1: whoever is signed in or holds a key. Nothing of it is public."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from chengyun.app.sensorthings.aggregating import aggregated
from chengyun.app.sensorthings.arrays import arrays_of
from chengyun.app.sensorthings.describing import service
from chengyun.app.sensorthings.faults import BadRequest
from chengyun.app.sensorthings.fetching import Store
from chengyun.app.sensorthings.model import SETS
from chengyun.app.sensorthings.options import OWN, Options, read_options
from chengyun.app.sensorthings.paths import Resource, read_path
from chengyun.app.sensorthings.posting import body_of, changes_of, entity_of, linked_from
from chengyun.app.sensorthings.showing import Shower, quoted, value_of
from chengyun.kernel import problems
from chengyun.kernel.problems import NotFound, Problem, TooLarge, Unauthenticated
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.throttle import caller_of, knock
from chengyun.people.api import session_or_key
from chengyun.sensing import verbs

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]
HOUR, ASKED = 3_600, 200_000


def door(*methods: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Find out who asks, and answer refusals as problem details."""

    def wrap(view: View[P]) -> Callable[..., HttpResponse]:
        # A session shows its token where it changes something; session_or_key looks.
        @csrf_exempt
        @wraps(view)
        def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            asked = cast("Request", request)
            try:
                if not any(way(request) for way in session_or_key):
                    raise Unauthenticated("Sign in, or send a valid API key.")
                if request.method not in methods:
                    return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
                knock("sta", caller_of(request), limit=ASKED, seconds=HOUR, now=asked.now)
                return view(asked, *args, **kwargs)
            except RequestDataTooBig:
                return problems.response(TooLarge("The body is larger than this node takes."))
            except Problem as problem:
                return problems.response(problem)

        return opened

    return wrap


def address(request: Request) -> str:
    """The absolute address of the service root."""
    return request.build_absolute_uri("/sta/v1.1")


def _json(body: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(body, default=str), content_type="application/json", status=status
    )


@door("GET", "HEAD")
def root(request: Request) -> HttpResponse:
    """The service root."""
    return _json(service(address(request)))


@door("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE")
def resource(request: Request, said: str) -> HttpResponse:
    """Whatever a path leads to."""
    if (
        "\0" in said
        or "\0" in request.META.get("QUERY_STRING", "")
        or "%00" in request.META.get("QUERY_STRING", "")
    ):
        raise BadRequest("A text holds no NUL.")
    asked = read_path(said)
    if request.method in ("GET", "HEAD"):
        return _read(request, asked)
    if request.method == "POST":
        return _post(request, asked)
    return _change(request, asked)


def _read(request: Request, asked: Resource) -> HttpResponse:
    store, entity = Store(request.actor), asked.last.entity
    shower = Shower(store, address(request))
    said = {name: str(value) for name, value in request.GET.items()}
    options = read_options(entity, said, own=OWN)
    held = store.walk(asked)
    here = request.build_absolute_uri(request.path)
    if "aggregate" in said:
        if not asked.is_set:
            raise BadRequest("aggregate is of a set of Observations.")
        return _json(aggregated(store, entity, held, options, said, address(request)))
    if asked.ref and asked.is_set:
        return _json(shower.references(entity, held, options, here))
    if asked.is_set:
        return _json(shower.collection(entity, held, options, here))
    row = store.one(entity, held)
    if asked.ref:
        return _json({"@iot.selfLink": shower.self_link(entity, row)})
    if asked.inside:
        return _property(asked, row)
    if set(said) - {"$expand", "$select"}:
        raise BadRequest("Of one entity, $expand and $select can be asked.")
    return _json(shower.entity(entity, row, options))


def _property(asked: Resource, row: dict[str, Any]) -> HttpResponse:
    name, *inside = asked.inside
    entity = asked.last.entity
    value = row["id"] if name in ("id", "@iot.id") else value_of(entity, row, name)
    for part in inside:
        if not isinstance(value, dict) or part not in value:
            raise NotFound("There is no such property.")
        value = value[part]
    if value is None:
        return HttpResponse(status=204)
    if asked.raw:
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
    return _json({asked.inside[-1]: value})


def _post(request: Request, asked: Resource) -> HttpResponse:
    entity = asked.last.entity
    if not asked.is_set or asked.inside or asked.ref:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, PATCH, PUT, DELETE"})
    store = Store(request.actor)
    parent = None
    if len(asked.steps) > 1:
        above = Resource(asked.steps[:-1])
        parent = store.one(above.last.entity, store.walk(above))
    body = body_of(request.body)
    made = entity_of(entity, body, linked=linked_from(asked, parent))
    done = verbs.post_entity(
        request.actor, now=request.now, key=idempotency_key(request), entity=made
    )
    shower = Shower(store, address(request))
    row = store.one(entity, store.walk(read_path(f"{entity.name}({quoted(done['entity'])})")))
    answer = _json(shower.entity(entity, row, Options()), 201)
    answer["Location"] = shower.self_link(entity, row)
    return answer


def _change(request: Request, asked: Resource) -> HttpResponse:
    entity = asked.last.entity
    if asked.is_set or asked.inside or asked.ref:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    store = Store(request.actor)
    row = store.one(entity, store.walk(asked))
    key = idempotency_key(request)
    if request.method == "DELETE":
        verbs.delete_entity(
            request.actor, now=request.now, key=key, set=entity.name, number=row["id"]
        )
        return HttpResponse(status=200)
    said, links = changes_of(entity, body_of(request.body), whole=request.method == "PUT")
    verbs.change_entity(
        *(request.actor,),
        now=request.now,
        key=key,
        set=entity.name,
        number=row["id"],
        said=said,
        links=links,
    )
    held = store.walk(read_path(f"{entity.name}({quoted(row['id'])})"))
    shown = Shower(store, address(request)).entity(entity, store.one(entity, held), Options())
    return _json(shown)


@door("POST")
def create_observations(request: Request) -> HttpResponse:
    """The data array extension (18-088 §11.2): an address or an error for each observation."""
    items, faults = arrays_of(body_of(request.body))
    done = verbs.post_observations(
        request.actor, now=request.now, key=idempotency_key(request), items=items
    )
    results = iter(done["results"])
    said = []
    for fault in faults:
        one = fault or next(results)
        if isinstance(one, str):
            said.append(f"{address(request)}/{SETS['Observations'].name}('{one}')")
        else:
            said.append(f"error: {one['detail']}")
    return _json(said, 201)
