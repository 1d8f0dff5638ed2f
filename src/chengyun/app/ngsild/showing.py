"""Entities as answers: normalised, concise, simplified or GeoJSON, with short names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chengyun.app.ngsild.bodies import VALUES
from chengyun.app.ngsild.terms import Terms

Form = str
LOCATION = "https://uri.etsi.org/ngsi-ld/location"


@dataclass(frozen=True)
class Look:
    """How an answer looks. `attrs` are full names; none: all of them."""

    terms: Terms
    form: Form = "normalized"
    system: bool = False
    attrs: Collection[str] = ()
    omit: Collection[str] = ()
    language: str = ""
    geometry: str = LOCATION
    datasets: Collection[str] = field(default=())

    def entity(self, one: Mapping[str, Any]) -> dict[str, Any]:
        """An entity."""
        types = [self.terms.shrink(name) for name in one["types"]]
        said: dict[str, Any] = {"id": one["id"], "type": types[0] if len(types) == 1 else types}
        if one.get("scopes"):
            scopes = one["scopes"]
            said["scope"] = scopes[0] if len(scopes) == 1 else scopes
        if self.system and self.form != "simplified":
            said |= {name: one[name] for name in ("createdAt", "modifiedAt") if one.get(name)}
        for name, instances in one["attrs"].items():
            if (not self.attrs or name in self.attrs) and name not in self.omit:
                shown = self.attribute(instances)
                if shown is not None:
                    said[self.terms.shrink(name)] = shown
        return said

    def attribute(self, instances: Sequence[Mapping[str, Any]]) -> Any:
        """An attribute: an object, or a list of them where there are several."""
        kept = [one for one in instances if self._asked(one)]
        if not kept:
            return None
        if self.form == "simplified":
            plain = [self.simple(one) for one in kept]
            if len(kept) == 1:
                return plain[0]
            return {
                "dataset": {
                    one.get("datasetId", "@none"): value
                    for one, value in zip(kept, plain, strict=True)
                }
            }
        shown = [self.instance(one) for one in kept]
        return shown[0] if len(shown) == 1 else shown

    def _asked(self, one: Mapping[str, Any]) -> bool:
        return not self.datasets or one.get("datasetId", "@none") in self.datasets

    def simple(self, one: Mapping[str, Any]) -> Any:
        """The bare value of an instance."""
        bearer = VALUES[one["type"]]
        value = one.get(bearer)
        if one["type"] == "LanguageProperty":
            return self._spoken(value)[1] if self.language else {"languageMap": value}
        if one["type"] == "VocabProperty":
            return {"vocab": self._short(value)}
        if one["type"] == "JsonProperty":
            return {"json": value}
        return value

    def _short(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.terms.shrink(one) for one in value]
        return self.terms.shrink(value)

    def _spoken(self, said: Any) -> tuple[str, Any]:
        for wanted in [part.partition(";")[0].strip() for part in self.language.split(",")]:
            for tag in (wanted, wanted.partition("-")[0]):
                if tag in said:
                    return tag, said[tag]
        tag = next(iter(said))
        return tag, said[tag]

    def instance(self, one: Mapping[str, Any]) -> dict[str, Any]:
        """One instance with all it says."""
        kind = one["type"]
        bearer = VALUES[kind]
        said: dict[str, Any] = {} if self._concise(one) else {"type": kind}
        value = one.get(bearer)
        if kind == "LanguageProperty" and self.language and isinstance(value, dict):
            tag, text = self._spoken(value)
            said = {"type": "Property"} if "type" in said else {}
            said |= {"value": text, "lang": tag}
        elif kind == "VocabProperty":
            said[bearer] = self._short(value)
        elif kind == "ListRelationship":
            said[bearer] = [{"object": each} for each in value or ()]
        else:
            said[bearer] = value
        for name in ("observedAt", "unitCode", "datasetId", "expiresAt", "instanceId"):
            if one.get(name) is not None:
                said[name] = one[name]
        if one.get("objectType"):
            short = [self.terms.shrink(each) for each in one["objectType"]]
            said["objectType"] = short[0] if len(short) == 1 else short
        for name, inside in one.get("subs", {}).items():
            said[self.terms.shrink(name)] = self.attribute(inside)
        if self.system:
            said |= {name: one[name] for name in ("createdAt", "modifiedAt") if one.get(name)}
        return said

    def _concise(self, one: Mapping[str, Any]) -> bool:
        return self.form == "concise" and one["type"] != "ListProperty"

    def feature(self, one: Mapping[str, Any]) -> dict[str, Any]:
        """An entity as a GeoJSON feature."""
        held = one["attrs"].get(self.geometry, ())
        place = next((each.get("value") for each in held if each["type"] == "GeoProperty"), None)
        shown = self.entity(one)
        said = {name: value for name, value in shown.items() if name != "id"}
        return {"id": one["id"], "type": "Feature", "geometry": place, "properties": said}

    def features(self, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Entities as a GeoJSON collection."""
        return {"type": "FeatureCollection", "features": [self.feature(one) for one in found]}
