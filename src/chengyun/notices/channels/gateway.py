"""HTTP gateways of SMS and government messengers: the shape of their JSON is data, not program.

A file `gateways/<channel>.yaml` in the data folder (or where CHENGYUN_GATEWAYS points) says where
to post and how; without it the local sink keeps what would have been sent.
"""

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import httpx
import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field

from chengyun.kernel.text import Json, JsonObject
from chengyun.notices.decide.outgoing import Answer, Outgoing

TIMEOUT_S = 10.0
ANSWER_MAX = 64 * 1024
CARRIED = ("sms", "gov_im")
_NAME = re.compile(r"\{(\w+)\}")


class Gateway(BaseModel):
    """How one gateway wants it.

    `headers` and `body` may hold {phone}, {title}, {text}, {link}, {key} and {secret} (the value of
    the environment variable `secret_from`). Dots lead into the answer's JSON: `receipt` to the
    provider's number of the message, `success` to a value that must be one of `success_values`.
    `receipts_from` names the environment variable of the secret that later receipts are signed by.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, Field(pattern=r"^https?://")]
    headers: dict[str, str] = {}
    body: JsonObject
    secret_from: str = ""
    receipt: str = ""
    success: str = ""
    success_values: tuple[str, ...] = ()
    receipts_from: str = ""


def gateway_of(channel: str) -> Gateway | None:
    """The gateway that is connected, None where none is.

    Raises:
        ValueError: its file is wrong.
    """
    path = Path(settings.GATEWAYS_DIR) / f"{channel}.yaml"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(path, changed)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Gateway:
    return Gateway.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def receipts_secret(channel: str) -> str:
    """What a provider signs its receipts with; empty where none are taken."""
    try:
        gateway = gateway_of(channel) if channel in CARRIED else None
    except (ValueError, yaml.YAMLError):
        return ""
    if gateway is None or not gateway.receipts_from:
        return ""
    return os.environ.get(gateway.receipts_from, "")


class ByGateway:
    """A channel that reaches phones through a gateway."""

    outside = True

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def send(self, out: Outgoing) -> Answer:
        """Post it to the gateway, or let it sink."""
        if not out.phone:
            return Answer("failed", error="no number")
        try:
            gateway = gateway_of(self._channel)
        except (ValueError, yaml.YAMLError):
            return Answer("later", error=f"gateways/{self._channel}.yaml is wrong")
        if gateway is None:
            return Answer("sent", receipt=f"sink:{out.key}", sunk=True)
        return _post(gateway, out)


def _post(gateway: Gateway, out: Outgoing) -> Answer:
    title, body = out.words()
    values = {
        "phone": out.phone,
        "title": title,
        "text": body,
        "link": out.link,
        "key": out.key,
        "secret": os.environ.get(gateway.secret_from, "") if gateway.secret_from else "",
    }
    try:
        answer = httpx.post(
            gateway.url,
            json=_filled(gateway.body, values),
            headers={name: _words(said, values) for name, said in gateway.headers.items()},
            timeout=TIMEOUT_S,
            follow_redirects=False,
        )
    except httpx.HTTPError as fault:
        return Answer("later", error=type(fault).__name__)
    if answer.status_code >= 500 or answer.status_code in {408, 429}:
        return Answer("later", error=f"HTTP {answer.status_code}")
    if answer.status_code >= 300:
        return Answer("failed", error=f"HTTP {answer.status_code}")
    return _read_answer(gateway, answer)


def _read_answer(gateway: Gateway, answer: httpx.Response) -> Answer:
    said: Json = None
    if gateway.receipt or gateway.success:
        try:
            said = answer.json() if len(answer.content) <= ANSWER_MAX else None
        except ValueError:
            return Answer("later", error="the answer is no JSON")
    if gateway.success and _at(said, gateway.success) not in gateway.success_values:
        return Answer("failed", error="the gateway refused it")
    return Answer("sent", receipt=_at(said, gateway.receipt)[:200] if gateway.receipt else "")


def _at(said: Json, path: str) -> str:
    for step in path.split("."):
        if isinstance(said, dict):
            said = said.get(step)
        elif isinstance(said, list) and step.isdecimal() and int(step) < len(said):
            said = said[int(step)]
        else:
            return ""
    return "" if said is None else str(said)


def _words(said: str, values: dict[str, str]) -> str:
    return _NAME.sub(lambda found: values.get(found[1], found[0]), said)


def _filled(shape: Json, values: dict[str, str]) -> Json:
    if isinstance(shape, str):
        return _words(shape, values)
    if isinstance(shape, dict):
        return {name: _filled(part, values) for name, part in shape.items()}
    if isinstance(shape, list):
        return [_filled(part, values) for part in shape]
    return shape
