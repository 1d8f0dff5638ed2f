"""The doors of GeoReport v2. All are on the list of public routes; all are throttled."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from chengyun.app.open311 import asking, showing, taking
from chengyun.app.open311.answers import FORMATS, Fault, answer, refusal
from chengyun.app.public_routes import public_route
from chengyun.cases.models import Case
from chengyun.cases.reads import kinds
from chengyun.cases.verbs import report, report_of
from chengyun.kernel.actor import PUBLIC
from chengyun.kernel.problems import NotFound, Problem, TooMany
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.scope import bind, bind_subject
from chengyun.kernel.throttle import caller_of, knock

HOUR = 3_600
EVER = datetime(1, 1, 1, tzinfo=UTC)
READS, REPORTS = 6_000, 30
P = ParamSpec("P")
View = Callable[Concatenate[Request, str, P], HttpResponse]
# When this reading of the standard last changed.
CHANGESET = "2026-11-22T00:00:00Z"
_STATUS = {401: 403, 413: 413, 429: 429}


def door(view: View[P]) -> Callable[..., HttpResponse]:
    """Open a view to the public where the list says so; faults answer in the asked format."""

    @csrf_exempt
    @wraps(view)
    def opened(request: HttpRequest, form: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            if form not in FORMATS:
                raise Fault(404, "Formats are json and xml.")
            if public_route(request) is None:
                raise Fault(405 if request.method not in ("GET", "POST") else 403, "Not open here.")
            if request.method == "GET":
                _knock(cast("Request", request), "open311-read", READS)
            return view(cast("Request", request), form, *args, **kwargs)
        except Fault as fault:
            return refusal(fault, form)
        except TooMany as many:
            return refusal(Fault(429, many.detail, many.retry_after), form)
        except Problem as problem:
            return refusal(Fault(_STATUS.get(problem.status, 400), problem.detail), form)

    return opened


def _knock(request: Request, name: str, limit: int) -> None:
    knock(name, caller_of(request), limit=limit, seconds=HOUR, now=request.now)


@door
def discovery(request: Request, form: str) -> HttpResponse:
    """Where and how this endpoint answers."""
    base = request.build_absolute_uri("/open311/v2")
    data = {
        "changeset": CHANGESET,
        "contact": "The operator of this installation.",
        "key_service": "Keys are issued to staff by their security administrator; "
        "reporting needs none.",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": base,
                "changeset": CHANGESET,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return answer("discovery", data, form)


@door
def services(request: Request, form: str) -> HttpResponse:
    """The public kinds of a city."""
    city = asking.city_of(request.GET)
    return answer("services", showing.services(city) if city else [], form)


@door
def service(request: Request, form: str, code: str) -> HttpResponse:
    """The attributes of one kind."""
    city = asking.city_of(request.GET)
    if city is None:
        raise Fault(400, "jurisdiction_id was not provided.")
    entry = kinds().get(asking.kind_of(code, city))
    if entry is None:
        raise Fault(404, "service_code provided was not found.")
    return answer("service_definition", showing.definition(entry.kind, city), form)


@door
def requests(request: Request, form: str) -> HttpResponse:
    """GET: public cases by filters; POST: a report."""
    if request.method == "POST":
        return _report(request, form)
    city = asking.city_of(request.GET)
    if city is None:
        raise Fault(400, "jurisdiction_id was not provided.")
    asked = asking.wanted(request.GET, city, request.now)
    return answer("service_requests", showing.requests(asked, city), form)


def _report(request: Request, form: str) -> HttpResponse:
    given = taking.form_of(request)
    actor = taking.reporter_of(given, request)
    if actor is PUBLIC:
        _knock(request, "open311-report", REPORTS)
    bind(actor.scope())
    item = taking.intake_of(given, request, actor)
    kept = report(actor, now=request.now, key=idempotency_key(request), item=item)
    data = [
        {
            "service_request_id": kept["no"],
            "token": kept["track_code"],
            "service_notice": "The token is the tracking code: it shows how the report stands.",
            "account_id": None,
        }
    ]
    return answer("service_requests", data, form, status=201)


@door
def request_by_id(request: Request, form: str, number: str) -> HttpResponse:
    """One public case."""
    city = asking.city_of(request.GET, needed=False)
    found, _ = showing.request(number, city)
    return answer("service_requests", [found], form)


@door
def request_updates(request: Request, form: str, number: str) -> HttpResponse:
    """What was told of one public case."""
    named = asking.city_of(request.GET, needed=False)
    _, city = showing.request(number, named)
    start = asking.instant_of(request.GET, "start_date")
    end = asking.instant_of(request.GET, "end_date")
    rows = list(Case.objects.public().filter(no=number).values_list("id", "no"))
    data = showing.updates(rows, city, start or EVER, end or request.now)
    return answer("service_request_updates", data, form)


@door
def updates(request: Request, form: str) -> HttpResponse:
    """What was told of a city's public cases between two instants."""
    city = asking.city_of(request.GET)
    if city is None:
        raise Fault(400, "jurisdiction_id was not provided.")
    start, end = asking.span_of(request.GET, request.now)
    ids = asking.listed(request.GET, "service_request_id")
    found = Case.objects.public().filter(city_no=city.area.no, updated_at__gte=start)
    if ids:
        found = found.filter(no__in=ids)
    rows = list(found.order_by("updated_at").values_list("id", "no")[: asking.MOST])
    return answer("service_request_updates", showing.updates(rows, city, start, end), form)


@door
def token(request: Request, form: str, code: str) -> HttpResponse:
    """The number of the request that a token was given for."""
    _knock(request, "track", 600)
    try:
        found = report_of(code, now=request.now)
    except NotFound:
        raise Fault(404, "token provided was not found.") from None
    bind_subject(found.case_id)
    case = Case.objects.get(pk=found.case_id)
    city = asking.city_of(request.GET, needed=False)
    if city is not None and city.area.no != case.city_no:
        raise Fault(404, "token provided was not found.")
    data = [{"service_request_id": case.no, "token": found.track_code}]
    return answer("service_requests", data, form)
