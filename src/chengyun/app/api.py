"""The HTTP API: every room's doors under /api/v1, closed unless the public list opens them."""

from http import HTTPStatus
from typing import cast

import orjson
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.types import DictStrAny

from chengyun import __version__
from chengyun.app import site
from chengyun.app.base_map import api as base_map
from chengyun.app.exchange import api as exchange
from chengyun.app.public_routes import public_route
from chengyun.cases import api as cases
from chengyun.dispatch import api as dispatch
from chengyun.kernel import problems
from chengyun.notices import api as notices
from chengyun.people import api as people
from chengyun.places import api as places
from chengyun.rules import api as rules
from chengyun.sensing import api as sensing
from chengyun.vitals import api as vitals


class Fast(BaseRenderer):
    """JSON by orjson: the lists are long and the answers many."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: object, *, response_status: int) -> bytes:
        """The body; instants as ISO 8601 in UTC with Z."""
        return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC)


class Exact(Parser):
    """JSON by the letter: UTF-8 without halves of surrogate pairs, and no NaN or Infinity."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body as values."""
        return cast("DictStrAny", orjson.loads(request.body))


def _refused(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja refuses itself: most of all a body that is no JSON, with the place and reason."""
    errors = []
    if isinstance(error.__cause__, orjson.JSONDecodeError):
        errors.append(problems.FieldError("body", f"is no JSON: {error.__cause__}", "no_json"))
    problem = problems.Problem(
        str(error), code=HTTPStatus(error.status_code).name.lower(), errors=errors
    )
    problem.status = error.status_code
    return problems.response(problem)


def _unstorable(_request: HttpRequest, _error: Exception) -> HttpResponse:
    """A value that reached the database and does not fit there, such as text with a NUL."""
    return problems.response(problems.unstorable("request"))


api = NinjaAPI(
    title="Chengyun 城运",
    version=__version__,
    description="City operations: cases, places, people, dispatch. Errors are RFC 9457 problems.",
    docs_url=None,
    # `./cy openapi` prints it; only the public list answers without sign-in.
    openapi_url=None,
    urls_namespace="api",
    renderer=Fast(),
    parser=Exact(),
    auth=[*people.session_or_key, public_route],
)
problems.install(api)
api.exception_handler(HttpError)(_refused)
api.exception_handler(DataError)(_unstorable)
api.add_router("", people.router)
api.add_router("", places.router)
api.add_router("", notices.router)
api.add_router("", cases.staff)
api.add_router("", sensing.router)
api.add_router("", rules.router)
api.add_router("", dispatch.router)
api.add_router("", vitals.router)
api.add_router("", exchange.router)
api.add_router("", base_map.router)
api.add_router("", cases.moderation)
api.add_router("/public", cases.public)
api.add_router("/public", cases.around)
api.add_router("/public", places.public)
api.add_router("/public", site.router)
