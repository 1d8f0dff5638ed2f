"""The HTTP doors of devices and other houses: 201 says that the readings are committed."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from ninja.security import HttpBearer
from ninja.security.base import AuthBase

from chengyun.kernel import problems
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.request import Request
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.sensing.models import Feed
from chengyun.sensing.reads.device_keys import Admitted, admitted_by_secret
from chengyun.sensing.reads.feeds import calling_feed
from chengyun.sensing.schemas import held as schemas
from chengyun.sensing.schemas.words import Code
from chengyun.sensing.verbs import receiving

router = Router()
SIGNATURE = "X-Chengyun-Signature"


class DeviceRequest(Request):
    """A request of a device."""

    device: Admitted


class FeedRequest(Request):
    """A request of another house's system."""

    feed: Feed


class DeviceAuth(HttpBearer):
    """`Authorization: Bearer cyd_…`: a device's password."""

    def authenticate(self, request: HttpRequest, token: str) -> Admitted | None:
        """The device."""
        bind(SYSTEM.scope())
        found = admitted_by_secret(token, now=request.now)  # type: ignore[attr-defined]
        request.device = found  # type: ignore[attr-defined]
        return found


class FeedAuth(AuthBase):
    """A webhook's secret as bearer, or its signature of the body."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Feed | None:
        """The feed that is called."""
        match = request.resolver_match
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        bind(SYSTEM.scope())
        found = calling_feed(
            match.kwargs["code"] if match else "",
            token.strip() if scheme.lower() == "bearer" else "",
            request.headers.get(SIGNATURE, ""),
            request.body,
            now=request.now,  # type: ignore[attr-defined]
        )
        request.feed = found  # type: ignore[attr-defined]
        return found


def _answer(said: JsonObject) -> Status[JsonObject] | HttpResponse:
    """201, or 422 when nothing of the message could be taken (it is held, so this must commit)."""
    if said["refused"] and not said["stored"] + said["duplicates"] + said["corrected"]:
        return problems.response(Invalid([FieldError(**one) for one in said["refused"]]))
    return Status(201, said)


@router.post(
    "/device/readings",
    response={201: schemas.ArrivedOut},
    auth=DeviceAuth(),
    operation_id="device_readings",
)
def device_readings(request: DeviceRequest) -> Status[JsonObject] | HttpResponse:
    """A device's readings over HTTP: what it would say on `things/<code>/batch`."""
    return _answer(receiving.of_device(request.device.thing, request.body, now=request.now))


@router.post(
    "/feeds/{code}/messages",
    response={201: schemas.ArrivedOut},
    auth=FeedAuth(),
    operation_id="feed_message",
)
def feed_message(request: FeedRequest, code: Code) -> Status[JsonObject] | HttpResponse:
    """A message of another house's system, read by the feed's mapping."""
    signature = request.headers.get(SIGNATURE, "") if request.feed.auth == "hmac" else ""
    return _answer(receiving.of_feed(request.feed, request.body, signature, now=request.now))
