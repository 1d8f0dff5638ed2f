"""The embedded broker: a NATS server with JetStream and an MQTT door, started as a direct child.

Its folder holds what devices were told is safe and our intake has not committed yet.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from chengyun.app.devices.keys import ACCOUNT, INTAKE_USER, SYSTEM_USER, BrokerKeys
from chengyun.app.supervisor.files import write_safely
from chengyun.app.supervisor.folder import Folder
from chengyun.app.supervisor.services import Options, Service

# Above any honest batch of readings, far below what could hurt.
PAYLOAD_MAX = 256 * 1024
Survives = Literal["power-cut", "process-death"]
# How long a written message may wait for the disk; the one setting behind `--puback`.
_SYNC: dict[str, str] = {"power-cut": "always", "process-death": "1s"}
SAID = {
    "power-cut": "a power cut (each message is on the disk before it is acknowledged)",
    "process-death": "the death of any process; a power cut may cost the last second",
}


def program() -> str | None:
    """The server's program, from the wheel beside our Python or from the system."""
    beside = Path(sys.executable).parent / "nats-server"
    return str(beside) if beside.exists() else shutil.which("nats-server")


@dataclass(frozen=True)
class Broker:
    """One node's broker."""

    folder: Folder
    options: Options

    def service(self) -> Service | None:
        """Write its configuration; how to start it, None where there is no such program."""
        found = program()
        if found is None or not self.options.mqtt:
            return None
        home = self.folder.broker
        home.mkdir(mode=0o700, exist_ok=True)
        file = home / "nats.conf"
        write_safely(file, self.configuration(), 0o600)
        return Service("broker", [found, "-c", str(file)], "")

    def configuration(self) -> str:
        """The server's configuration file."""
        keys = BrokerKeys.of(self.folder.secret("broker"))
        tls = ""
        if self.options.tls_certificate and self.options.tls_key:
            tls = (
                f"  tls {{ cert_file: {_text(self.options.tls_certificate)},"
                f" key_file: {_text(self.options.tls_key)} }}\n"
            )
        host = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        return f"""\
server_name: chengyun
# Our own processes only; never another address.
listen: "127.0.0.1:{self.options.broker_port}"
max_payload: {PAYLOAD_MAX}
max_connections: 100000
jetstream {{
  store_dir: {_text(self.folder.broker / "jetstream")}
  sync_interval: {_SYNC[self.options.puback]}
}}
mqtt {{
  listen: "{host}:{self.options.mqtt_port}"
{tls}}}
accounts {{
  {ACCOUNT}: {{
    jetstream: enabled
    users: [ {{ user: {INTAKE_USER}, password: "{keys.intake}",
               allowed_connection_types: [STANDARD, MQTT] }} ]
  }}
  SYS: {{
    users: [ {{ user: {SYSTEM_USER}, password: "{keys.system}",
               allowed_connection_types: [STANDARD] }} ]
  }}
}}
system_account: SYS
authorization {{
  timeout: 4
  auth_callout {{
    issuer: {keys.issuer}, account: {ACCOUNT}, auth_users: [ {INTAKE_USER}, {SYSTEM_USER} ]
  }}
}}
"""


def bare_environment() -> dict[str, str]:
    """What the server gets of our environment: nothing of ours."""
    return {key: value for key, value in os.environ.items() if not key.startswith("CHENGYUN_")}


def _text(path: Path) -> str:
    quoted = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'
