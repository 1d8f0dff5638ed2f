"""The data folder of a node: where everything lives, and how a file in it is written."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from chengyun.app.supervisor.files import write_safely
from chengyun.app.supervisor.guise import NOBODY

# A unix socket's path must fit 108 bytes with its terminating zero; macOS allows 104.
_SOCKET_PATH_MAX = 100
_MARKER = "chengyun.json"


class NotOurs(Exception):
    """The folder holds something that is not a node; the message says what to do."""


@dataclass(frozen=True)
class Folder:
    """Paths of one node's data."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The embedded database's own folder."""
        return self.root / "postgres"

    @property
    def broker(self) -> Path:
        """The embedded broker's own folder."""
        return self.root / "broker"

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """What is true only while the node runs."""
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        """Generated keys and passwords, each file readable by the owner alone."""
        return self.root / "secrets"

    @cached_property
    def socket(self) -> Path:
        """The folder of the database's socket: short, whatever the data folder is called."""
        near = self.run / "pg"
        if len(str(near / ".s.PGSQL.5432").encode()) <= _SOCKET_PATH_MAX:
            return near
        short = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        return Path("/tmp") / f"chengyun-{os.geteuid()}-{short}"  # noqa: S108 - ownership is checked

    def make(self) -> None:
        """Create what is missing.

        Raises:
            NotOurs: the folder holds other things already.
        """
        if not self.is_ours() and self._holds_anything():
            raise NotOurs(
                f"{self.root} is not empty and holds no Chengyun data. "
                "Give another folder with --data."
            )
        for folder in (self.root, self.logs, self.run):
            folder.mkdir(parents=True, exist_ok=True)
        self.secrets.mkdir(mode=0o700, exist_ok=True)
        self.socket.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.socket.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), NOBODY}:
            raise NotOurs(
                f"{self.socket} belongs to somebody else; choose a shorter --data folder."
            )
        if not self.is_ours():
            write_safely(self.root / _MARKER, json.dumps({"format": 1}) + "\n")

    def is_ours(self) -> bool:
        """Whether a node's data lies here."""
        return (self.root / _MARKER).exists()

    def _holds_anything(self) -> bool:
        # `run` alone is what taking the lock has just made.
        return self.root.exists() and any(entry != self.run for entry in self.root.iterdir())

    def erase(self) -> None:
        """Remove the node's data, for `--fresh`.

        Raises:
            NotOurs: the folder is not a node's, so nothing in it is touched.
        """
        if not self._holds_anything():
            return
        if not self.is_ours():
            raise NotOurs(f"{self.root} holds no Chengyun data; --fresh does not touch it.")
        for entry in sorted(self.root.iterdir(), key=lambda path: path.name == _MARKER):
            if entry == self.run:
                # The lock that whoever calls us holds lies here.
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def secret(self, name: str) -> str:
        """The secret of that name, made at the first asking."""
        path = self.secrets / name
        try:
            return path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            value = secrets.token_urlsafe(36)
            write_safely(path, value + "\n", 0o600)
            return value

    def write_urls(self, urls: Mapping[str, str]) -> None:
        """Keep the database address of each role; commands read it while the node runs."""
        write_safely(self.secrets / "urls.json", json.dumps(dict(urls)) + "\n", 0o600)

    def urls(self) -> dict[str, str]:
        """The database address of each role, empty before the first start."""
        try:
            stored = json.loads((self.secrets / "urls.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {str(role): str(url) for role, url in stored.items()}

    def lock(self) -> IO[str] | None:
        """Hold the folder for one supervisor; None when another holds it."""
        self.run.mkdir(parents=True, exist_ok=True)
        file = (self.run / "lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return file

    def held(self) -> bool:
        """Whether a supervisor runs in this folder."""
        if not (self.run / "lock").exists():
            return False
        file = self.lock()
        if file is None:
            return True
        file.close()
        return False
