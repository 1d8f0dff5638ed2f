"""Bodies as entities and attributes with full names: normalised or concise (CIM 009 §4.5)."""

from collections.abc import Mapping
from typing import Any

from chengyun.app.ngsild.faults import wrong
from chengyun.app.ngsild.geometry import GEOMETRIES, geometry, is_geometry
from chengyun.app.ngsild.terms import Terms
from chengyun.app.ngsild.values import instant, scopes_of, types_of, uri
from chengyun.sensing.decide.context import NULL

# What carries the value in each kind of attribute.
VALUES = {
    "Property": "value",
    "GeoProperty": "value",
    "Relationship": "object",
    "LanguageProperty": "languageMap",
    "VocabProperty": "vocab",
    "JsonProperty": "json",
    "ListProperty": "valueList",
    "ListRelationship": "objectList",
}
_BY_VALUE = {said: kind for kind, said in reversed(list(VALUES.items()))}
_PLAIN = ("unitCode", "observedAt", "datasetId", "objectType", "expiresAt")
_OURS = ("createdAt", "modifiedAt", "deletedAt", "instanceId", "previousValue", "previousObject")
_MOST_ATTRIBUTES, _MOST_INSTANCES, _DEEPEST = 1_000, 1_000, 5
Instances = list[dict[str, Any]]
Attributes = dict[str, Instances]


def attributes_of(body: Any, terms: Terms, *, nulls: bool = False) -> Attributes:
    """The attributes of an entity or fragment. Raises BadData.

    Args:
        nulls: urn:ngsi-ld:null stands for "remove".
    """
    if not isinstance(body, dict):
        raise wrong("body", "must be an object")
    names = [one for one in body if one not in ("id", "type", "scope", "@context", "@id", "@type")]
    names = [one for one in names if one not in ("createdAt", "modifiedAt", "deletedAt")]
    if len(names) > _MOST_ATTRIBUTES:
        raise wrong("body", f"has more than {_MOST_ATTRIBUTES:,} attributes")
    found: Attributes = {}
    for name in names:
        full = terms.expand(name)
        if full in found:
            raise wrong(name, "is said twice, by a short and a full name")
        found[full] = instances_of(body[name], terms, name, nulls=nulls)
    return found


def instances_of(said: Any, terms: Terms, field: str, *, nulls: bool = False) -> Instances:
    """An attribute as its instances, at most one per datasetId. Raises BadData."""
    many = isinstance(said, list) and said and all(_is_attribute(one) for one in said)
    given = said if many else [said]
    if len(given) > _MOST_INSTANCES:
        raise wrong(field, f"has more than {_MOST_INSTANCES:,} instances")
    found = [instance_of(one, terms, field, nulls=nulls) for one in given]
    named = [one.get("datasetId") for one in found]
    if len(set(named)) < len(named):
        raise wrong(field, "has two instances with one datasetId")
    return found


def _is_attribute(one: Any) -> bool:
    return isinstance(one, dict) and (one.get("type") in VALUES or bool(_BY_VALUE.keys() & one))


def instance_of(
    said: Any, terms: Terms, field: str, *, nulls: bool = False, depth: int = 0, whole: bool = True
) -> dict[str, Any]:
    """One instance of an attribute. Raises BadData.

    Args:
        whole: it must carry a value; a partial update may leave it out.
    """
    if depth > _DEEPEST:
        raise wrong(field, f"has attributes nested more than {_DEEPEST} deep")
    said, kind = _kind_of(said, field, whole=whole)
    found: dict[str, Any] = {"type": kind} if kind else {}
    bearer = VALUES[kind] if kind else ""
    if bearer in said:
        found[bearer] = _value(kind or "", said[bearer], terms, f"{field}.{bearer}", nulls=nulls)
    elif whole:
        raise wrong(field, f"a {kind} has {bearer}")
    for name in _PLAIN:
        if name in said:
            found[name] = _plain(name, said[name], terms, f"{field}.{name}", nulls=nulls)
    subs = _inside(said, kind, terms, field, nulls=nulls, depth=depth + 1)
    if subs:
        found["subs"] = subs
    return found


