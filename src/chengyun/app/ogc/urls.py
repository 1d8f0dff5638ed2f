"""Addresses below /ogc."""

from django.urls import URLPattern, path

from chengyun.app.ogc import views

_ONE = "/collections/<str:name>"
_TILES = f"{_ONE}/tiles"
_MATRIX = f"{_TILES}/<str:matrix>"

urlpatterns: list[URLPattern] = [
    path("", views.landing),
    path("/", views.landing),
    path("/api", views.api),
    path("/conformance", views.conformance),
    path("/collections", views.collections),
    path(_ONE, views.collection),
    path(f"{_ONE}/queryables", views.queryables),
    path(f"{_ONE}/items", views.features),
    path(f"{_ONE}/items/<path:feature_id>", views.feature),
    path(_TILES, views.tile_sets),
    path(_MATRIX, views.tile_set),
    path(f"{_MATRIX}/<int:z>/<int:row>/<int:column>", views.tile),
    path("/tileMatrixSets", views.matrix_sets),
    path("/tileMatrixSets/<str:matrix>", views.matrix_set),
]
