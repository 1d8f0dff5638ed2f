"""Answers in the two formats of the standard. Pure, but for the response object."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import orjson
from django.http import HttpResponse

FORMATS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# How a list of records is called in XML, and one of them.
NAMES = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}


class Fault(Exception):
    """A refusal in the standard's words."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        self.code, self.description, self.retry_after = code, description, retry_after
        super().__init__(description)


def instant(at: datetime | None) -> str | None:
    """A time as the standard writes it: ISO 8601 with its offset."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def answer(root: str, data: Any, form: str, *, status: int = 200) -> HttpResponse:
    """A record or a list of records; `root` is the outermost element in XML."""
    if form == "xml":
        body = ET.tostring(_element(root, data), encoding="utf-8", xml_declaration=True)
    else:
        body = orjson.dumps(data)
    return HttpResponse(body, content_type=FORMATS[form], status=status)


def refusal(fault: Fault, form: str) -> HttpResponse:
    """The errors document."""
    errors = [{"code": fault.code, "description": fault.description}]
    found = answer("errors", errors, form if form in FORMATS else "json", status=fault.code)
    if fault.retry_after is not None:
        found["Retry-After"] = str(fault.retry_after)
    return found


def _element(name: str, data: Any) -> ET.Element:
    element = ET.Element(name)
    if isinstance(data, dict):
        for key, value in data.items():
            element.append(_element(str(key), value))
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for item in data:
            element.append(_element(NAMES.get(name, "item"), item))
    elif isinstance(data, bool):
        element.text = "true" if data else "false"
    elif data is not None:
        element.text = _clean(str(data))
    return element


def _clean(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(
        char
        for char in text
        if char in "\t\n\r"
        or " " <= char <= "\ud7ff"
        or "\ue000" <= char <= "\ufffd"
        or char > "\uffff"
    )
