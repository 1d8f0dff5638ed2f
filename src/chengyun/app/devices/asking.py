"""Asking other houses: listed hosts only, the address looked up once and used, nothing followed."""

import ipaddress
import socket
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

import httpx

from chengyun.sensing.decide.feeds import ANSWER_MAX, PollSettings


class NotAnswered(Exception):
    """A feed could not be asked; the message says why, for its owner."""


def address_of(host: str, port: int, private: Collection[str]) -> str:
    """The address to speak to.

    Raises:
        NotAnswered: the name leads nowhere, or into a private network it is not listed for.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotAnswered(f"{host} is not found: {error.strerror}") from None
    addresses = [str(one[4][0]) for one in found]
    if host not in private and not all(ipaddress.ip_address(a).is_global for a in addresses):
        raise NotAnswered(f"{host} leads into a private network; list it as private:{host}")
    return addresses[0]


def ask(
    settings: PollSettings, secret: str, hosts: Collection[str], private: Collection[str]
) -> bytes:
    """The body of an answer with status 200.

    Raises:
        NotAnswered: the host is not listed, does not answer in time, answers otherwise, too much.
    """
    headers = {"Accept": settings.accept}
    if settings.secret_header and secret:
        headers[settings.secret_header] = secret
    status, body = _exchange("GET", settings.url, headers, None, settings.timeout_s, hosts, private)
    if status != httpx.codes.OK:
        raise NotAnswered(f"{urlsplit(settings.url).hostname} answered {status}")
    return body


def tell(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    timeout_s: float,
    hosts: Collection[str],
    private: Collection[str],
) -> None:
    """Post something to another house that takes it with a status of 2xx.

    Raises:
        NotAnswered: the host is not listed, does not answer in time, or refuses.
    """
    status, _ = _exchange("POST", url, headers, body, timeout_s, hosts, private)
    if not 200 <= status < 300:
        raise NotAnswered(f"{urlsplit(url).hostname} answered {status}")


def _exchange(
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | None,
    timeout_s: float,
    hosts: Collection[str],
    private: Collection[str],
) -> tuple[int, bytes]:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host not in hosts:
        raise NotAnswered(f"{host} is not on this node's list of hosts")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    pinned = address_of(host, port, private)
    shown = f"[{pinned}]" if ":" in pinned else pinned
    address = parts._replace(netloc=f"{shown}:{port}").geturl()
    sent = {**headers, "Host": parts.netloc, "User-Agent": "chengyun"}
    try:
        with (
            httpx.Client(timeout=timeout_s, follow_redirects=False, trust_env=False) as client,
            client.stream(
                method,
                address,
                headers=sent,
                content=content,
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            body = b""
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > ANSWER_MAX:
                    raise NotAnswered(f"{host} answered more than {ANSWER_MAX >> 20} MiB")
            return answer.status_code, body
    except httpx.HTTPError as error:
        raise NotAnswered(f"{host}: {type(error).__name__} {error}"[:300]) from None
