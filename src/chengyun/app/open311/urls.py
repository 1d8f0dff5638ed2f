"""Addresses below /open311/v2."""

from django.urls import URLPattern, path

from chengyun.app.open311 import views

urlpatterns: list[URLPattern] = [
    path("discovery.<str:form>", views.discovery),
    path("services.<str:form>", views.services),
    path("services/<path:code>.<str:form>", views.service),
    path("requests.<str:form>", views.requests),
    path("requests/<str:number>/updates.<str:form>", views.request_updates),
    path("requests/<str:number>.<str:form>", views.request_by_id),
    path("tokens/<str:code>.<str:form>", views.token),
    path("servicerequestupdates.<str:form>", views.updates),
]
