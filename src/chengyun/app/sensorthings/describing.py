"""The service root (18-088 §9.2.1): entity sets and the requirements that are met."""

from chengyun.app.sensorthings.model import SETS
from chengyun.kernel.text import JsonObject

_SPEC = "http://www.opengis.net/spec/iot_sensing/1.1"
CONFORMS = [
    *(
        f"{_SPEC}/{part}"
        for part in (
            "datamodel",
            "datamodel/thing",
            "datamodel/location",
            "datamodel/historical-location",
            "datamodel/datastream",
            "datamodel/sensor",
            "datamodel/observed-property",
            "datamodel/observation",
            "datamodel/feature-of-interest",
            "resource-path",
            "resource-path/resource-path-to-entities",
            "request-data",
            "request-data/order",
            "request-data/expand",
            "request-data/expand2",
            "request-data/select",
            "request-data/top",
            "request-data/skip",
            "request-data/count",
            "request-data/filter",
            "request-data/built-in-filter-operations",
            "request-data/built-in-query-functions",
            "request-data/pagination",
            "request-data/status-codes",
            "create-update-delete",
            "create-update-delete/create-entity",
            "create-update-delete/link-to-existing-entities",
            "create-update-delete/deep-insert",
            "create-update-delete/deep-insert-status-code",
            "create-update-delete/historical-location-auto-creation",
            "create-update-delete/update-entity",
            "create-update-delete/update-entity-put",
            "create-update-delete/delete-entity",
            "data-array/data-array",
        )
    ),
    "urn:chengyun:sensorthings:aggregate",
]


def service(root: str) -> JsonObject:
    """The root document."""
    return {
        "value": [{"name": name, "url": f"{root}/{name}"} for name in SETS],
        "serverSettings": {
            "conformance": CONFORMS,
            f"{_SPEC}/data-array/data-array": {"endpoints": [f"{root}/CreateObservations"]},
        },
    }
