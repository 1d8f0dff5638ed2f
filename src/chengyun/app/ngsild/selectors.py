"""Which entities, by alternatives of type, id and name (CIM 009 §5.2.33)."""

from collections.abc import Callable, Mapping
from typing import Any

from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.finding import Wanted, pattern_of, wanted_of
from chengyun.app.ngsild.terms import Terms
from chengyun.app.ngsild.values import uri


def selectors_of(said: Any, terms: Terms) -> Callable[[Mapping[str, Any]], bool] | None:
    """Alternatives of {type, id, idPattern}; None where none are said. Raises BadData."""
    if said is None:
        return None
    if not isinstance(said, list) or not said or not all(isinstance(one, dict) for one in said):
        raise BadData("entities: is a list of {type, id, idPattern} that is not empty.")
    ways: list[Wanted] = []
    for one in said:
        if not isinstance(one.get("type"), (str, list)):
            raise BadData("entities: each has a type.")
        kinds = one["type"] if isinstance(one["type"], str) else ",".join(map(str, one["type"]))
        types = wanted_of({"type": kinds}, terms)
        given_ids = one.get("id") or []
        ids = [
            uri(each, "entities.id")
            for each in ([given_ids] if isinstance(given_ids, str) else given_ids)
        ]
        pattern = pattern_of(str(one["idPattern"])) if one.get("idPattern") and not ids else None
        ways.append(Wanted(types.types, types.any_type, tuple(ids), pattern))
    return lambda entity: any(way.holds(entity) for way in ways)
