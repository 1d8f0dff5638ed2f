"""The HTTP API: every room's doors under /api/v1, closed unless the public list opens them."""

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer

from chengyun import __version__
from chengyun.app import site
from chengyun.app.public_routes import public_route
from chengyun.cases import api as cases
from chengyun.dispatch import api as dispatch
from chengyun.kernel import problems
from chengyun.people import api as people
from chengyun.places import api as places


class Fast(BaseRenderer):
    """JSON by orjson: the lists are long and the answers many."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: object, *, response_status: int) -> bytes:
        """The body; instants as ISO 8601 in UTC with Z."""
        return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC)


api = NinjaAPI(
    title="Chengyun 城运",
    version=__version__,
    description="City operations: cases, places, people, dispatch. Errors are RFC 9457 problems.",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    renderer=Fast(),
    auth=[*people.session_or_key, public_route],
)
problems.install(api)
api.add_router("", people.router)
api.add_router("", places.router)
api.add_router("", cases.staff)
api.add_router("", dispatch.router)
api.add_router("/public", cases.public)
api.add_router("/public", site.router)
