"""Pictures as they are seen from afar, and the thumbnails of a few screens to hold them against.

The thumbnails stand side by side in afar.png, in the order of `names()`. Renew them, after the
pictures were looked at, with `python -m tests.e2e.looks --out FOLDER --keep`.
"""

from pathlib import Path

from PIL import Image, ImageChops, ImageStat

SEEN = (64, 36)
# Mean difference, of 255, above which two pictures are not of the same page, its data apart.
UNLIKE = 10.0
# The same for screens that show the same whatever cases there are. Two nodes differed by at most
# 0.6; without their style sheets the first four screens differed by 2.2 to 25.
STEADY = 1.5
KEPT = ("landing", "signin", "track", "design", "home-administrator", "notices-settings")
DRESSES = ("hd.zh-CN.light", "phone.en.dark")
SPRITE = Path(__file__).parent / "afar.png"


def names() -> list[str]:
    """Screen and dress of each thumbnail."""
    return [f"{view}.{dress}" for view in KEPT for dress in DRESSES]


def seen(path: Path) -> Image.Image:
    """A picture from afar."""
    return Image.open(path).convert("RGB").resize(SEEN, Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much two pictures seen from afar differ: 0 the same, 255 black against white."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def unlike(one: Path, other: Path) -> float:
    """The difference of two files."""
    return difference(seen(one), seen(other))


def keep(folder: Path) -> None:
    """Make the folder's pictures the thumbnails."""
    sprite = Image.new("RGB", (SEEN[0] * len(DRESSES), SEEN[1] * len(KEPT)))
    for n, name in enumerate(names()):
        sprite.paste(seen(folder / f"{name}.png"), _corner(n))
    sprite.save(SPRITE, optimize=True)


def kept() -> dict[str, Image.Image]:
    """The thumbnails by screen and dress."""
    sprite = Image.open(SPRITE).convert("RGB")
    corners = {name: _corner(n) for n, name in enumerate(names())}
    return {name: sprite.crop((x, y, x + SEEN[0], y + SEEN[1])) for name, (x, y) in corners.items()}


def _corner(n: int) -> tuple[int, int]:
    return n % len(DRESSES) * SEEN[0], n // len(DRESSES) * SEEN[1]
