"""Running one bench in a process of its own, Django ready and the node's database bound."""

import json
import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import django

from chengyun.app.supervisor.node import Node, running

_FIELDS = (
    *("name", "unit", "product", "reference", "reference_name", "limit", "limit_name"),
    *("ratio_to_reference", "ratio_to_limit", "p50_ms", "p99_ms", "machine"),
)


def complete(
    found: dict[str, Any], name: str, unit: str, machine: dict[str, object]
) -> dict[str, Any]:
    """The line to print: every field there, ratios worked out where the bench left them.

    Ratios are higher = better; a bench whose unit counts time or bytes says `lower_is_better`.
    """
    line = {"name": name, "unit": unit, "machine": machine, **found}
    lower = bool(line.pop("lower_is_better", False))
    for ratio, other in (("ratio_to_reference", "reference"), ("ratio_to_limit", "limit")):
        if ratio not in line and line.get(other) and line.get("product"):
            quotient = line["product"] / line[other]
            line[ratio] = round(1 / quotient if lower else quotient, 3)
    extra = [field for field in line if field not in _FIELDS]
    return {field: line.get(field) for field in (*_FIELDS, *extra)}


def main(arguments: list[str]) -> None:
    """Arguments: the bench's file, the machine as JSON."""
    path = Path(arguments[0])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengyun.app.settings")
    os.environ.setdefault("CHENGYUN_LOG", "WARNING")
    django.setup()
    data = os.environ.get("CHENGYUN_BENCH_DATA")
    node: Node | None = running(Path(data)) if data else None
    spec = spec_from_file_location(f"bench_{path.stem.replace('-', '_')}", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} cannot be loaded")
    # Benches share helpers that lie beside them.
    sys.path.insert(0, str(path.parent))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    line = complete(module.run(node), module.NAME, module.UNIT, json.loads(arguments[1]))
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
