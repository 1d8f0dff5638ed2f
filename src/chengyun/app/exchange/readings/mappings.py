"""Mappings of readings by name, or from a user's own YAML or JSON file."""

import json
from pathlib import Path

import yaml
from pydantic import ValidationError

from chengyun.app.exchange.user_mapping import BadMapping
from chengyun.app.packs.loaded import Catalog
from chengyun.sdk.readings import ReadingsMapping

_MOST_BYTES = 1 << 20


def load_readings_mapping(name: str, packs: Catalog) -> ReadingsMapping:
    """The mapping of a pack, or that of a file where `name` is a path to YAML or JSON.

    Raises:
        BadMapping: neither; says what to mend.
    """
    known = {one.id: one for pack in packs for one in pack.readings_files.values()}
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix.lower() not in (".yaml", ".yml", ".json"):
        raise BadMapping(
            f"There is no mapping of readings {name!r}. Known: {', '.join(sorted(known))};"
            " or give the path of a YAML or JSON file."
        )
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadMapping(f"{path} is larger than {_MOST_BYTES >> 20} MiB")
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        # As JSON: lists may then stand for tuples, dates for texts.
        return ReadingsMapping.model_validate_json(json.dumps(found, default=str))
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in error.errors()
        )
        raise BadMapping(f"{path}: {told}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadMapping(f"{path}: {error}") from error
