"""The few system calls that keep a family of processes together."""

import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def die_with_parent(parent: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to signal this process when its parent is gone, however it went.

    SIGKILL unless there is something to put in order: a polite signal may be waited out for ever by
    a program whose database went at the same moment.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        # The parent died between fork and here; nobody would ever signal us.
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of every grandchild whose own parent dies, so that none gets away."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def processes_in(folder: Path) -> Iterator[int]:
    """Process ids whose working directory is the folder, as far as we may see them."""
    wanted = str(folder.resolve())
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if os.readlink(entry / "cwd") == wanted:
                    yield int(entry.name)


def children_of(parent: int) -> Iterator[int]:
    """Process ids whose parent is the given one, zombies left out."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                if fields[0] != "Z" and int(fields[1]) == parent:
                    yield int(entry.name)


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] != "Z"


def send(pid: int, how: signal.Signals) -> bool:
    """Signal a process; False when it is gone already."""
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return False
    return True
