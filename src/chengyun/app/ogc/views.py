"""The doors of /ogc: whoever is signed in or holds a key, and everybody for what is public."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from chengyun.app.ogc import describing, editing, items, openapi
from chengyun.app.ogc.answers import GEOJSON, OPENAPI, SCHEMA, document
from chengyun.app.public_routes import public_route
from chengyun.kernel import problems
from chengyun.kernel.problems import NotFound, Problem, Unauthenticated
from chengyun.kernel.request import Request
from chengyun.kernel.throttle import caller_of, knock
from chengyun.people.api import session_or_key
from chengyun.places.api.areas import city_asked
from chengyun.places.api.tiles import answered, tag_known
from chengyun.places.decide.drawing import Look
from chengyun.places.decide.tiling import Tile
from chengyun.places.reads import collections_seen, look_of, source_of, tile_of

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]
HOUR, READS = 3_600, 20_000


def door(*methods: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Find out who asks, and answer refusals as problem details."""

    def wrap(view: View[P]) -> Callable[..., HttpResponse]:
        # A session shows its token where it changes something; session_or_key looks.
        @csrf_exempt
        @wraps(view)
        def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            asked = cast("Request", request)
            try:
                if request.method not in methods:
                    return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
                _who(asked)
                return view(asked, *args, **kwargs)
            except Problem as problem:
                return problems.response(problem)

        return opened

    return wrap


def _who(request: Request) -> None:
    for way in session_or_key:
        if way(request):
            return
    if public_route(request) is None:
        raise Unauthenticated("Sign in, or send a valid API key.")
    knock("ogc", caller_of(request), limit=READS, seconds=HOUR, now=request.now)


def _city(request: Request) -> int:
    said = request.GET.get("city", "0")
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise NotFound("There is no such city.")
    return city_asked(None, int(said))


def _look(request: Request, name: str) -> Look:
    """The collection asked for, as of the instant asked for where it has a history."""
    look = look_of(request.actor, _city(request), name, now=request.now)
    at = items.instant_of(request.GET.get("datetime", ""))
    if at is None or not look.collection.history:
        return look
    return Look(look.collection, look.actor, look.now, at)


@door("GET", "HEAD")
def landing(request: Request) -> HttpResponse:
    """The landing page."""
    return document(request, describing.landing(request), title="Chengyun 城运")


@door("GET", "HEAD")
def api(request: Request) -> HttpResponse:
    """The API in OpenAPI 3.0."""
    return document(request, openapi.definition(request), OPENAPI, "API")


@door("GET", "HEAD")
def conformance(request: Request) -> HttpResponse:
    """The conformance classes."""
    return document(request, {"conformsTo": describing.CONFORMS}, title="Conformance")


@door("GET", "HEAD")
def collections(request: Request) -> HttpResponse:
    """What the asker may see."""
    known = collections_seen(request.actor, _city(request))
    return document(request, describing.collections(request, known), title="Collections")


@door("GET", "HEAD")
def collection(request: Request, name: str) -> HttpResponse:
    """One collection."""
    one = _look(request, name).collection
    return document(request, describing.collection(request, one), title=one.title["zh"])


@door("GET", "HEAD")
def queryables(request: Request, name: str) -> HttpResponse:
    """What filters may ask about."""
    look = _look(request, name)
    asked = list(source_of(look.collection).paths(look))
    return document(request, describing.queryables(request, look.collection, asked), SCHEMA)


@door("GET", "HEAD", "POST")
def features(request: Request, name: str) -> HttpResponse:
    """A page of features; POST proposes a new one."""
    look = _look(request, name)
    if request.method == "POST":
        return editing.proposed(request, look)
    body, crs = items.page(request, look)
    answer = document(request, body, GEOJSON, look.collection.title["zh"])
    answer["Content-Crs"] = f"<{crs}>"
    return answer


@door("GET", "HEAD", "PUT", "DELETE")
def feature(request: Request, name: str, feature_id: str) -> HttpResponse:
    """One feature; PUT and DELETE propose its replacement and its end."""
    look = _look(request, name)
    if request.method in ("PUT", "DELETE"):
        return editing.proposed(request, look, feature_id)
    body, crs = items.one(request, look, feature_id)
    answer = document(request, body, GEOJSON, look.collection.title["zh"])
    answer["Content-Crs"] = f"<{crs}>"
    return answer


@door("GET", "HEAD")
def tile_sets(request: Request, name: str) -> HttpResponse:
    """The tile sets of a collection."""
    return document(request, describing.tile_sets(request, _look(request, name).collection))


@door("GET", "HEAD")
def tile_set(request: Request, name: str, matrix: str) -> HttpResponse:
    """The tile set of a collection in one matrix set."""
    _known(matrix)
    return document(request, describing.tile_set(request, _look(request, name).collection))


@door("GET", "HEAD")
def tile(request: Request, name: str, matrix: str, z: int, row: int, column: int) -> HttpResponse:
    """One vector tile."""
    _known(matrix)
    made = tile_of(_look(request, name), Tile(z, column, row), known=tag_known(request))
    return answered(request, made)


@door("GET", "HEAD")
def matrix_sets(request: Request) -> HttpResponse:
    """The matrix sets."""
    return document(request, describing.matrix_sets(request))


@door("GET", "HEAD")
def matrix_set(request: Request, matrix: str) -> HttpResponse:
    """One matrix set."""
    _known(matrix)
    return document(request, describing.matrix_set())


def _known(matrix: str) -> None:
    if matrix != describing.MATRIX_SET:
        raise NotFound("There is no such tile matrix set.")
