"""Starting a supervisor in a session of its own and waiting for its word."""

import json
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

from chengyun.app.supervisor.folder import Folder


def detach(folder: Folder, arguments: list[str]) -> tuple[int, dict[str, Any]]:
    """Start `up` with these arguments in the background.

    Returns:
        Exit code 0 and what the node says about itself, or the supervisor's exit code and nothing.
    """
    if not folder.is_ours():
        folder.make()
    folder.logs.mkdir(exist_ok=True)
    log = folder.logs / "supervisor.log"
    own = [word for word in arguments if word not in {"--detach", "--json"}]
    with log.open("ab") as out:
        heard = out.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "chengyun", *own, "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=out,
            start_new_session=True,
        )
    answer = _hear(process, log, heard)
    if not answer:
        return process.wait() or 1, {}
    return 0, json.loads(answer)


def _hear(process: "subprocess.Popen[bytes]", log: Path, heard: int) -> str:
    """Pass the supervisor's progress on until it says where it answers, or ends."""
    if process.stdout is None:
        return ""
    with log.open("rb") as said:
        said.seek(heard)
        while True:
            answered, _, _ = select.select([process.stdout], [], [], 0.1)
            sys.stderr.buffer.write(said.read())
            sys.stderr.flush()
            if answered:
                return process.stdout.readline().decode()
