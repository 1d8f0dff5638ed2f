"""The other houses: a mail server, a push service and a gateway that are really listened to."""

import base64
import json
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class MailHouse:
    """A mail server that keeps what it gets; `says` is what it answers to a message."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.says = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        if self.says.startswith("250"):
            made = message_from_bytes(envelope.content, policy=default)
            assert isinstance(made, EmailMessage)
            self.letters.append(made)
        return self.says

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Know nobody called nobody."""
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class Post(Controller):
    """The server's thread, on a port the system picks."""

    def _trigger_server(self) -> None:
        # The library asks port 0 itself; the system's answer is known once it listens.
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class HttpHouse:
    """A server that keeps every request and answers what it was told."""

    status: int = 201
    answer: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    location: str = ""

    def __post_init__(self) -> None:
        house = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                house.asked.append((self.path, headers, body))
                said = json.dumps(house.answer).encode()
                self.send_response(house.status)
                if house.location:
                    self.send_header("Location", house.location)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()


class Browser:
    """A browser's side of a push subscription: it alone can open what is pushed."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = b"0123456789abcdef"

    def subscription(self) -> dict[str, Any]:
        """What PushManager.subscribe gives."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": self.endpoint,
            "keys": {"p256dh": _b64(point), "auth": _b64(self._auth)},
            "browser": "Test",
        }

    def opened(self, body: bytes) -> dict[str, Any]:
        """The message of a push."""
        plain = http_ece.decrypt(
            body, private_key=self._key, auth_secret=self._auth, version="aes128gcm"
        )
        found: dict[str, Any] = json.loads(plain)
        return found


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
