"""What a browser loads for each screen, in KiB as sent (brotli), from the build in web/dist.

Product: the public report page without its map, which comes when it is drawn. Reference: the work
desk. Limit: the framework and router alone. The map library is counted apart: every screen with a
map loads it once, after its own words.
"""

import json
from pathlib import Path

NAME = "bundle"
UNIT = "KiB"
NODE = False
_DIST = Path(__file__).parents[1] / "web" / "dist"
_SCREENS = "src/rooms/"


def run(node: object | None) -> dict[str, object]:
    """Add up; needs built screens, no node."""
    manifest = json.loads((_DIST / ".vite" / "manifest.json").read_text(encoding="utf-8"))
    shell = _files(manifest, "index.html")
    screens = {
        Path(key).stem: _size(_files(manifest, key) - shell)
        for key in sorted(manifest)
        if key.startswith(_SCREENS) and key.endswith("Page.vue")
    }
    maps = sum(
        _sent(path) for path in (_DIST / "assets").glob("maplibre*") if path.suffix != ".map"
    )
    total = {name: round(_size(shell) + size, 1) for name, size in screens.items()}
    return {
        "product": total["ReportPage"],
        "reference": total["DeskPage"],
        "limit": round(_size({name for name in shell if "/vue-" in name}), 1),
        "reference_name": "work desk",
        "limit_name": "framework and router",
        "lower_is_better": True,
        "shell": round(_size(shell), 1),
        "map": round(maps / 1024, 1),
        "screens": total,
    }


def _files(manifest: dict[str, dict[str, list[str]]], key: str) -> set[str]:
    """A part's own files and those it cannot start without; not the map, which is lazy or last."""
    found: set[str] = set()
    waiting = [key]
    seen: set[str] = set()
    while waiting:
        one = waiting.pop()
        if one in seen or "maplibre" in one:
            continue
        seen.add(one)
        entry = manifest[one]
        found |= {str(entry["file"]), *entry.get("css", [])}
        waiting += entry.get("imports", [])
    return {name for name in found if "maplibre" not in name}


def _size(names: set[str]) -> float:
    return sum(_sent(_DIST / name) for name in names) / 1024


def _sent(path: Path) -> int:
    """Bytes on the wire: the compressed neighbour where the build made one."""
    if path.suffix in {".br", ".gz"}:
        return 0
    small = path.with_name(path.name + ".br")
    return (small if small.exists() else path).stat().st_size
