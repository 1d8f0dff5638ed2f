"""How what is said of an entity changes what is kept of it (ETSI GS CIM 009 §5.5, §5.6).

Attributes are by full name lists of instances, one per datasetId; an instance holds what it says
and, under "subs", attributes of its own. Times are ISO 8601 texts in UTC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

NULL = "urn:ngsi-ld:null"
Instance = dict[str, Any]
Attributes = dict[str, list[Instance]]
Mode = Literal["append", "append_new", "update", "merge", "replace"]
_TIMES = ("createdAt", "modifiedAt")


@dataclass
class Changed:
    """What becomes of an entity's attributes.

    `written` are (name, instance) as they are now, `removed` (name, datasetId) that went, `missed`
    names with the reason why nothing was done.
    """

    attrs: Attributes
    written: list[tuple[str, Instance]] = field(default_factory=list)
    removed: list[tuple[str, str | None]] = field(default_factory=list)
    missed: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The attributes that changed."""
        touched = [name for name, _ in self.written] + [name for name, _ in self.removed]
        return list(dict.fromkeys(touched))


def change(
    held: Mapping[str, Sequence[Instance]], said: Attributes, mode: Mode, at: str
) -> Changed:
    """Attributes after what was said.

    append: what is there is overwritten; append_new: it is left alone; update: only what is there;
    merge: instance by instance, part by part; replace: nothing else stays.
    """
    kept: Attributes = {} if mode == "replace" else {k: list(v) for k, v in held.items()}
    found = Changed(kept)
    if mode == "replace":
        found.removed = [
            (name, one.get("datasetId"))
            for name, instances in held.items()
            for one in instances
            if name not in said or _same_set(said[name], one) is None
        ]
    for name, instances in said.items():
        if mode == "update" and name not in held:
            found.missed[name] = "the entity has no such attribute"
            continue
        if mode == "append_new" and name in held:
            found.missed[name] = "the entity has it already (noOverwrite)"
            continue
        for one in instances:
            _say(found, name, one, held.get(name, ()), mode, at)
    found.attrs = {name: instances for name, instances in kept.items() if instances}
    return found


def _same_set(instances: Sequence[Instance], one: Mapping[str, Any]) -> Instance | None:
    wanted = one.get("datasetId")
    return next((each for each in instances if each.get("datasetId") == wanted), None)


def _say(
    found: Changed, name: str, one: Instance, before: Sequence[Instance], mode: Mode, at: str
) -> None:
    old = _same_set(before, one)
    rest = [
        each for each in found.attrs.get(name, ()) if each.get("datasetId") != one.get("datasetId")
    ]
    if is_null(one):
        if old is None:
            found.missed[name] = "there is nothing to remove"
        else:
            found.attrs[name] = rest
            found.removed.append((name, one.get("datasetId")))
        return
    fresh = merged(old, one) if mode == "merge" and old is not None else without_nulls(one)
    fresh = {**fresh, "createdAt": (old or {}).get("createdAt", at), "modifiedAt": at}
    found.attrs[name] = [*rest, fresh]
    found.written.append((name, fresh))


def is_null(one: Mapping[str, Any]) -> bool:
    """Whether an instance says that there is none."""
    return any(
        one.get(bearer) == NULL
        for bearer in ("value", "object", "vocab", "json", "valueList", "objectList")
    ) or one.get("languageMap") in (NULL, {"@none": NULL})


def merged(old: Mapping[str, Any], said: Mapping[str, Any]) -> Instance:
    """An instance with the parts that were said put in, those said to be null taken out."""
    if said.get("type") not in (None, old["type"]):
        return without_nulls(said)
    found = {name: value for name, value in old.items() if name not in _TIMES}
    for name, value in said.items():
        if name == "subs":
            continue
        if value == NULL:
            found.pop(name, None)
        elif name in ("value", "languageMap", "json") and _both_objects(found.get(name), value):
            found[name] = _patched(found[name], value)
        else:
            found[name] = value
    subs = {name: list(inside) for name, inside in old.get("subs", {}).items()}
    for name, inside in said.get("subs", {}).items():
        kept = [one for one in inside if not is_null(one)]
        if kept:
            subs[name] = [without_nulls(one) for one in kept]
        else:
            subs.pop(name, None)
    found.pop("subs", None)
    return {**found, "subs": subs} if subs else found


def _both_objects(old: Any, new: Any) -> bool:
    return isinstance(old, dict) and isinstance(new, dict) and "coordinates" not in new


def _patched(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    found = dict(old)
    for name, value in new.items():
        if value == NULL:
            found.pop(name, None)
        elif _both_objects(found.get(name), value):
            found[name] = _patched(found[name], value)
        else:
            found[name] = value
    return found


def without_nulls(one: Mapping[str, Any]) -> Instance:
    """An instance without the parts that are said to be null."""
    found = {name: value for name, value in one.items() if value != NULL and name not in _TIMES}
    if "languageMap" in found:
        spoken = {tag: text for tag, text in found["languageMap"].items() if text != NULL}
        found["languageMap"] = spoken
    subs = {
        name: kept
        for name, inside in one.get("subs", {}).items()
        if (kept := [without_nulls(each) for each in inside if not is_null(each)])
    }
    found.pop("subs", None)
    return {**found, "subs": subs} if subs else found


def told(at: datetime) -> str:
    """An instant as a text in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
