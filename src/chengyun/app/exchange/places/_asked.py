"""What the command asks of a kind, and which kinds there are."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from chengyun.kernel.text import JsonObject
from chengyun.places.decide.outlining import Datum

Bringing = Callable[["Asked"], JsonObject]


class Unusable(Exception):
    """The file or an option cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One file for one city. `datum` is for kinds that know three.

    `options` are a kind's own (`--option name=value`).
    """

    path: Path
    city_no: int
    source: str
    datum: Datum = "WGS84"
    # What was given by --datum, of all frames (decide.frames); None: nothing was.
    frame: str | None = None
    rejects: Path | None = None
    dry_run: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = lambda _said: None

    @property
    def rejects_path(self) -> Path:
        """Where refused rows are told."""
        return self.rejects or self.path.with_suffix(".rejects.csv")


def kinds() -> list[str]:
    """The kinds of files that can be brought in, as the command names them."""
    stems = (path.stem for path in Path(__file__).parent.glob("*.py"))
    return sorted(one.rstrip("_").replace("_", "-") for one in stems if not one.startswith("_"))


def kind(name: str) -> Bringing:
    """What brings a kind in. Raises Unusable for a kind that is none."""
    if name not in kinds():
        raise Unusable(f"{name!r} is none of {', '.join(kinds())}")
    stem = name.replace("-", "_")
    own = (Path(__file__).parent / f"{stem}.py").exists()
    module = import_module(f"{__package__}.{stem if own else f'{stem}_'}")
    bringing: Bringing = module.bring_in
    return bringing


def keep_rejects(
    target: Path,
    rejects: Iterable[Mapping[str, object]],
    names: tuple[str, ...] = ("number", "code", "field", "reason"),
) -> str:
    """Write refused rows, one line each; the file's path, "" when there are none."""
    rows = iter(rejects)
    first = next(rows, None)
    if first is None:
        return ""
    with target.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)
    return str(target)
