"""Refusals in the words of CIM 009 §6.3.2: an error's type is an address of ETSI's."""

from typing import Any

import orjson
from django.http import HttpResponse

from chengyun.kernel.problems import FieldError, Problem

ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"
_TYPES = {
    400: "BadRequestData",
    401: "Unauthorized",
    403: "Forbidden",
    404: "ResourceNotFound",
    409: "AlreadyExists",
    413: "TooManyResults",
    422: "OperationNotSupported",
    429: "TooManyPendingRequests",
    501: "OperationNotSupported",
    503: "LdContextNotAvailable",
}


class BadData(Problem):
    """A body, name, query or option that is wrong; the detail says where."""

    code = "BadRequestData"


class InvalidRequest(Problem):
    """A request that misses what it needs, or says what excludes itself."""

    code = "InvalidRequest"


class NoContext(Problem):
    """A remote @context that cannot be had: not listed, or its house does not answer."""

    status = 503
    code = "LdContextNotAvailable"


class NotOffered(Problem):
    """A part of the standard that this broker has not."""

    status = 422
    code = "OperationNotSupported"


def wrong(field: str, reason: str) -> BadData:
    """A refusal that names a field."""
    return BadData(f"{field}: {reason}", errors=[FieldError(field, reason)])


def as_error(problem: Problem) -> dict[str, Any]:
    """A problem as a ProblemDetails of CIM 009."""
    own = problem.code[:1].isupper()
    # What our own rooms find wrong with the input is bad data in this standard's words.
    status = 400 if problem.status == 422 and not own else problem.status
    name = problem.code if own else _TYPES.get(status, "InternalError")
    said = {**problem.as_dict(), "type": ERRORS + name, "title": problem.detail, "status": status}
    return {key: value for key, value in said.items() if key != "code"}


def refusal(problem: Problem) -> HttpResponse:
    """The answer to a refused request."""
    said = as_error(problem)
    return HttpResponse(
        orjson.dumps(said, default=str), content_type="application/json", status=said["status"]
    )
