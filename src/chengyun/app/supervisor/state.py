"""What the supervisor tells others about itself: one small file, replaced at each change."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from chengyun.app.supervisor.files import write_safely
from chengyun.app.supervisor.folder import Folder


@dataclass
class ProcessState:
    """One supervised process."""

    pid: int | None = None
    state: str = "waiting"
    restarts: int = 0
    started_at: float | None = None


@dataclass
class NodeState:
    """One node: `phase` goes starting → running → stopping, or failed."""

    phase: str = "starting"
    message: str = ""
    pid: int = 0
    started_at: float = field(default_factory=time.time)
    version: str = ""
    address: str = ""
    local: str = ""
    stream: str = ""
    mqtt: str = ""
    mqtt_local: str = ""
    puback: str = ""
    broker: str = ""
    host: str = ""
    port: int = 0
    simulated: bool = False
    database: str = "embedded"
    processes: dict[str, ProcessState] = field(default_factory=dict)

    def write(self, folder: Folder) -> None:
        """Replace the file."""
        write_safely(folder.run / "state.json", json.dumps(asdict(self), indent=1) + "\n")


def read(folder: Folder) -> NodeState | None:
    """The last state written, or None before the first start. It may be of a dead supervisor."""
    try:
        stored = json.loads((folder.run / "state.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    processes: Mapping[str, Mapping[str, object]] = stored.pop("processes")
    known = {name: ProcessState(**entry) for name, entry in processes.items()}  # type: ignore[arg-type]
    return NodeState(**stored, processes=known)
