"""Where a node answers: its ports, who may reach them, and whether they answer yet."""

import os
import socket
from contextlib import ExitStack, suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from chengyun.app.supervisor.services import Options

DEFAULT_SECRETS = frozenset({"", "not-secret-only-for-tools"})


class DoorRefused(Exception):
    """The node may not, or cannot, answer there; the message says why."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check(options: Options) -> None:
    """Refuse what would be unsafe or cannot work.

    Raises:
        DoorRefused: outside loopback with a default secret or DEBUG, or a port in use.
    """
    if not is_loopback(options.host):
        for name in ("CHENGYUN_SECRET_KEY", "CHENGYUN_MASTER_KEY"):
            if name in os.environ and os.environ[name] in DEFAULT_SECRETS:
                raise DoorRefused(
                    f"{name} is a default: it may serve this machine only. Unset it (a key is then "
                    "generated) or use --host 127.0.0.1."
                )
        if os.environ.get("CHENGYUN_DEBUG") == "1":
            raise DoorRefused("CHENGYUN_DEBUG=1 may serve this machine only; unset it.")
    wanted = [(options.host, options.port), (options.host, options.port + 1)]
    if options.mqtt:
        wanted += [(options.host, options.mqtt_port), ("127.0.0.1", options.broker_port)]
    for host, port in wanted:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as refused:
                raise DoorRefused(
                    f"Port {port} of {host} cannot be used ({refused.strerror}). "
                    f"A node takes four ports, N to N+3: choose others with --port N."
                ) from None


def free_port() -> int:
    """A port that is free together with the three after it."""
    while True:
        with ExitStack() as held:
            first = held.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with suppress(OSError, OverflowError):
                for after in range(1, 4):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port + after))
                return port


def _shown_host(options: Options) -> str:
    if options.host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return socket.gethostname()
    return f"[{options.host}]" if ":" in options.host else options.host


def address(options: Options) -> str:
    """The address to open in a browser."""
    return options.public_url or f"{options.scheme}://{_shown_host(options)}:{options.port}"


def mqtt_address(options: Options) -> str:
    """Where devices speak MQTT."""
    scheme = "mqtts" if options.tls_certificate else "mqtt"
    return f"{scheme}://{_shown_host(options)}:{options.mqtt_port}"


def stream_address(options: Options) -> str:
    """The address of the live stream."""
    own = f"{options.scheme}://{_shown_host(options)}:{options.port + 1}/stream"
    return os.environ.get("CHENGYUN_STREAM_URL") or own


def allowed_hosts(options: Options) -> str:
    """Names a request may call us by, for Django's check of the Host header."""
    given = os.environ.get("CHENGYUN_ALLOWED_HOSTS")
    if given:
        return given
    names = ["localhost", "127.0.0.1", "[::1]"]
    if not is_loopback(options.host):
        names += [_shown_host(options), socket.gethostname(), *_own_addresses()]
    if options.public_url:
        names.append(urlsplit(options.public_url).hostname or "")
    return ",".join(dict.fromkeys(name for name in names if name))


def _own_addresses() -> list[str]:
    with suppress(OSError):
        return [str(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), None)]
    return []


def local_address(options: Options) -> str:
    """Where this machine itself reaches the pages."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)  # noqa: S104
    return f"{options.scheme}://{f'[{host}]' if ':' in host else host}:{options.port}"


def mqtt_local(options: Options) -> str:
    """Where this machine itself reaches the devices' door."""
    scheme, rest = local_address(options).split("://")
    host = rest.rpartition(":")[0]
    return f"{scheme.replace('http', 'mqtt')}://{host}:{options.mqtt_port}"
