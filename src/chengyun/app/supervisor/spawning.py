"""Starting a process so that it never outlives us, and ending it with all its children."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from chengyun.app.supervisor.linux import die_with_parent


def spawn(
    command: Sequence[str], env: Mapping[str, str], *, stdout: int | None, stderr: int | None
) -> "subprocess.Popen[bytes]":
    """Start a process in a group of its own that dies with us."""
    parent = os.getpid()
    return subprocess.Popen(
        list(command),
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509 - one thread, by design
    )


def kill_group(leader: int) -> None:
    """Kill what is left of a process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def end(processes: Sequence["subprocess.Popen[bytes]"], patience: float) -> None:
    """Ask processes to end, wait, then make them, with everybody in their groups."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + patience
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))
        kill_group(process.pid)
        process.wait()
