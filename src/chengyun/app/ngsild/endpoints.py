"""Where and how a subscriber is told."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from chengyun.app.ngsild.contexts import GEO_JSON, JSON, LD
from chengyun.app.ngsild.faults import BadData, NotOffered
from chengyun.app.ngsild.values import uri

FORMATS = {"normalized", "concise", "keyValues", "simplified"}


def names_in(body: Mapping[str, Any], name: str) -> list[str]:
    said = body.get(name)
    if said is None:
        return []
    if not isinstance(said, list) or not said or not all(isinstance(o, str) and o for o in said):
        raise BadData(f"{name}: is a list of names that is not empty.")
    return said


def check_endpoint(said: Any) -> None:
    if not isinstance(said, dict) or not isinstance(said.get("endpoint"), dict):
        raise BadData("notification: has an endpoint.")
    if said.get("format", "normalized") not in FORMATS:
        raise BadData(f"notification.format: is one of {', '.join(sorted(FORMATS))}.")
    if said.get("attributes") is not None:
        names_in(said, "attributes")
    endpoint = said["endpoint"]
    address = endpoint.get("uri")
    parts = urlsplit(uri(address, "notification.endpoint.uri"))
    if parts.scheme in ("mqtt", "mqtts"):
        raise NotOffered("notification.endpoint.uri: http and https are offered.")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise BadData("notification.endpoint.uri: is an http(s) address without a user name.")
    if parts.hostname.lower() not in settings.FEED_HOSTS:
        raise BadData(
            f"notification.endpoint.uri: {parts.hostname} is not on this node's list of hosts"
            " (CHENGYUN_FEED_HOSTS)."
        )
    if endpoint.get("accept", JSON) not in (JSON, LD, GEO_JSON):
        raise BadData(f"notification.endpoint.accept: is {JSON}, {LD} or {GEO_JSON}.")
    for part in ("receiverInfo", "notifierInfo"):
        for pair in endpoint.get(part) or []:
            if not isinstance(pair, dict) or not isinstance(pair.get("key"), str):
                raise BadData(f"notification.endpoint.{part}: is a list of key and value.")
            if any(one in f"{pair['key']}{pair.get('value')}" for one in "\r\n\0"):
                raise BadData(f"notification.endpoint.{part}: holds a line break.")
