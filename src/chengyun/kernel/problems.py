"""Problem details (RFC 9457): every refusal says what, where and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field at fault: its path, the reason in a sentence, and a stable code."""

    field: str
    reason: str
    code: str = "invalid"

    def as_dict(self) -> dict[str, str]:
        return {"field": self.field, "reason": self.reason, "code": self.code}


class Problem(Exception):
    """A refusal that reaches the caller as problem details."""

    status = 400
    code = "bad_request"

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        **extra: Any,
    ) -> None:
        self.detail = detail or HTTPStatus(self.status).phrase
        self.code = code or self.code
        self.errors = tuple(errors)
        self.extra = extra
        super().__init__(self.detail)

    def as_dict(self) -> dict[str, Any]:
        """The problem document."""
        body: dict[str, Any] = {
            "type": f"urn:chengyun:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.extra,
        }
        if self.errors:
            body["errors"] = [error.as_dict() for error in self.errors]
        return body


class Invalid(Problem):
    """The input is wrong; names each field and why."""

    status = 422
    code = "invalid"

    def __init__(self, errors: Sequence[FieldError], detail: str = "", **extra: Any) -> None:
        said = detail or "; ".join(f"{e.field}: {e.reason}" for e in errors)
        super().__init__(said, errors=errors, **extra)


def unstorable(field: str) -> Invalid:
    """The refusal of a value that neither JSON nor a database text can hold."""
    reason = "holds a NUL character, half a surrogate pair, or a number that is out of range"
    return Invalid([FieldError(field, reason, "unstorable")])


class Unauthenticated(Problem):
    """Nobody is signed in."""

    status = 401
    code = "unauthenticated"


class Forbidden(Problem):
    """Signed in, the thing is in sight, but the verb is not theirs."""

    status = 403
    code = "forbidden"


class NotFound(Problem):
    """There is no such thing, or it is out of scope; the two look the same."""

    status = 404
    code = "not_found"


class Conflict(Problem):
    """Somebody was faster, or the state does not allow it."""

    status = 409
    code = "conflict"


class TooLarge(Problem):
    """More than this door takes."""

    status = 413
    code = "too_large"


class TooMany(Problem):
    """Too many tries; says when to come back."""

    status = 429
    code = "too_many"

    def __init__(self, retry_after: int, detail: str = "") -> None:
        super().__init__(detail or f"Too many requests; try again in {retry_after} s.")
        self.retry_after = retry_after


class Unavailable(Problem):
    """Not possible just now, for a reason of ours."""

    status = 503
    code = "unavailable"


def response(problem: Problem) -> HttpResponse:
    """The HTTP answer of a problem."""
    answer = HttpResponse(
        orjson.dumps(problem.as_dict()), content_type=CONTENT_TYPE, status=problem.status
    )
    if isinstance(problem, TooMany):
        answer["Retry-After"] = str(problem.retry_after)
    if isinstance(problem, Unauthenticated):
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def _validation(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = []
    for item in error.errors:
        path = [str(part) for part in item["loc"] if part not in ("body", "query", "path", "form")]
        # Ninja puts the handler's own parameter name in front of the body's fields.
        if len(path) > 1 and path[0] in ("data", "payload", "item", "body"):
            path = path[1:]
        errors.append(FieldError(".".join(path) or "body", item["msg"], item["type"]))
    return response(Invalid(errors))


def install(api: NinjaAPI) -> None:
    """Make every error of a Ninja API a problem document."""

    def raised(_request: HttpRequest, error: Problem) -> HttpResponse:
        return response(error)

    def unauthenticated(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return response(Unauthenticated("Sign in, or send a valid API key."))

    def missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return response(NotFound())

    def too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
        return response(TooLarge("The request body is larger than this door takes."))

    def http(_request: HttpRequest, error: HttpError) -> HttpResponse:
        problem = Problem(str(error), code=HTTPStatus(error.status_code).name.lower())
        problem.status = error.status_code
        return response(problem)

    api.exception_handler(Problem)(raised)
    api.exception_handler(ValidationError)(_validation)
    api.exception_handler(AuthenticationError)(unauthenticated)
    api.exception_handler(Http404)(missing)
    api.exception_handler(RequestDataTooBig)(too_big)
    api.exception_handler(HttpError)(http)
