"""The rules of packs as the room of rules evaluates them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from chengyun.app.packs.loaded import LoadedPack
from chengyun.kernel.text import JsonObject
from chengyun.rules.decide.declared import RULE, Rule


def rules_content(pack: LoadedPack) -> JsonObject:
    """The rule files of a pack as JSON, in the shape `rules.load_rules` takes."""
    return {"files": [file.model_dump(mode="json") for file in pack.rules_files.values()]}


def rules_of(packs: Iterable[LoadedPack]) -> dict[str, Rule]:
    """Every rule by id, with the tables of its pack."""
    found: dict[str, Rule] = {}
    for pack in packs:
        files = rules_content(pack)["files"]
        tables = {name: one for file in files for name, one in file["tables"].items()}
        for file in files:
            for one in file["rules"]:
                found[one["id"]] = RULE.validate_python({**one, "tables": tables})
    return found


def filled(rules: Mapping[str, Rule], figures: Mapping[str, float]) -> dict[str, Rule]:
    """Rules with figures that a city filled in.

    Args:
        figures: `rule.word` → value.

    Raises:
        KeyError: a rule has no such figure.
    """
    found = dict(rules)
    for name, value in figures.items():
        rule_id, _, word = name.rpartition(".")
        rule = found[rule_id]
        figure = replace(rule.figures[word], value=value, by={})
        found[rule_id] = replace(rule, figures={**rule.figures, word: figure})
    return found
