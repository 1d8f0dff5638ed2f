"""POST request: what a form says, as a report of the case loop."""

import re
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import QueryDict, UnreadablePostError

from chengyun.app.open311.answers import Fault
from chengyun.app.open311.asking import city_of, kind_of, number_of, said
from chengyun.cases.policy import may_report_for_others
from chengyun.cases.reads import kinds
from chengyun.cases.verbs import Contact, Intake
from chengyun.kernel import uploads
from chengyun.kernel.actor import PUBLIC, Actor
from chengyun.kernel.problems import Problem
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.people.reads import live_key

_ATTRIBUTE = re.compile(r"attribute\[([^\]\[]{1,100})\](\[\])?")
_PHONE = re.compile(r"[0-9+() -]{0,30}")
_URL = re.compile(r"https?://[^\s\0]{1,1990}", re.IGNORECASE)
_EMAIL_MAX, _NAME_MAX = 200, 60


def form_of(request: HttpRequest) -> QueryDict:
    """The form, urlencoded or multipart.

    Raises:
        Fault: 400 it cannot be read, 413 it is too large.
    """
    try:
        request.FILES  # noqa: B018 - reads the body, so that every fault shows here
        return request.POST
    except RequestDataTooBig:
        raise Fault(413, "The request is larger than this door takes.") from None
    except (TooManyFieldsSent, TooManyFilesSent):
        raise Fault(400, "The request has too many fields.") from None
    except (MultiPartParserError, UnreadablePostError, UnicodeDecodeError) as error:
        raise Fault(400, f"The form cannot be read: {error}") from None


def reporter_of(form: QueryDict, request: Request) -> Actor:
    """Who reports: the key's post, or anybody.

    Raises:
        Fault: 403, the key is unknown, over, or of a post that reports nothing.
    """
    token = said(form, "api_key") or said(request.GET, "api_key")
    if not token:
        return PUBLIC
    found = live_key(token, now=request.now)
    if found is None:
        raise Fault(403, "Invalid api_key received -- can't proceed with create_request.")
    try:
        may_report_for_others(found.actor)
    except Problem as problem:
        raise Fault(403, problem.detail) from problem
    return found.actor


def intake_of(form: QueryDict, request: Request, actor: Actor) -> Intake:
    """The report that a form describes.

    Raises:
        Fault: 400 or 404, a field is missing or wrong.
    """
    city = city_of(form)
    if city is None:
        raise Fault(400, "jurisdiction_id was not provided.")
    code = said(form, "service_code")
    if not code:
        raise Fault(400, "service_code was not provided.")
    kind_id = kind_of(code, city)
    lat, lon = number_of(form, "lat", -90, 90), number_of(form, "long", -180, 180)
    address = said(form, "address_string")
    if (lat is None) != (lon is None):
        raise Fault(400, "lat and long must be given together.")
    if lat is None and not address and not said(form, "address_id"):
        raise Fault(400, "Provide lat and long, or address_string, or address_id.")
    attributes = attributes_of(form, kind_id)
    media = said(form, "media_url")
    if media and not _URL.fullmatch(media):
        raise Fault(400, "media_url must be a web address.")
    text = said(form, "description")
    return Intake(
        text=f"{text}\n{media}".strip() if media else text,
        source="open311",
        kind_id=kind_id,
        city_no=city.area.no,
        lon=lon,
        lat=lat,
        address=address or said(form, "address_id"),
        attributes=attributes,
        photos=_photos(request, actor),
        contact=_contact(form),
    )


def _photos(request: Request, actor: Actor) -> tuple[UUID, ...]:
    """The photo sent as `media`, as several clients do beside the standard."""
    file = request.FILES.get("media")
    if file is None:
        return ()
    try:
        return (uploads.store_photo(actor, file.read(), now=request.now).id,)
    except Problem as problem:
        raise Fault(400, problem.detail) from problem


def _contact(form: QueryDict) -> Contact | None:
    name = " ".join(filter(None, (said(form, "first_name"), said(form, "last_name"))))
    phone, email = said(form, "phone"), said(form, "email")
    if len(name) > _NAME_MAX:
        raise Fault(400, f"first_name and last_name may have {_NAME_MAX} characters together.")
    if not _PHONE.fullmatch(phone):
        raise Fault(400, "phone may have 30 digits, spaces, brackets, plus and minus signs.")
    if len(email) > _EMAIL_MAX or (email and "@" not in email[1:-1]):
        raise Fault(400, "email is no mail address.")
    return Contact(name, phone, email) if name or phone or email else None


def attributes_of(form: QueryDict, kind_id: str) -> JsonObject:
    """`attribute[code]=…` by the types of the kind's form; whether they fit, intake decides.

    Raises:
        Fault: 400, a number or choice that is none.
    """
    entry = kinds().get(kind_id)
    schema = (entry.kind.form or {}) if entry else {}
    properties = schema.get("properties", {})
    found: JsonObject = {}
    for name in form:
        match = _ATTRIBUTE.fullmatch(name)
        if match is None:
            continue
        code = match[1]
        values = [value.strip() for value in form.getlist(name)]
        rule = properties.get(code, {})
        if match[2] or rule.get("type") == "array":
            inner = rule.get("items", {})
            found[code] = [_typed(code, value, inner) for value in values if value]
        elif values[-1]:
            found[code] = _typed(code, values[-1], rule)
    return found


def _typed(code: str, value: str, rule: JsonObject) -> Any:
    kind = rule.get("type")
    if "\0" in value:
        raise Fault(400, f"attribute[{code}] holds a NUL character.")
    if kind == "boolean":
        if value.lower() not in ("true", "false"):
            raise Fault(400, f"attribute[{code}] must be true or false.")
        return value.lower() == "true"
    if kind in ("number", "integer"):
        try:
            number = float(value)
        except ValueError:
            raise Fault(400, f"attribute[{code}] must be a number.") from None
        if number != number or number in (float("inf"), float("-inf")):
            raise Fault(400, f"attribute[{code}] must be a number.")
        return int(number) if number.is_integer() else number
    return value
