"""Subscriptions as they are kept: names in full, the body as it was said."""

from collections.abc import Mapping
from typing import Any

from chengyun.app.ngsild.endpoints import check_endpoint, names_in
from chengyun.app.ngsild.faults import BadData, NotOffered
from chengyun.app.ngsild.finding import Wanted
from chengyun.app.ngsild.queries import query_of
from chengyun.app.ngsild.terms import Terms
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.subscribing import TRIGGERS

_KNOWN = {
    *("id", "type", "subscriptionName", "description", "entities", "watchedAttributes"),
    *("notificationTrigger", "timeInterval", "q", "geoQ", "csf", "isActive", "notification"),
    *("expiresAt", "throttling", "temporalQ", "scopeQ", "lang", "jsonldContext"),
}


_OURS = {"status", "createdAt", "modifiedAt", "datasetId"}


_LONGEST_S = 366 * 86_400


def content_of(body: Mapping[str, Any], terms: Terms) -> JsonObject:
    """A subscription with its names in full and its body as it was said. Raises BadData."""
    unknown = body.keys() - _KNOWN - _OURS
    if unknown:
        raise BadData(f"{min(unknown)[:60]}: is no part of a subscription.")
    if body.get("type") != "Subscription":
        raise BadData("type: is Subscription.")
    for name in ("csf", "temporalQ"):
        if body.get(name) is not None:
            raise NotOffered(f"{name}: is not offered here.")
    watched = names_in(body, "watchedAttributes")
    if body.get("entities") is None and not watched:
        raise BadData("entities or watchedAttributes must be given.")
    interval = _seconds(body, "timeInterval")
    if interval is not None and (watched or body.get("throttling") is not None):
        raise BadData("timeInterval: excludes watchedAttributes and throttling.")
    if body.get("isActive") not in (None, True, False):
        raise BadData("isActive: is true or false.")
    triggers = names_in(body, "notificationTrigger")
    if set(triggers) - set(TRIGGERS):
        raise BadData(f"notificationTrigger: are of {', '.join(TRIGGERS)}.")
    check_endpoint(body.get("notification"))
    said = {name: value for name, value in body.items() if name in _KNOWN}
    content = {
        "said": said,
        "watched": [terms.expand(one) for one in watched],
        "triggers": list(triggers),
        "throttling": _seconds(body, "throttling"),
        "interval": interval,
        "terms": dict(terms.terms),
        "vocab": terms.vocab,
        "context": terms.said,
    }
    wanted(content)
    return content


def _seconds(body: Mapping[str, Any], name: str) -> float | None:
    said = body.get(name)
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, (int, float)) or not 0 < said <= _LONGEST_S:
        raise BadData(f"{name}: is a number of seconds above 0.")
    return float(said)


def terms_kept(content: Mapping[str, Any]) -> Terms:
    """The terms that a subscription was said with."""
    return Terms(content["terms"], content["vocab"], content["context"])


def wanted(content: Mapping[str, Any]) -> Wanted:
    """The entities that a subscription means. Raises BadData."""
    said = content["said"]
    terms = terms_kept(content)
    asked = {name: said[name] for name in ("q", "geoQ", "scopeQ") if said.get(name)}
    if said.get("entities") is not None:
        asked["entities"] = said["entities"]
    elif not asked:
        asked["attrs"] = said["watchedAttributes"]
    return query_of({"type": "Query", **asked}, terms)[0]
