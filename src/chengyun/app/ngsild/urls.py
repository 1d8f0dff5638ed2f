"""Addresses below /ngsi-ld/v1."""

from django.urls import URLPattern, path

from chengyun.app.ngsild import (
    attributes,
    batches,
    hosting,
    instances,
    names,
    queries,
    subscriptions,
    temporal,
    views,
)

_OPERATIONS = {
    "create": batches.create_many,
    "upsert": batches.upsert_many,
    "update": batches.update_many,
    "merge": batches.merge_many,
    "delete": batches.delete_many,
    "query": queries.query,
}

urlpatterns: list[URLPattern] = [
    path("entities", views.entities),
    path("entities/", views.entities),
    path("entities/<str:name>", views.entity),
    path("entities/<str:name>/attrs", views.attributes),
    path("entities/<str:name>/attrs/", views.attributes),
    path("entities/<str:name>/attrs/<path:attr>", attributes.attribute),
    *(path(f"entityOperations/{name}", view) for name, view in _OPERATIONS.items()),
    path("types", names.types),
    path("types/<path:name>", names.type_),
    path("attributes", names.attributes),
    path("attributes/<path:name>", names.attribute),
    path("subscriptions", subscriptions.subscriptions),
    path("subscriptions/", subscriptions.subscriptions),
    path("subscriptions/<str:name>", subscriptions.subscription),
    path("jsonldContexts", hosting.contexts),
    path("jsonldContexts/<path:name>", hosting.context_),
    path("temporal/entities", temporal.entities),
    path("temporal/entities/", temporal.entities),
    path("temporal/entities/<str:name>", temporal.entity),
    path("temporal/entities/<str:name>/attrs", temporal.attributes),
    path("temporal/entities/<str:name>/attrs/", temporal.attributes),
    path("temporal/entities/<str:name>/attrs/<str:attr>", instances.attribute),
    path("temporal/entities/<str:name>/attrs/<str:attr>/<str:instance>", instances.instance),
    path("temporal/entityOperations/query", temporal.query),
]
