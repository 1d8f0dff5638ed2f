"""What a feed's settings and mapping must be."""

from collections.abc import Collection
from typing import Any

from pydantic import ValidationError

from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.feeds import FEED_PROTOCOLS, SETTINGS, host_of
from chengyun.sensing.decide.mapping import Mapping


def faults_of(field: str, error: ValidationError) -> list[FieldError]:
    return [
        FieldError(".".join([field, *map(str, one["loc"])]), one["msg"], one["type"])
        for one in error.errors()
    ]


def checked(
    kind: str,
    protocol: str,
    mapping: dict[str, Any],
    settings: dict[str, Any],
    hosts: Collection[str],
) -> tuple[JsonObject, JsonObject]:
    """Mapping and settings as they are kept.

    Raises:
        Invalid: names every field at fault.
    """
    faults = []
    if kind not in SETTINGS:
        raise Invalid([FieldError("kind", f"is one of {', '.join(SETTINGS)}", "unknown_kind")])
    if protocol not in FEED_PROTOCOLS:
        said = f"is one of {', '.join(FEED_PROTOCOLS)}"
        faults.append(FieldError("protocol", said, "unknown_protocol"))
    kept_mapping: JsonObject = dict(mapping)
    kept: JsonObject = {}
    if protocol == "mapped":
        try:
            read = Mapping.model_validate(mapping)
            kept_mapping = read.model_dump(mode="json", exclude_defaults=True)
        except ValidationError as error:
            faults += faults_of("mapping", error)
    elif set(mapping) - {"prefix"}:
        said = "only `mapped` has one; others take `prefix` alone"
        faults.append(FieldError("mapping", said, "no_mapping"))
    try:
        kept = SETTINGS[kind].model_validate(settings).model_dump(mode="json")
    except ValidationError as error:
        faults += faults_of("settings", error)
    host = host_of(kept)
    if host and host not in hosts:
        said = f"{host} is not on this node's list of hosts (CHENGYUN_FEED_HOSTS)"
        faults.append(FieldError("settings.url", said, "host_not_allowed"))
    if faults:
        raise Invalid(faults)
    return kept_mapping, kept
