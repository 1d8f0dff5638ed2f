"""The routes of places alone; a token stands for an actor, whom a test puts into `actors`."""

from datetime import UTC, datetime

from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI
from ninja.security import HttpBearer

from chengyun.kernel import problems
from chengyun.kernel.actor import Actor
from chengyun.places.api import router

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
actors: dict[str, Actor] = {}


class ByToken(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        request.actor = actors.get(token)  # type: ignore[attr-defined]
        request.now = NOW  # type: ignore[attr-defined]
        return actors.get(token)


api = NinjaAPI(title="places", auth=ByToken(), urls_namespace="places-tests")
problems.install(api)
api.add_router("", router)

urlpatterns = [path("api/v1/", api.urls)]
