"""Rules as packs declare them, as JSON."""

from typing import Any

import orjson

from chengyun.kernel.actor import SYSTEM
from chengyun.rules import verbs
from chengyun.sdk.rules import RulesFile
from tests.sensing.senses import NOW

SAID = {"source": "a test", "effective_from": "2026-01-01", "verified": False}


def flood(**more: Any) -> dict[str, Any]:
    """A rule over the gauges of tests/sensing: level over `most`."""
    return {
        "id": "flood-level",
        "name": {"zh": "积水", "en": "Ponding"},
        "things": ["gauge"],
        "inputs": {"level": {"of": "level"}},
        "figures": {"most": {"value": 0.5, "unit": "m", "source": "a test"}},
        "levels": [
            {"severity": 3, "when": "level > most", "until": "level < most / 2"},
            {"severity": 1, "when": "level > 3 * most"},
        ],
        **more,
    }


def file_of(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A file of rules as JSON, checked as a pack's is."""
    said = orjson.dumps({**SAID, "rules": rules, **more})
    return RulesFile.model_validate_json(said).model_dump(mode="json")


def load(*rules: dict[str, Any], pack: str = "test", version: str = "1", **more: Any) -> Any:
    """Take up rules."""
    content = {"files": [file_of(*rules, **more)]}
    return verbs.load_rules(SYSTEM, now=NOW, pack=pack, pack_version=version, content=content)
