"""Drawn stand-ins for photos: small, each another one, each saying that it is simulated."""

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

SIZE = (240, 180)
_QUALITY = 60
# Of bitmaps: drawing outlines anew took longer than all the rest of a picture.
_FONT = ImageFont.load_default_imagefont()


@cache
def _canvas(shade: int) -> Image.Image:
    image = Image.new("RGB", SIZE, (60 + 4 * shade, 140, 200 - 4 * shade))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 60, SIZE[0], 120), fill=(90, 96, 104))
    draw.line((0, 90, SIZE[0], 90), fill="white", width=2)
    return image


def draw(*lines: str) -> bytes:
    """A JPEG of SIZE with the word SIMULATED and some lines (ASCII) on it."""
    words = "\n".join(("SIMULATED", *lines))
    image = _canvas(sum(words.encode()) % 32).copy()
    ImageDraw.Draw(image).multiline_text((8, 8), words, "white", font=_FONT)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
