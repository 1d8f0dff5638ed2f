"""What a feed may be declared as: how it is reached, and what must be true of that."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

Word = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
# What a feed's protocol may be; `mapped` needs a mapping.
FEED_PROTOCOLS = ("mapped", "mqtt_json", "senml", "video_events", "gtfs_realtime")
ANSWER_MAX = 8 * 1024 * 1024


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PollSettings(_Strict):
    """An address we ask: how often, how long we wait, what we send along."""

    url: Annotated[str, Field(max_length=2_000)]
    every_s: Annotated[int, Field(ge=5, le=86_400)] = 60
    timeout_s: Annotated[float, Field(gt=0, le=30)] = 10.0
    accept: Word = "application/json"
    # The header the secret goes in; empty: none is sent.
    secret_header: Annotated[str, Field(pattern=r"^[A-Za-z-]{0,40}$")] = ""

    @field_validator("url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError("is no http(s) address without a user name")
        return value


class BrokerSettings(_Strict):
    """Another house's MQTT broker. `topic` says which level is thing and which datastream."""

    url: Annotated[str, Field(max_length=500)]
    topic: Annotated[str, Field(max_length=300)]
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    username: Word = ""
    qos: Literal[0, 1, 2] = 1

    @field_validator("url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname or parts.username:
            raise ValueError("is no mqtt(s) address without a user name")
        return value


class WebhookSettings(_Strict):
    """A door of ours that another house calls: there is nothing to set."""


SETTINGS: dict[str, type[_Strict]] = {
    "poll": PollSettings,
    "broker": BrokerSettings,
    "webhook": WebhookSettings,
}


def filter_of(topic: str) -> str:
    """What to subscribe to for a topic such as `site/{thing}/up/{stream}`."""
    return topic.replace("{thing}", "+").replace("{stream}", "+")


def named(topic: str, pattern: str) -> tuple[str, str]:
    """Thing and datastream that a topic names by a pattern; empty where it names none."""
    levels = zip(pattern.split("/"), topic.split("/"), strict=False)
    found = {part: level for part, level in levels if part in ("{thing}", "{stream}")}
    return found.get("{thing}", ""), found.get("{stream}", "")


def pause_after(failures: int, every_s: int) -> int:
    """Seconds until the next try after so many failures in a row: doubled, at most an hour."""
    return int(min(3_600, every_s * 2 ** min(failures, 10)))


def host_of(settings: dict[str, Any]) -> str:
    """The host a feed's settings lead to, empty for a webhook."""
    return (urlsplit(str(settings.get("url", ""))).hostname or "").lower()
