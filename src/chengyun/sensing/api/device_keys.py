"""Credentials of devices."""

from uuid import UUID

from django.conf import settings
from ninja import Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.sensing.reads import device_keys as keys
from chengyun.sensing.schemas import device_keys as schemas
from chengyun.sensing.schemas.words import Code
from chengyun.sensing.verbs import device_keys

router = Router()


@router.get("/device-keys", response=schemas.DeviceKeysOut, operation_id="device_keys")
def list_keys(request: Request, thing: Code | None = None) -> JsonObject:
    """Credentials of things in sight."""
    found = keys.device_keys(request.actor, thing=thing)
    return {"items": [keys.device_key_view(row) for row in found]}


@router.post(
    "/device-keys", response={201: schemas.NewDeviceKeyOut}, operation_id="issue_device_key"
)
def issue_key(request: Request, data: schemas.DeviceKeyIn) -> Status[JsonObject]:
    """Issue a credential for a thing. Its password is shown once."""
    said = device_keys.issue_device_key(request.actor, now=request.now, **data.model_dump())
    return Status(201, {**said, "mqtt": settings.MQTT_URL})


@router.post(
    "/device-keys/{uuid:key_id}/rotation",
    response={201: schemas.NewDeviceKeyOut},
    operation_id="rotate_device_key",
)
def rotate_key(request: Request, key_id: UUID, data: schemas.RotationIn) -> Status[JsonObject]:
    """A second credential for the same thing; revoke the first when the device has the new one."""
    said = device_keys.rotate_device_key(
        request.actor, now=request.now, device_key=key_id, days=data.days
    )
    return Status(201, {**said, "mqtt": settings.MQTT_URL})


@router.delete("/device-keys/{uuid:key_id}", response={204: None}, operation_id="revoke_device_key")
def revoke_key(request: Request, key_id: UUID) -> Status[None]:
    """End a credential; the device's connection is cut within two seconds."""
    key = idempotency_key(request)
    device_keys.revoke_device_key(request.actor, now=request.now, key=key, device_key=key_id)
    return Status(204, None)
