"""Addresses below /sta/v1.1."""

from django.urls import URLPattern, path

from chengyun.app.sensorthings import views

urlpatterns: list[URLPattern] = [
    path("", views.root),
    path("/", views.root),
    path("/CreateObservations", views.create_observations),
    path("/<path:said>", views.resource),
]
