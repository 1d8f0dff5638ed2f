"""What a notification tells, as the subscription's owner may see it."""

from datetime import datetime
from itertools import islice
from typing import Any

import orjson

from chengyun.app.ngsild.agreeing import terms_kept, wanted
from chengyun.app.ngsild.contexts import GEO_JSON, JSON, LD, REL
from chengyun.app.ngsild.finding import Wanted, found, one_entity
from chengyun.app.ngsild.showing import Look
from chengyun.app.ngsild.terms import CORE
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.sensing.decide.context import told
from chengyun.sensing.reads.subscriptions import Subscription

MOST_IN_ONE = 1_000


def notification(
    one: Subscription, owner: Actor, uris: list[str], gone: list[str], now: datetime
) -> tuple[bytes | None, dict[str, str]]:
    """The body and headers of a notification; no body where nothing of it is meant any more."""
    meant = wanted(one.content)
    entities = _meant(owner, meant, uris, gone)
    note = one.content["said"]["notification"]
    terms = terms_kept(one.content)
    form = {"keyValues": "simplified"}.get(note.get("format", ""), note.get("format", "normalized"))
    shown = frozenset(terms.expand(name) for name in note.get("attributes") or ())
    look_ = Look(terms, form, bool(note.get("sysAttrs")), shown)
    data = [look_.entity(each) for each in entities]
    data += [{"id": uri, "type": "Thing", "deletedAt": told(now)} for uri in _left(owner, gone)]
    if not data:
        return None, {}
    endpoint = note["endpoint"]
    kind = endpoint.get("accept", JSON)
    said: dict[str, Any] = {
        "id": f"urn:ngsi-ld:Notification:{new_id()}",
        "type": "Notification",
        "subscriptionId": one.uri,
        "notifiedAt": told(now),
        "data": look_.features(entities) if kind == GEO_JSON else data,
    }
    headers = {"Content-Type": kind if kind != GEO_JSON else JSON}
    if kind == LD:
        said["@context"] = terms.said
    else:
        named = terms.said if isinstance(terms.said, str) else CORE
        headers["Link"] = f'<{named}>; rel="{REL}"; type="{LD}"'
    for pair in endpoint.get("receiverInfo") or ():
        if pair["key"].lower() not in ("content-type", "content-length", "host", "link"):
            headers[pair["key"]] = str(pair.get("value", ""))
    return orjson.dumps(said, default=str), headers


def _meant(owner: Actor, meant: Wanted, uris: list[str], gone: list[str]) -> list[dict[str, Any]]:
    if not uris:
        return list(islice(found(owner, meant), MOST_IN_ONE))
    held = (one_entity(owner, uri) for uri in uris[:MOST_IN_ONE] if uri not in gone)
    return [one for one in held if one is not None and meant.holds(one)]


def _left(owner: Actor, gone: list[str]) -> list[str]:
    """Entities that are still gone, and were in the owner's sight."""
    return [uri for uri in gone if one_entity(owner, uri, past=True) is not None]
