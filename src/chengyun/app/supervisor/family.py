"""The children of a supervisor: started in own groups, restarted with back-off, reaped, ended."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from chengyun.app.supervisor.linux import adopt_orphans, children_of, send
from chengyun.app.supervisor.spawning import end, kill_group, spawn

_LOG_BYTES = 20_000_000
_BACKOFF_FIRST = 0.3
_BACKOFF_MOST = 30.0
_STEADY_SECONDS = 60.0


class Interrupted(Exception):
    """The supervisor was asked to stop."""


@dataclass
class Child:
    """One process kept alive."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    restarts: int = 0
    pause: float = _BACKOFF_FIRST
    due: float = 0.0


@dataclass
class Family:
    """All children of this process. Not for threads: a parent-death signal belongs to a thread."""

    stopping: bool = False
    children: dict[str, Child] = field(default_factory=dict)
    _wake: tuple[int, int] = field(default_factory=lambda: os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC))

    def listen(self) -> None:
        """Turn SIGINT and SIGTERM into `stopping`, and wake up when a child ends."""
        adopt_orphans()
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)  # noqa: ARG005 - signal's own shape
        for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(asked, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.stopping = True

    def sleep(self, seconds: float) -> None:
        """Wait, shorter when a signal comes."""
        ready, _, _ = select.select([self._wake[0]], [], [], seconds)
        if ready:
            with suppress(BlockingIOError):
                os.read(self._wake[0], 4096)

    def step(
        self, command: Sequence[str], env: Mapping[str, str], stdout: int | None = None
    ) -> bytes:
        """Run a command that ends, its messages going where ours go.

        Raises:
            Interrupted: we were asked to stop meanwhile; the command is ended.
            subprocess.CalledProcessError: it failed.
        """
        process = spawn(command, env, stdout=stdout if stdout is not None else 2, stderr=None)
        said = b""
        try:
            while process.poll() is None:
                if self.stopping:
                    raise Interrupted
                if process.stdout is not None:
                    # Small answers only: a line a post.
                    said += process.stdout.read()
                self.sleep(0.05)
        finally:
            end([process], patience=5)
        if process.stdout is not None:
            said += process.stdout.read()
        if process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, list(command))
        return said

    def start(self, child: Child) -> None:
        """Start a child and keep it from now on."""
        self.children[child.name] = child
        with suppress(OSError):
            if child.log.stat().st_size > _LOG_BYTES:
                child.log.replace(child.log.with_suffix(".log.1"))
        with child.log.open("ab") as log:
            child.process = spawn(
                child.command, child.env, stdout=log.fileno(), stderr=log.fileno()
            )
        child.started = time.monotonic()

    def tend(self) -> list[str]:
        """Reap whoever ended and restart who is due; returns one sentence for each event."""
        said: list[str] = []
        now = time.monotonic()
        for child in self.children.values():
            if child.process is not None and child.process.poll() is not None:
                code = child.process.returncode
                kill_group(child.process.pid)
                child.process = None
                if now - child.started > _STEADY_SECONDS:
                    child.pause = _BACKOFF_FIRST
                child.due = now + child.pause
                said.append(f"{child.name} ended ({code}); restarting in {child.pause:.1f} s")
                child.pause = min(child.pause * 2, _BACKOFF_MOST)
            if child.process is None and now >= child.due:
                child.restarts += 1
                self.start(child)
        return said

    def reap_strangers(self, known: Sequence[int]) -> None:
        """Bury grandchildren that became ours; `known` are pids somebody else waits for."""
        ours = {c.process.pid for c in self.children.values() if c.process} | set(known)
        with suppress(ChildProcessError):
            while found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if found.si_pid in ours:
                    return
                os.waitpid(found.si_pid, 0)

    def stop(self, order: Sequence[str]) -> None:
        """End the children in this order, the rest after them, then whoever is still below us."""
        for name in (*order, *(n for n in list(self.children) if n not in order)):
            child = self.children.pop(name, None)
            if child is not None and child.process is not None:
                end([child.process], patience=10)

    def end_strangers(self, known: Sequence[int]) -> None:
        """Kill every process below us except the known ones."""
        for pid in children_of(os.getpid()):
            if pid not in known:
                send(pid, signal.SIGKILL)
                with suppress(ChildProcessError):
                    os.waitpid(pid, 0)
