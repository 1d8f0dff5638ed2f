"""Writing a file so that a power cut leaves the old or the new one."""

import os
from pathlib import Path


def write_safely(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file so that a power cut leaves the old or the new one, never a part."""
    new = path.with_name(f".{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    parent = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
