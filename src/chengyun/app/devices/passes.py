"""The answer to "may this client enter?": a signed pass with the topics it opens, or a refusal.

The broker's side is NATS' auth callout; the pass is a JSON web token signed with our issuer key.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from chengyun.app.devices.keys import ACCOUNT, BrokerKeys

_HEAD = {"typ": "JWT", "alg": "ed25519-nkey"}
# A device needs its commands and what the broker delivers quality 1 by.
SUBSCRIPTIONS_MAX = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """Who knocks, as the broker tells it."""

    server: str
    nkey: str
    kind: str
    client: str
    address: str
    user: str
    password: str


class NoRequest(Exception):
    """The message is no request of the broker."""


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def asked(token: bytes) -> Asked:
    """Read the broker's request. It came over a subject that only the broker may use.

    Raises:
        NoRequest: it is something else.
    """
    try:
        body = token.split(b".")[1]
        claims = orjson.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))["nats"]
        options, client = claims["connect_opts"], claims["client_info"]
        return Asked(
            server=claims["server_id"]["id"],
            nkey=claims["user_nkey"],
            kind=client.get("type", ""),
            client=client.get("mqtt_id", ""),
            address=client.get("host", ""),
            user=options.get("user", ""),
            password=options.get("pass", ""),
        )
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise NoRequest from error


def _signed(keys: BrokerKeys, claims: Mapping[str, Any], now: datetime) -> str:
    whole = {**claims, "iss": keys.issuer, "iat": int(now.timestamp())}
    mark = hashlib.sha256(orjson.dumps(whole)).digest()
    whole["jti"] = base64.b32encode(mark).decode().rstrip("=")
    said = f"{_base64(orjson.dumps(_HEAD))}.{_base64(orjson.dumps(whole))}"
    return f"{said}.{_base64(keys.signing.sign(said.encode()))}"


def _answer(keys: BrokerKeys, who: Asked, said: Mapping[str, Any], now: datetime) -> bytes:
    body = {**said, "type": "authorization_response", "version": 2}
    claims = {"sub": who.nkey, "aud": who.server, "nats": body}
    return _signed(keys, claims, now).encode()


def refusal(keys: BrokerKeys, who: Asked, reason: str, now: datetime) -> bytes:
    """The answer that keeps a client out; the broker logs the reason."""
    return _answer(keys, who, {"error": reason}, now)


def admission(keys: BrokerKeys, who: Asked, code: str, until: datetime, now: datetime) -> bytes:
    """The answer that lets a device in, as itself alone: its own topics to speak, its own commands
    to hear. A will and a retained message need the same right as any other publication.
    """
    rights = {
        # One level below: `things/<code>/<datastream>` or `things/<code>/batch`.
        "pub": {"allow": [f"things.{code}.*"]},
        "sub": {"allow": [f"commands.{code}", f"commands.{code}.>", "$MQTT.sub.>"]},
        "subs": SUBSCRIPTIONS_MAX,
        "data": -1,
        "payload": -1,
        "allowed_connection_types": ["MQTT"],
        "type": "user",
        "version": 2,
    }
    pass_ = _signed(
        keys,
        {
            "sub": who.nkey,
            "name": code,
            "aud": ACCOUNT,
            "exp": int(until.timestamp()),
            "nats": rights,
        },
        now,
    )
    return _answer(keys, who, {"jwt": pass_}, now)
