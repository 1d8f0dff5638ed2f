"""The routes of dispatch alone; a token stands for an actor, whom a test puts into `actors`."""

from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI
from ninja.security import HttpBearer

from chengyun.dispatch.api import router
from chengyun.kernel import problems
from chengyun.kernel.actor import Actor
from chengyun.kernel.scope import bind

actors: dict[str, Actor] = {}


class ByToken(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = actors.get(token)
        if actor is not None:
            request.actor = actor  # type: ignore[attr-defined]
            bind(actor.scope())
        return actor


api = NinjaAPI(title="dispatch", auth=ByToken(), urls_namespace="dispatch-tests")
problems.install(api)
api.add_router("", router)

urlpatterns = [path("api/v1/", api.urls)]
