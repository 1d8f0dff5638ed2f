"""Names of types and attributes: short in a body, addresses (IRIs) once its @context is known.

NGSI-LD uses of JSON-LD only that names stand for addresses, so this resolves terms and prefixes and
leaves the document as it is: a whole JSON-LD expansion would undo NGSI-LD's own shapes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chengyun.app.ngsild.faults import BadData

CORE = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"
CORE_HEAD = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context"
DEFAULT = "https://uri.etsi.org/ngsi-ld/default-context/"
_OWN = "https://uri.etsi.org/ngsi-ld/"
# Names of the core @context that nobody's own may bend.
_CORE_TERMS = {
    **{name: _OWN + name for name in ("location", "observationSpace", "operationSpace")},
    **{name: _OWN + name for name in ("Property", "Relationship", "GeoProperty")},
    **{name: f"http://purl.org/dc/terms/{name}" for name in ("title", "description")},
}
_MOST_TERMS = 20_000
_LONGEST = 2_000
_DEEPEST = 8


@dataclass(frozen=True)
class Terms:
    """What short names stand for. `said` is the @context as it was given, for answers."""

    terms: Mapping[str, str] = field(default_factory=dict)
    vocab: str = DEFAULT
    said: Any = CORE
    _back: dict[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for name, iri in [*self.terms.items(), *_CORE_TERMS.items()]:
            held = self._back.get(iri)
            if held is None or name in _CORE_TERMS or (len(name), name) < (len(held), held):
                self._back[iri] = name

    def expand(self, name: str) -> str:
        """The address of a short name. Raises BadData."""
        if not name or len(name) > _LONGEST or any(one in name for one in " <>\"'(){}|\\^`;=\n\t"):
            raise BadData(f"{name[:60]!r} is no name of a type or attribute.")
        if name in _CORE_TERMS:
            return _CORE_TERMS[name]
        if name in self.terms:
            return self.terms[name]
        prefix, colon, rest = name.partition(":")
        if colon:
            known = self.terms.get(prefix)
            return known + rest if known and not rest.startswith("//") else name
        return self.vocab + name

    def shrink(self, iri: str) -> str:
        """The short name of an address, or the address."""
        if iri in self._back:
            return self._back[iri]
        if iri.startswith(self.vocab):
            rest = iri[len(self.vocab) :]
            if rest and ":" not in rest and rest not in self.terms:
                return rest
        best = ""
        for name, base in self.terms.items():
            fits = base[-1:] in "/#:" and iri.startswith(base) and len(iri) > len(base)
            if fits and len(base) > len(self.terms.get(best, "")):
                best = name
        return f"{best}:{iri[len(self.terms[best]) :]}" if best else iri


PLAIN = Terms()


def read_terms(said: Any, fetch: Any) -> Terms:
    """The terms of an @context: an address, an object, or a list of them.

    Args:
        fetch: gives the document behind an address.

    Raises BadData, NoContext.
    """
    found: dict[str, Any] = {}
    vocab = [DEFAULT]
    _collect(said, fetch, found, vocab, 0)
    resolved: dict[str, str] = {}
    for name, value in found.items():
        iri = _address(name, value, found, vocab[-1], ())
        if iri is not None:
            resolved[name] = iri
    return Terms(resolved, vocab[-1], _with_core(said))


def _with_core(said: Any) -> Any:
    given = said if isinstance(said, list) else [said]
    kept = [one for one in given if not (isinstance(one, str) and one.startswith(CORE_HEAD))]
    return [*kept, CORE] if kept else CORE


def _collect(said: Any, fetch: Any, found: dict[str, Any], vocab: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise BadData("@context: contexts lead to contexts too deep.")
    if said is None:
        return
    if isinstance(said, str):
        if not said.startswith(CORE_HEAD):
            body = fetch(said)
            _collect(
                body.get("@context") if isinstance(body, dict) else None,
                fetch,
                found,
                vocab,
                depth + 1,
            )
        return
    if isinstance(said, list):
        for one in said:
            _collect(one, fetch, found, vocab, depth + 1)
        return
    if not isinstance(said, dict):
        raise BadData("@context: is an address, an object, or a list of them.")
    if isinstance(said.get("@vocab"), str):
        vocab.append(said["@vocab"])
    found.update({name: value for name, value in said.items() if not name.startswith("@")})
    if len(found) > _MOST_TERMS:
        raise BadData(f"@context: more than {_MOST_TERMS:,} terms.")


def _address(
    name: str, value: Any, found: Mapping[str, Any], vocab: str, above: Iterable[str]
) -> str | None:
    said = (
        value.get("@id", None if "@type" not in value else vocab + name)
        if isinstance(value, dict)
        else value
    )
    if said is None:
        return None
    if not isinstance(said, str) or len(said) > _LONGEST or not said:
        raise BadData(f"@context: {name[:60]!r} stands for no address.")
    if said.startswith("@"):
        return None
    path = (*above, name)
    prefix, colon, rest = said.partition(":")
    if colon and rest.startswith("//"):
        return said
    held = prefix if colon else said
    if held in found and held not in path:
        base = _address(held, found[held], found, vocab, path)
        return (base + rest if colon else base) if base else said
    return said if colon else vocab + said
