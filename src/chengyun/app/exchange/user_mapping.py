"""Mappings by name, or from a user's own YAML or JSON file."""

import json
from pathlib import Path

import yaml
from pydantic import ValidationError

from chengyun.app.packs.loaded import Catalog
from chengyun.cases.decide.state import STATE_NAMES
from chengyun.sdk.mappings import CaseMapping

_MOST_BYTES = 1 << 20


class BadMapping(Exception):
    """There is no such mapping, or the file is none; says what to mend."""


def load_mapping(name: str, packs: Catalog) -> CaseMapping:
    """The mapping of a pack, or that of a file where `name` is a path to YAML or JSON.

    Raises:
        BadMapping: neither.
    """
    known = packs.mappings
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix.lower() not in (".yaml", ".yml", ".json"):
        raise BadMapping(
            f"There is no mapping {name!r}. Known: {', '.join(sorted(known))}, chengyun;"
            " or give the path of a YAML or JSON file."
        )
    return read_mapping(path)


def read_mapping(path: Path) -> CaseMapping:
    """A mapping file of one's own.

    Raises:
        BadMapping: it cannot be read, or a field is wrong; names the field.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadMapping(f"{path} is larger than {_MOST_BYTES >> 20} MiB")
        # JSON is YAML, too.
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        # As JSON: lists may then stand for tuples, dates for texts.
        mapping = CaseMapping.model_validate_json(json.dumps(found, default=str))
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in error.errors()
        )
        raise BadMapping(f"{path}: {told}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadMapping(f"{path}: {error}") from error
    states = [value.state for value in (*mapping.state.values.values(), mapping.state.other)]
    wrong = sorted({state for state in states if state not in STATE_NAMES})
    if wrong:
        raise BadMapping(f"{path}: state: {', '.join(wrong)} is no state of a case")
    return mapping
