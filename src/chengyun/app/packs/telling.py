"""What a pack says of itself, as the node keeps and shows it. Pure."""

from chengyun.app.packs.building import as_text
from chengyun.app.packs.examples import count
from chengyun.app.packs.loaded import LoadedPack
from chengyun.kernel.text import JsonObject
from chengyun.sdk.rules import FigureDeclared, RuleDeclared


def told(pack: LoadedPack) -> JsonObject:
    """Title, owner, what it brings, its figures, rules and dashboards."""
    manifest = pack.manifest
    rules = [rule for file in pack.rules_files.values() for rule in file.rules]
    dashboards = [one for file in pack.dashboard_files.values() for one in file.dashboards]
    return {
        "title": as_text(manifest.title),
        "description": as_text(manifest.description) if manifest.description else None,
        "kind": manifest.kind,
        "owner": as_text(manifest.owner) if manifest.owner else None,
        "source": manifest.source,
        "requires": list(manifest.requires),
        "brings": brings(pack),
        "rules": [rule.id for rule in rules],
        "figures": [
            _figure(rule, word, figure) for rule in rules for word, figure in rule.figures.items()
        ],
        "dashboards": [one.model_dump(mode="json") for one in dashboards],
    }


def brings(pack: LoadedPack) -> dict[str, int]:
    """How many of what a pack declares."""
    senses = pack.senses_files.values()
    return {
        "things": sum(len(file.things) for file in senses),
        "properties": sum(len(file.properties) for file in senses),
        "rules": sum(len(file.rules) for file in pack.rules_files.values()),
        "case_kinds": len(pack.kinds),
        "notices": sum(len(file.templates) for file in pack.notice_files.values()),
        "layers": sum(len(file.layers) for file in pack.map_files.values()),
        "dashboards": sum(len(file.dashboards) for file in pack.dashboard_files.values()),
        "mappings": len(pack.mappings),
        "tests": count(pack),
    }


def _figure(rule: RuleDeclared, word: str, figure: FigureDeclared) -> JsonObject:
    return {
        "rule": rule.id,
        "word": word,
        "title": as_text(figure.title) if figure.title else None,
        "value": figure.value,
        "unit": figure.unit,
        "source": figure.source,
        "verified": figure.verified,
        "empty": figure.value is None and not figure.by,
    }
