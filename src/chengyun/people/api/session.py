"""Coming in, going out, and proving oneself better."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.people import reads, verbs
from chengyun.people.api import auth
from chengyun.people.api.auth import PersonRequest
from chengyun.people.schemas.session import (
    CodeIn,
    LinkIn,
    LocaleIn,
    PasswordIn,
    SessionOut,
    SessionsOut,
    SignInIn,
    TotpBegunOut,
    TotpConfirmedOut,
)

router = Router()


def _enter(request: Request, response: HttpResponse, entered: verbs.Entered) -> JsonObject:
    auth.leave_present(request)
    auth.give_cookie(request, response, entered.token)
    user, strong = entered.user, entered.second_factor
    return reads.session_view(user, now=request.now, second_factor=strong)


@router.get("/session", auth=None, response=SessionOut, operation_id="session")
def session(request: Request) -> JsonObject:
    """Who is signed in; 401 when nobody is. Sets the csrftoken cookie either way."""
    auth.offer_csrf(request)
    return reads.session_of(request.COOKIES.get(reads.SESSION_COOKIE, ""), now=request.now)


@router.post("/session", auth=None, response=SessionOut, operation_id="sign_in")
def sign_in(request: Request, response: HttpResponse, data: SignInIn) -> JsonObject:
    """Sign in with name and password, and a code where one is enrolled."""
    auth.require_csrf(request)
    entered = verbs.sign_in(now=request.now, **data.model_dump(), browser=auth.browser(request))
    return _enter(request, response, entered)


@router.post("/session/link", auth=None, response=SessionOut, operation_id="sign_in_by_link")
def sign_in_by_link(request: Request, response: HttpResponse, data: LinkIn) -> JsonObject:
    """Sign in with a one-time link."""
    auth.require_csrf(request)
    entered = verbs.sign_in_by_link(data.token, now=request.now, browser=auth.browser(request))
    return _enter(request, response, entered)


@router.delete("/session", response={204: None}, operation_id="sign_out")
def sign_out(request: PersonRequest, response: HttpResponse) -> Status[None]:
    """Sign out."""
    session_id = auth.present_session(request)
    verbs.sign_out(request.actor, now=request.now, session=session_id)
    response.delete_cookie(reads.SESSION_COOKIE, samesite="Lax")
    return Status(204, None)


@router.post("/session/password", response={204: None}, operation_id="set_password")
def set_password(request: PersonRequest, data: PasswordIn) -> Status[None]:
    """Set one's own password."""
    session_id = auth.present_session(request)
    verbs.set_password(request.actor, now=request.now, session=session_id, **data.model_dump())
    return Status(204, None)


@router.post("/session/locale", response={204: None}, operation_id="set_locale")
def set_locale(request: PersonRequest, data: LocaleIn) -> Status[None]:
    """Choose the language of one's own screens."""
    verbs.set_locale(request.actor, now=request.now, locale=data.locale)
    return Status(204, None)


@router.post("/session/totp/begin", response=TotpBegunOut, operation_id="begin_totp")
def begin_totp(request: PersonRequest) -> JsonObject:
    """Make a shared secret for an authenticator; not in force until confirmed."""
    secret, uri = verbs.begin_totp(request.actor, now=request.now)
    return {"secret": secret, "uri": uri}


@router.post("/session/totp/confirm", response=TotpConfirmedOut, operation_id="confirm_totp")
def confirm_totp(request: PersonRequest, response: HttpResponse, data: CodeIn) -> JsonObject:
    """Put the second factor in force with a first code."""
    codes, token = verbs.confirm_totp(
        request.actor, now=request.now, code=data.code, session=auth.present_session(request)
    )
    auth.give_cookie(request, response, token)
    return {"recovery_codes": codes}


@router.post("/session/totp/verify", response={204: None}, operation_id="verify_totp")
def verify_totp(request: PersonRequest, response: HttpResponse, data: CodeIn) -> Status[None]:
    """Show the second factor in a session begun without it."""
    token = verbs.verify_second_factor(
        request.actor, now=request.now, code=data.code, session=auth.present_session(request)
    )
    auth.give_cookie(request, response, token)
    return Status(204, None)


@router.get("/sessions", response=SessionsOut, operation_id="sessions")
def sessions(request: PersonRequest) -> JsonObject:
    """One's own live sessions."""
    session_id = auth.present_session(request)
    rows = reads.own_sessions(request.actor, now=request.now)
    return {"items": reads.session_rows(rows, current=session_id)}


@router.delete("/sessions/{session_id}", response={204: None}, operation_id="revoke_session")
def revoke_session(request: PersonRequest, session_id: UUID) -> Status[None]:
    """End a session; it stops within five seconds everywhere."""
    verbs.revoke_session(request.actor, now=request.now, session=session_id)
    return Status(204, None)
