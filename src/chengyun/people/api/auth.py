"""Who a request is from: a session's cookie (then with CSRF token) or a key in `Authorization`."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token, rotate_token
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden
from chengyun.kernel.request import Request
from chengyun.kernel.scope import bind
from chengyun.people import policy, reads, verbs
from chengyun.people.decide import sessions


class PersonRequest(Request):
    """A request of a signed-in browser or of a key."""

    # None: a key.
    session_id: UUID | None


def _known(request: HttpRequest, actor: Actor, session_id: UUID | None) -> Actor:
    request.actor = actor  # type: ignore[attr-defined]
    request.session_id = session_id  # type: ignore[attr-defined]
    bind(actor.scope())
    return actor


class KeyAuth(HttpBearer):
    """`Authorization: Bearer cyk_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The key's actor; None lets the next way in be tried."""
        now = request.now  # type: ignore[attr-defined]
        found = reads.live_key(token, now=now)
        if found is None:
            return None
        verbs.note_key_used(found, now=now)
        return _known(request, found.actor, None)


class SessionAuth(APIKeyCookie):
    """The session's cookie."""

    param_name = reads.SESSION_COOKIE

    def __init__(self) -> None:
        # Checked below, and only for somebody who is signed in: nobody else can lose anything.
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The session's actor.

        Raises:
            Forbidden: the request changes something and shows no CSRF token.
        """
        now = request.now  # type: ignore[attr-defined]
        found = reads.signed_in(key, now=now) if key else None
        if found is None:
            return None
        require_csrf(request)
        verbs.note_seen(found, now=now)
        return _known(request, found.actor, found.session_id)


session_or_key = [KeyAuth(), SessionAuth()]


def require_csrf(request: HttpRequest) -> None:
    """Refuse a change that another site's page may have sent.

    Raises:
        Forbidden: the X-CSRFToken header is missing or wrong.
    """
    if check_csrf(request) is not None:
        raise Forbidden(
            "Send the value of the csrftoken cookie as X-CSRFToken.", code="csrf_failed"
        )


def offer_csrf(request: HttpRequest) -> None:
    """Have the answer set the csrftoken cookie."""
    get_token(request)


def browser(request: HttpRequest) -> verbs.Browser:
    """Where a request comes from."""
    return verbs.Browser(
        address=request.META.get("REMOTE_ADDR", ""),
        user_agent=request.headers.get("User-Agent", "")[:512],
    )


def give_cookie(request: HttpRequest, response: HttpResponse, token: str) -> None:
    """Put the session into the browser; a new CSRF token goes with it."""
    rotate_token(request)
    response.set_cookie(
        reads.SESSION_COOKIE,
        token,
        max_age=sessions.ABSOLUTE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
        samesite="Lax",
    )


def leave_present(request: Request) -> None:
    """End the session a browser brings when it signs in again."""
    token = request.COOKIES.get(reads.SESSION_COOKIE)
    found = reads.signed_in(token, now=request.now) if token else None
    if found is not None:
        verbs.sign_out(found.actor, now=request.now, session=found.session_id)


def present_session(request: PersonRequest) -> UUID:
    """The session of a request that only a person can make.

    Raises:
        Forbidden: a key acts.
    """
    policy.person(request.actor)
    if request.session_id is None:
        raise Forbidden("Only a person can do this, not a key.", code="not_a_person")
    return request.session_id
