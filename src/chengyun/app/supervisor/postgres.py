"""The embedded PostgreSQL, started as a direct child: never a service, never on the network."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from chengyun.app.supervisor import wheel
from chengyun.app.supervisor.guise import NOBODY, Guise, guise_here, put_on
from chengyun.app.supervisor.linux import die_with_parent, processes_in, send
from chengyun.app.supervisor.wheel import PostgresFailed

SUPERUSER = "postgres"
_STOP_SECONDS = 20.0
_START_SECONDS = 60.0


@dataclass
class Cluster:
    """One embedded database cluster.

    Args:
        folder: its data, movable.
        socket: folder of its socket, short.
        log: file its messages go to.
        password: of the superuser, asked for on every connection.
        options: server settings over the defaults.
    """

    folder: Path
    socket: Path
    log: Path
    password: str
    options: dict[str, str] = field(default_factory=dict)
    guise: Guise = field(default_factory=guise_here)

    def url(self, database: str = "postgres") -> str:
        """The superuser's address of a database."""
        return f"postgresql://{SUPERUSER}:{self.password}@/{database}?host={self.socket}"

    def prepare(self) -> None:
        """Create the cluster unless it is there; a half-made one is made again.

        Raises:
            PostgresFailed: initdb said no, or the data is of another major version.
        """
        version = self.folder / "PG_VERSION"
        if version.exists():
            self._check_version(version.read_text(encoding="ascii").strip())
            self._give(self.folder)
            return
        new = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700, parents=True)
        password = new.with_name(f"{new.name}.password")
        descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(self.password)
        self._give(new)
        self._give(password)
        try:
            done = subprocess.run(
                [
                    wheel.program("initdb"),
                    *("-D", str(new), "-U", SUPERUSER, f"--pwfile={password}"),
                    *("--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"),
                    # Without an lc-ctype pg_trgm drops Chinese.
                    *("--lc-ctype=C.UTF-8", "--locale-provider=builtin"),
                    "--builtin-locale=C.UTF-8",
                ],
                env=wheel.environment(),
                preexec_fn=lambda: put_on(self.guise),
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            password.unlink()
        if done.returncode != 0:
            raise PostgresFailed(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")
        new.rename(self.folder)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the server and wait until it answers.

        Raises:
            PostgresFailed: it ended or did not answer in time.
        """
        self._clear_remains()
        self._give(self.socket)
        parent = os.getpid()

        def before() -> None:
            put_on(self.guise)
            die_with_parent(parent, signal.SIGINT)

        settings = {**wheel.OPTIONS, **self.options}
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [
                    wheel.program("postgres"),
                    *("-D", str(self.folder), "-k", str(self.socket)),
                    *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
                ],
                env=wheel.environment(),
                preexec_fn=before,  # noqa: PLW1509 - one thread, by design
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._wait_ready(process)
        return process

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        """Stop: politely, then quickly, then at once."""
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if process.poll() is None:
                process.send_signal(how)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_STOP_SECONDS)

    def _wait_ready(self, process: "subprocess.Popen[bytes]") -> None:
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if process.poll() is not None:
                raise PostgresFailed(f"PostgreSQL ended at once. Its last words:\n{self.tail()}")
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return
        self.stop(process)
        raise PostgresFailed(f"PostgreSQL did not answer in {_START_SECONDS:.0f} s.\n{self.tail()}")

    def tail(self, lines: int = 8) -> str:
        """The end of the server's log."""
        with suppress(OSError):
            said = self.log.read_text(encoding="utf-8", errors="replace")
            return "\n".join(said.splitlines()[-lines:])
        return "(no log)"

    def _clear_remains(self) -> None:
        """End what an earlier server left: its backends first, then the file that would block us.

        The caller holds the data folder, so nobody else may run a server here; the process number
        in the file may by now be another program's, which PostgreSQL cannot tell and we can.
        """
        until = time.monotonic() + _STOP_SECONDS
        how = signal.SIGQUIT
        while left := [*processes_in(self.folder), *self._recorded_server()]:
            if time.monotonic() > until:
                how = signal.SIGKILL
            for pid in left:
                send(pid, how)
                with suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
            time.sleep(0.05)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        for left_over in self.socket.glob(".s.PGSQL.*"):
            left_over.unlink(missing_ok=True)

    def _recorded_server(self) -> list[int]:
        # Another user's working directory may be hidden from us, its command line is not.
        with suppress(OSError, ValueError, IndexError):
            file = self.folder / "postmaster.pid"
            pid = int(file.read_text(encoding="utf-8").splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if os.fsencode(self.folder) in command:
                return [pid]
        return []

    def _check_version(self, found: str) -> None:
        ours = subprocess.run(
            [wheel.program("postgres"), "--version"],
            env=wheel.environment(),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()[-1]
        if ours.partition(".")[0] != found:
            raise PostgresFailed(
                f"The data in {self.folder} was written by PostgreSQL {found}, this is {ours}. "
                "Start the version of Chengyun it came from, export, and import here."
            )

    def _give(self, path: Path) -> None:
        """Let the server own a path when it runs as another user."""
        if os.geteuid() != 0:
            return
        owner = NOBODY if self.guise is Guise.NOBODY else 0
        if path.stat().st_uid == owner:
            return
        os.chown(path, owner, owner)
        for folder, folders, names in os.walk(path):
            for name in (*folders, *names):
                os.chown(Path(folder) / name, owner, owner, follow_symlinks=False)