def _kind_of(said: Any, field: str, *, whole: bool) -> tuple[dict[str, Any], str | None]:
    """An instance as an object, and its kind where it says or shows one."""
    if not isinstance(said, dict) or (whole and not _is_attribute(said)):
        if isinstance(said, dict) and said.get("type") not in (None, *GEOMETRIES):
            raise wrong(field, f"type is one of {', '.join(VALUES)}")
        geo = isinstance(said, dict) and said.get("type") in GEOMETRIES
        said = {"type": "GeoProperty" if geo else "Property", "value": said}
    kind = said.get("type") or next((_BY_VALUE[name] for name in said if name in _BY_VALUE), None)
    if kind == "Property" and "type" not in said and is_geometry(said.get("value")):
        kind = "GeoProperty"
    if kind is not None and kind not in VALUES:
        raise wrong(field, f"type is one of {', '.join(VALUES)}")
    return said, kind


def _inside(
    said: Mapping[str, Any], kind: str | None, terms: Terms, field: str, *, nulls: bool, depth: int
) -> dict[str, Any]:
    """The attributes of an attribute."""
    bearer = VALUES[kind] if kind else ""
    known = {"type", bearer, "@context", *_PLAIN, *_OURS}
    rest = [name for name in said if name not in known]
    if len(rest) > _MOST_ATTRIBUTES:
        raise wrong(field, f"has more than {_MOST_ATTRIBUTES:,} attributes")
    subs: dict[str, Any] = {}
    for name in rest:
        if name in VALUES.values():
            raise wrong(f"{field}.{name}", f"is not of a {kind}")
        deep = f"{field}.{name}"
        given = said[name] if isinstance(said[name], list) and _many(said[name]) else [said[name]]
        subs[terms.expand(name)] = [
            instance_of(one, terms, deep, nulls=nulls, depth=depth) for one in given
        ]
    return subs


def _many(said: list[Any]) -> bool:
    return bool(said) and all(_is_attribute(one) for one in said)


def _plain(name: str, value: Any, terms: Terms, field: str, *, nulls: bool) -> Any:
    if nulls and value == NULL:
        return NULL
    if name in ("observedAt", "expiresAt"):
        return instant(value, field)
    if name == "datasetId":
        return uri(value, field)
    if name == "objectType":
        return types_of(value, terms, field)
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise wrong(field, "is a text of 1 to 100 characters")
    return value


def _value(kind: str, value: Any, terms: Terms, field: str, *, nulls: bool) -> Any:
    if value is None and kind != "JsonProperty":
        raise wrong(field, f"is not null; {NULL} stands for nothing")
    if value == NULL:
        if not nulls:
            raise wrong(field, f"{NULL} is of updates only")
        return NULL
    if kind == "GeoProperty":
        return geometry(value, field)
    if kind == "Relationship":
        if isinstance(value, list) and value:
            return [uri(one, field) for one in value]
        return uri(value, field)
    if kind == "LanguageProperty":
        return _languages(value, field, nulls=nulls)
    if kind == "VocabProperty":
        full = types_of(value, terms, field)
        return full if isinstance(value, list) else full[0]
    if kind.startswith("List"):
        return _listed(kind, value, field)
    return value


def _listed(kind: str, value: Any, field: str) -> Any:
    if not isinstance(value, list):
        raise wrong(field, "is a list")
    if kind == "ListProperty":
        return value
    return [uri(one.get("object") if isinstance(one, dict) else one, field) for one in value]


def _languages(value: Any, field: str, *, nulls: bool) -> Any:
    if not isinstance(value, dict) or not value:
        raise wrong(field, "is an object of texts by language")
    for tag, text in value.items():
        texts = text if isinstance(text, list) else [text]
        if not all(isinstance(one, str) for one in texts) or len(tag) > 40:
            raise wrong(field, "is an object of texts by language")
        if text == NULL and not nulls:
            raise wrong(field, f"{NULL} is of updates only")
    return value


def entity_of(body: Any, terms: Terms, *, typed: bool = True) -> dict[str, Any]:
    """A whole entity: {"id", "types", "scopes", "attrs"}. Raises BadData."""
    if not isinstance(body, dict):
        raise wrong("body", "must be an object")
    said = {"id": body.get("id", body.get("@id")), "type": body.get("type", body.get("@type"))}
    if said["id"] is None:
        raise wrong("id", "must be given")
    if said["type"] is None and typed:
        raise wrong("type", "must be given")
    return {
        "id": uri(said["id"], "id"),
        "types": types_of(said["type"], terms) if said["type"] is not None else [],
        "scopes": scopes_of(body["scope"]) if body.get("scope") is not None else None,
        "attrs": attributes_of(body, terms, nulls=not typed),
    }
