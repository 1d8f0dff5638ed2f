"""Taking up the schemes and thresholds that packs declare."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

import orjson
from pydantic import TypeAdapter

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.vitals.decide.schemes import Scheme
from chengyun.vitals.decide.suspicions import Thresholds
from chengyun.vitals.models import CheckVersion, SchemeVersion

_SCHEME = TypeAdapter(Scheme)
_LIMITS = TypeAdapter(Thresholds)


def _fingerprint(content: JsonObject) -> str:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


@verb("vitals.load_schemes")
def load_schemes(actor: Actor, *, now: datetime, schemes: Sequence[Scheme]) -> JsonObject:
    """Keep these schemes; what is kept already stays as it is.

    Returns:
        {"added", "count"}
    """
    added = 0
    for scheme in schemes:
        content = _SCHEME.dump_python(scheme, mode="json")
        mark = _fingerprint(content)
        _, new = SchemeVersion.objects.get_or_create(
            key=scheme.id,
            hash=mark,
            defaults={
                "effective_from": scheme.effective_from,
                "pack": scheme.pack,
                "pack_version": scheme.pack_version,
                "content": content,
                "loaded_at": now,
            },
        )
        added += new
    return {"added": added, "count": len(schemes)}


@verb("vitals.load_checks")
def load_checks(
    actor: Actor,
    *,
    now: datetime,
    pack: str,
    pack_version: str,
    effective_from: date,
    thresholds: Thresholds,
) -> JsonObject:
    """Keep the thresholds of the checks from a day on.

    Returns:
        {"added"}
    """
    content = _LIMITS.dump_python(thresholds, mode="json")
    _, new = CheckVersion.objects.get_or_create(
        hash=_fingerprint({**content, "effective_from": effective_from.isoformat()}),
        defaults={
            "effective_from": effective_from,
            "pack": pack,
            "pack_version": pack_version,
            "content": content,
            "loaded_at": now,
        },
    )
    return {"added": int(new)}
